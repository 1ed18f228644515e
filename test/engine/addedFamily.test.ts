/** A family from outside `core/families`, through its record alone: a half-normal response with its scale log-linear in the covariates. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FamilyRecord } from '../../core/families/family.ts';
import { addFamily } from '../../core/families/index.ts';
import { exp, log } from '../../core/math/elementary.ts';
import { normalCdf } from '../../core/math/gamma.ts';
import { Rng } from '../../core/math/rng.ts';
import type { FitReport } from '../../core/posterior/report.ts';
import type { Family } from '../../core/spec/types.ts';
import { Preparer } from '../../engine/read/prepare.ts';
import { fitSpec } from '../../engine/sample/fit.ts';
import { Folder } from '../sources/folder.ts';

/** E|Z|. */
const MEAN = Math.sqrt(2 / Math.PI);

const halfNormal: FamilyRecord = {
  // A name that the program does not know until now.
  name: 'half_normal_response' as Family,
  synonyms: ['foldednormal'],
  description: 'Positive numbers that crowd at 0; log link.',
  parts: [],
  required: null,
  measured: false,
  own: [],
  counts: () => false,
  moreVariable: null,
  fault: (column) => (column.min < 0 ? { kind: 'min', needs: 'it needs numbers from 0 up' } : null),
  centre: (mean) => log(mean / MEAN),
  notation: { distribution: 'HalfNormal(sigma[i])', predictor: 'log(sigma[i])' },
  discrete: false,
  link: 'log',
  logConcave: true,
  logLikelihood: (y, eta) => (y < 0 ? Number.NEGATIVE_INFINITY : 0.5 * log(2 / Math.PI) - eta - 0.5 * (y * exp(-eta)) ** 2),
  score(y, eta, _aux, out) {
    out.eta = (y * exp(-eta)) ** 2 - 1;
  },
  information: () => 2,
  scaleInformation: () => 0,
  inverseLink: exp,
  mean: (eta) => MEAN * exp(eta),
  variance: (eta) => (1 - MEAN * MEAN) * exp(2 * eta),
  draw: (rng, eta) => Math.abs(exp(eta) * rng.normal()),
  cdf: (y, eta) => (y < 0 ? 0 : 2 * normalCdf(y * exp(-eta)) - 1),
  freeSide: () => 0,
  located: null,
  many: null,
  likelihood: 'plain',
};

const folder = new Folder();
afterAll(() => folder.remove());

const rng = Rng.of(21, 3);
const rows = Array.from({ length: 24 }, (_, i) => ({
  group: i % 2 === 0 ? 'a' : 'b',
  y: Math.abs((i % 2 === 0 ? 2 : 0.5) * rng.normal()),
}));
const spec = (table: string) => ({
  data: table,
  response: 'y',
  group: 'group',
  family: 'half_normal_response',
  priors: { intercept: 'normal(0, 2)' },
  predictions: [{ group: 'b' }],
});

async function fitOf(table: string) {
  const text = JSON.stringify(spec(table));
  const watch = { progress: () => {}, stop: new Int32Array(1) };
  return fitSpec(
    new Preparer(),
    { path: folder.specPath, text, roots: [folder.path] },
    { overrides: { chains: 2, warmup: 200, draws: 500 }, priorOnly: false },
    watch,
  );
}

/** Mean and sd of log sigma in a group, by quadrature. */
function exact(group: string): { readonly mean: number; readonly sd: number } {
  const own = rows.filter((r) => r.group === group);
  const squares = own.reduce((sum, r) => sum + r.y * r.y, 0);
  const step = 1e-3;
  let [mass, first, second] = [0, 0, 0];
  for (let eta = -6; eta < 6; eta += step) {
    const p = Math.exp(-own.length * eta - 0.5 * squares * Math.exp(-2 * eta) - eta ** 2 / 8 + (group === 'a' ? 40 : 0));
    mass += p;
    first += p * eta;
    second += p * eta * eta;
  }
  return { mean: first / mass, sd: Math.sqrt(second / mass - (first / mass) ** 2) };
}

describe('a family that a test adds', () => {
  let report: FitReport;
  beforeAll(async () => {
    addFamily(halfNormal);
    folder.write('half.csv', `group,y\n${rows.map((r) => `${r.group},${r.y}`).join('\n')}\n`);
    const result = await fitOf('half.csv');
    if (result.kind !== 'fitted') throw new Error(JSON.stringify(result));
    report = result.state.report;
  });

  it.each(['a', 'b'])('has the posterior of quadrature in group %s', (group) => {
    const found = report.parameters.find((p) => p.name === `alpha[${group}]`)!;
    if (found.masked) throw new Error('It has draws.');
    const { mean, sd } = exact(group);
    expect(Math.abs(found.mean! - mean)).toBeLessThan(5 * found.mcse_mean!);
    expect(Math.abs(found.sd! - sd)).toBeLessThan(5 * found.mcse_sd!);
    expect(report.verdict.trustworthy).toBe(true);
  });

  it('is checked and predicted as any other', () => {
    expect(report.loo!.elpd).toBeLessThan(0);
    const [b] = report.predictions;
    expect(b.mu.mean! / (MEAN * Math.exp(exact('b').mean))).toBeCloseTo(1, 0);
    expect(b.lower).toBeGreaterThan(0);
  });

  it('refuses what it cannot have, and is offered for another word of it', async () => {
    folder.write('below.csv', 'group,y\na,1\na,2\nb,-3\nb,1\n');
    const below = await fitOf('below.csv');
    expect(below.kind === 'refused' && below.problems.map((p) => p.message).join()).toContain('has the value -3 in line 4');
  });
});
