import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FitReport, ParameterSummary } from '../../core/posterior/report.ts';
import { Engine } from '../../engine/engine.ts';
import type { EngineAnswer } from '../../protocol/engine.ts';
import { Folder } from '../sources/folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

async function reportOf(spec: object, csv: string, priorOnly = false): Promise<FitReport> {
  folder.write('d.csv', csv);
  const answers: EngineAnswer[] = [];
  const engine = new Engine((answer) => answers.push(answer));
  const text = JSON.stringify({ data: 'd.csv', response: 'y', group: 'g', sampler: { chains: 4, warmup: 300, draws: 500 }, ...spec });
  await engine.handle({ kind: 'fit', id: 1, source: { path: folder.specPath, text, roots: [] }, overrides: {}, priorOnly });
  const last = answers.at(-1)!;
  if (last.kind !== 'fitted') throw new Error(JSON.stringify(last));
  return last.report;
}

const ROWS = `g,x,y\n${Array.from({ length: 24 }, (_, i) => `${'AB'[i % 2]},${(i * 7) % 5},${((i * 5) % 9) / 4 + (i % 2)}`).join('\n')}\n`;
const of = (report: FitReport, name: string): ParameterSummary => {
  const found = report.parameters.find((p) => p.name === name);
  if (found === undefined || found.masked) throw new Error(name);
  return found;
};

describe('E11: moments that do not exist are not numbers', () => {
  const priors = { intercept: 'cauchy(0, 1)', weights: 'student_t(2, 0, 1)' };
  const mask = { A: [1], B: [1], Empty: [1] };

  it('of a group without rows', async () => {
    const report = await reportOf({ covariates: ['x'], mask, priors }, ROWS);
    expect(of(report, 'alpha[Empty]')).toMatchObject({
      mean: null,
      sd: null,
      mcse_mean: null,
      mcse_sd: null,
      note: expect.stringContaining('no mean and no sd'),
    });
    expect(Math.abs(of(report, 'alpha[Empty]').median)).toBeLessThan(0.3);
    expect(of(report, 'alpha[Empty]').q95).toBeGreaterThan(4);
    const slope = of(report, 'w[x, Empty]');
    expect(slope).toMatchObject({ sd: null, mcse_mean: null, note: expect.stringContaining('no sd') });
    expect(slope.mean).toEqual(expect.any(Number));
    for (const name of ['alpha[A]', 'w[x, B]', 'scale']) {
      expect(of(report, name)).toMatchObject({ mean: expect.any(Number), sd: expect.any(Number), mcse_mean: expect.any(Number) });
      expect(of(report, name)).not.toHaveProperty('note');
    }
    expect(report.verdict.notes?.join(' ')).toContain('alpha[Empty], w[x, Empty] have no mean or sd');
    expect(report.verdict.flags.map((f) => f.id)).not.toContain('heavy_tails');
  });

  it('nor of predictions made of them', async () => {
    const predictions = [
      { group: 'Empty', at: { x: 1 } },
      { group: 'A', at: { x: 1 } },
    ];
    const report = await reportOf({ covariates: ['x'], mask, priors, predictions }, ROWS);
    expect(report.predictions[0]).toMatchObject({
      mean: null,
      sd: null,
      note: expect.stringContaining('no mean and no sd'),
      mu: { mean: null },
    });
    expect(report.predictions[1]).toMatchObject({ mean: expect.any(Number), sd: expect.any(Number), mu: { sd: expect.any(Number) } });
    expect(report.predictions[1]).not.toHaveProperty('note');
  });

  it('nor where the noise can grow with the coefficient', async () => {
    const flat = { covariates: [], mask: 'auto', priors: { intercept: 'flat()', scale: 'flat()' }, predictions: [{ group: 'A', at: {} }] };
    const report = await reportOf(flat, 'g,x,y\nA,0,1\nA,0,2\nA,0,4\n');
    expect(of(report, 'alpha[A]')).toMatchObject({ mean: null, sd: null });
    expect(of(report, 'scale')).toMatchObject({ mean: null, sd: null });
    expect(report.predictions[0]).toMatchObject({ mean: null, sd: null });
    const own = { covariates: [], mask: 'auto', priors: { intercept: 'flat()', scale: { prior: 'half_cauchy(1)', by: 'group' } } };
    const two = await reportOf(own, 'g,x,y\nA,0,1\nA,0,2\nB,0,4\nB,0,1\n');
    expect(of(two, 'alpha[B]')).toMatchObject({ mean: expect.any(Number), sd: null });
  });

  it('nor of draws of the priors alone', async () => {
    const report = await reportOf({ covariates: ['x'], priors }, ROWS, true);
    expect(of(report, 'alpha[A]')).toMatchObject({ mean: null, sd: null });
    expect(of(report, 'scale').mean).toEqual(expect.any(Number));
    expect(report.verdict.notes?.join(' ')).toContain('alpha[A]');
  });

  it('nor of predictions', { timeout: 60_000 }, async () => {
    const predictions = [
      { group: 'Empty', at: { x: 1 } },
      { group: 'Empty', at: { x: 0 } },
      { group: 'A', at: { x: 1 } },
    ];
    const report = await reportOf({ covariates: ['x'], mask, priors, predictions }, ROWS);
    const [empty, at0, sound] = report.predictions;
    for (const p of [empty, empty.mu, at0, at0.mu]) {
      expect([p.mean, p.sd]).toEqual([null, null]);
      expect([p.lower, p.upper].every(Number.isFinite)).toBe(true);
    }
    expect([sound.mean, sound.sd, sound.mu.mean, sound.mu.sd].every(Number.isFinite)).toBe(true);
    const slopes = await reportOf({ covariates: ['x'], mask, priors: { weights: 'student_t(2, 0, 1)' }, predictions }, ROWS);
    expect(slopes.predictions.map((p) => [p.mean !== null, p.sd !== null])).toEqual([
      [true, false],
      [true, true],
      [true, true],
    ]);
  });

  it('of counts, where the exponential of such a tail has no mean', { timeout: 60_000 }, async () => {
    const counts = ROWS.replace(/,[^,\n]*$/gm, (cell) => (cell === ',y' ? cell : `,${Math.round(4 * Number(cell.slice(1)))}`));
    const report = await reportOf(
      {
        covariates: ['x'],
        mask,
        family: 'poisson',
        priors: { weights: 'student_t(7, 0, 0.1)' },
        predictions: [
          { group: 'Empty', at: { x: 1 } },
          { group: 'A', at: { x: 1 } },
        ],
      },
      counts,
    );
    expect(report.predictions.map((p) => [p.mean !== null, p.sd !== null])).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it('of a set nu of 2', { timeout: 60_000 }, async () => {
    const report = await reportOf(
      { covariates: ['x'], family: 'student_t', priors: { nu: 2 }, predictions: [{ group: 'A', at: { x: 1 } }] },
      ROWS,
    );
    const [p] = report.predictions;
    expect([Number.isFinite(p.mean), Number.isFinite(p.sd), Number.isFinite(p.mu.sd)]).toEqual([true, false, true]);
  });
});
