/** Leaving rows and groups out, as a whole fit reports it: what is called exact is, and what is not is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FitReport } from '../../../core/posterior/report.ts';
import { Engine } from '../../../engine/engine.ts';
import type { EngineAnswer } from '../../../protocol/engine.ts';
import { Folder } from '../../sources/folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

async function reportOf(spec: object, csv: string): Promise<FitReport> {
  folder.write('d.csv', csv);
  const answers: EngineAnswer[] = [];
  const engine = new Engine((answer) => answers.push(answer));
  const base = { data: 'd.csv', response: 'y', group: 'g', covariates: [], mask: 'auto', sampler: { chains: 4, warmup: 300, draws: 1000 } };
  const source = { path: folder.specPath, text: JSON.stringify({ ...base, ...spec }), roots: [] };
  await engine.handle({ kind: 'fit', id: 1, source, overrides: {}, priorOnly: false });
  const last = answers.at(-1)!;
  if (last.kind !== 'fitted') throw new Error(JSON.stringify(last));
  return last.report;
}

const Y: Readonly<Record<string, readonly number[]>> = {
  A: [1.2, 0.3, 2.9, 1.7, 0.8],
  B: [4.1, 3.2, 3.9, 5.5, 2.2],
  C: [-0.4, 0.9, 0.1, 1.4, -1.1],
};
const csvOf = (groups: string): string => `g,y\n${[...groups].flatMap((g) => Y[g].map((y) => `${g},${y}`)).join('\n')}\n`;

/** log of ∫ over log σ of a half-normal(2) prior times p(y | σ) with coefficients ~ N(m, s²) integrated out. */
function logOverScale(y: readonly number[], m: number, s: number): number {
  const n = y.length;
  const mean = y.reduce((a, b) => a + b, 0) / n;
  const squares = y.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  let sum = 0;
  for (let u = -5; u <= 6; u += 0.02) {
    const v = Math.exp(2 * u);
    const total = s * s + v / n;
    const likelihood =
      -0.5 * (n - 1) * Math.log(2 * Math.PI * v) - 0.5 * Math.log(n) - squares / (2 * v) - 0.5 * Math.log(2 * Math.PI * total);
    const prior = Math.log(2) - 0.5 * Math.log(2 * Math.PI) - Math.log(2) - v / 8 + u;
    sum += Math.exp(likelihood - (mean - m) ** 2 / (2 * total) + prior) * 0.02;
  }
  return Math.log(sum);
}

describe('a scale by group', () => {
  const priors = { intercept: 'normal(0, 5)', scale: { prior: 'half_normal(2)', by: 'group' } };

  it('without pooling is exact', async () => {
    const { loo, groups_out } = await reportOf({ priors }, csvOf('AB'));
    expect(loo).toMatchObject({ method: 'exact', doubtful: 0 });
    expect(groups_out).toMatchObject({ method: 'exact', mcse: 0 });
    for (const { group, elpd, doubtful } of groups_out!.groups) {
      expect(doubtful).toBeUndefined();
      expect(elpd).toBeCloseTo(logOverScale(Y[group], 0, 5), 5);
    }
    const rows = [...'AB'].flatMap((g) => Y[g].map((_, i) => logOverScale(Y[g], 0, 5) - logOverScale(Y[g].toSpliced(i, 1), 0, 5)));
    expect(loo!.elpd).toBeCloseTo(
      rows.reduce((a, b) => a + b),
      5,
    );
  });

  it('with pooling is no more exact than it says', async () => {
    const spec = { pooling: 'partial', priors: { ...priors, intercept_sd: 1.5 } };
    const { loo, groups_out } = await reportOf(spec, csvOf('ABC'));
    expect(loo!.method).toBe('integrated');
    expect(groups_out).toMatchObject({ method: 'integrated' });
    expect(groups_out!.mcse).toBeGreaterThan(0);
    /** log ∫ N(mu; 0, 5²) Π_g p(y_g | mu) d mu. */
    const evidence = (of: readonly (readonly number[])[]): number => {
      let sum = 0;
      for (let mu = -20; mu <= 20; mu += 0.1)
        sum += 0.1 * Math.exp(of.reduce((at, y) => at + logOverScale(y, mu, 1.5), -0.5 * Math.log(2 * Math.PI * 25) - mu ** 2 / 50));
      return Math.log(sum);
    };
    const all = [...'ABC'];
    const whole = evidence(all.map((g) => Y[g]));
    for (const { group, elpd, doubtful } of groups_out!.groups) {
      expect(doubtful).toBeUndefined();
      expect(Math.abs(elpd - (whole - evidence(all.filter((g) => g !== group).map((g) => Y[g]))))).toBeLessThan(0.15);
    }
    let rows = 0;
    for (const g of all) for (const i of Y[g].keys()) rows += whole - evidence(all.map((h) => (h === g ? Y[h].toSpliced(i, 1) : Y[h])));
    expect(Math.abs(loo!.elpd - rows)).toBeLessThan(0.5);
  });
});

describe('a flat scale', () => {
  it('of two rows more than flat coefficients has no leave-one-out, and says so', async () => {
    const priors = { intercept: 'flat()', scale: 'flat()' };
    const { loo, groups_out, verdict } = await reportOf({ priors }, 'g,y\nA,1\nA,2\nA,4\n');
    expect([loo, groups_out]).toEqual([null, null]);
    expect(verdict.notes!.join(' ')).toContain('Leave-one-out has no value: without one of 3 rows (1, 2, 3)');
    const more = await reportOf({ priors }, 'g,y\nA,1\nA,2\nA,4\nA,5.5\n');
    expect(more.loo).toMatchObject({ method: 'exact' });
    expect((more.verdict.notes ?? []).join(' ')).not.toContain('Leave-one-out');
  });
});
