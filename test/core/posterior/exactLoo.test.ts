import { describe, expect, it } from 'vitest';
import { groupStatistics } from '../../../core/data/statistics.ts';
import { CollapsedModel } from '../../../core/model/collapsed/model.ts';
import type { Design, Rows } from '../../../core/model/design.ts';
import { logPrior } from '../../../core/model/priors.ts';
import { leaveGroupsOut, leaveRowsOut } from '../../../core/posterior/exactLoo.ts';
import { scaleNodes } from '../../../core/posterior/scaleNodes.ts';
import type { Distribution, Pooling, Prior } from '../../../core/spec/types.ts';
import { toEnd } from '../../../core/steps.ts';
import { gaussianDesign, gaussianRows } from '../model/gaussianCase.ts';
import { logMarginalByRows } from '../model/gaussianMarginal.ts';
import { listParameters } from './fixtures.ts';
import { makeDraws } from './makeDraws.ts';

const NORMAL: Prior = { dist: 'normal', args: [0.5, 2] };
const TAU: Prior = { fixed: 0.8 };
const choice = (pooling: Pooling, prior: Prior = NORMAL) => ({ pooling, prior, sd: TAU });

function without(rows: Rows, out: (row: number) => boolean): Rows {
  const kept = [...rows.y.keys()].filter((i) => !out(i));
  const pick = (column: Float64Array): Float64Array => (column.length === 0 ? column : Float64Array.from(kept, (i) => column[i]));
  return { ...rows, n: kept.length, group: Int32Array.from(kept, (i) => rows.group[i]), x: rows.x.map(pick), y: pick(rows.y) };
}

const tausOf = (design: Design) => Float64Array.from(design.terms, (t) => (t.pooling === 'partial' ? 0.8 : Number.NaN));

describe.each([
  ['no pooling', choice('none'), [choice('none'), choice('none')]],
  ['partial pooling', choice('partial'), [choice('partial'), choice('none')]],
  ['complete pooling', choice('complete'), [choice('complete'), choice('none')]],
  ['a mixture, no intercept', null, [choice('partial'), choice('complete'), choice('none')]],
] as const)('leaving out at known scales, %s', (_, intercept, slopes) => {
  const design = gaussianDesign({ seed: 3, groups: 4, intercept, slopes, scale: { prior: { fixed: 1.3 }, by: 'all' } });
  const rows = gaussianRows(design, 25, 5);
  const model = new CollapsedModel(design, groupStatistics(design, rows));
  const nodes = { positions: [new Float64Array(0)], logWeight: null };
  const sigma = new Float64Array(4).fill(1.3);
  const marginal = (r: Rows) => logMarginalByRows(design, r, sigma, tausOf(design));

  it('a row is log p(y) − log p(y without it)', () => {
    const { elpd } = toEnd(leaveRowsOut(model, rows, nodes));
    for (let i = 0; i < rows.n; i++) expect(elpd[i]).toBeCloseTo(marginal(rows) - marginal(without(rows, (r) => r === i)), 9);
  });

  it('and so is a group', () => {
    const { elpd } = toEnd(leaveGroupsOut(model, nodes));
    for (let g = 0; g < 4; g++) expect(elpd[g]).toBeCloseTo(marginal(rows) - marginal(without(rows, (r) => rows.group[r] === g)), 9);
  });
});

describe('known standard deviations and frequency weights', () => {
  const design = gaussianDesign({
    seed: 3,
    groups: 3,
    intercept: choice('partial'),
    slopes: [choice('none'), choice('complete', { fixed: 0.7 })],
    scale: { prior: { fixed: 1.3 }, by: 'all' },
  });
  const rows = gaussianRows(design, 16, 5);
  const nodes = { positions: [new Float64Array(0)], logWeight: null };
  const modelOf = (d: Design, r: Rows) => new CollapsedModel(d, groupStatistics(d, r));
  const plain = modelOf(design, rows);

  it('equal standard deviations are a fixed scale', () => {
    const known: Design = { ...design, scale: null, response: { ...design.response, se: 's' } };
    const withSe: Rows = { ...rows, se: new Float64Array(rows.n).fill(1.3) };
    const model = modelOf(known, withSe);
    const expected = toEnd(leaveRowsOut(plain, rows, nodes)).elpd;
    toEnd(leaveRowsOut(model, withSe, nodes)).elpd.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 10);
    });
    const groups = toEnd(leaveGroupsOut(plain, nodes)).elpd;
    toEnd(leaveGroupsOut(model, nodes)).elpd.forEach((value, g) => {
      expect(value).toBeCloseTo(groups[g], 10);
    });
  });

  it('a weight of two is the row twice', () => {
    const twice = [...rows.y.keys(), 4];
    const pick = (column: Float64Array) => (column.length === 0 ? column : Float64Array.from(twice, (i) => column[i]));
    const doubled: Rows = {
      ...rows,
      n: twice.length,
      group: Int32Array.from(twice, (i) => rows.group[i]),
      x: rows.x.map(pick),
      y: pick(rows.y),
    };
    const weights = new Float64Array(rows.n).fill(1);
    weights[4] = 2;
    const weighted: Rows = { ...rows, weights };
    const a = toEnd(leaveRowsOut(modelOf(design, weighted), weighted, nodes)).elpd;
    const b = toEnd(leaveRowsOut(modelOf(design, doubled), doubled, nodes)).elpd;
    a.forEach((value, i) => {
      expect(value).toBeCloseTo(b[i], 10);
    });
    expect(b[rows.n]).toBeCloseTo(b[4], 10);
  });
});

describe('leaving out with a scale to integrate over', () => {
  const scale: Distribution = { dist: 'half_normal', args: [3] };
  const design = gaussianDesign({
    seed: 8,
    groups: 3,
    intercept: choice('none'),
    slopes: [choice('none')],
    scale: { prior: scale, by: 'all' },
  });
  const rows = gaussianRows(design, 18, 2);
  const model = new CollapsedModel(design, groupStatistics(design, rows));
  const parameters = listParameters(design);
  // Only where the scale is and how wide matters to the quadrature.
  const columns = parameters
    .filter((p) => !p.masked)
    .map((_, k) => Float64Array.from({ length: 40 }, (__, s) => Math.exp(0.6 + 0.2 * Math.sin(s * (k + 1)))));
  const nodes = scaleNodes(model, { design, parameters, draws: makeDraws(4, 10, columns) });

  /** log ∫ p(y | σ) p(σ) dσ by a fine trapezoid over log σ. */
  function evidence(r: Rows): number {
    const values: number[] = [];
    for (let u = -4; u <= 4; u += 0.01) {
      const s = Math.exp(u);
      values.push(logMarginalByRows(design, r, new Float64Array(3).fill(s), tausOf(design)) + logPrior(scale, s) + u);
    }
    const top = Math.max(...values);
    return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0) * 0.01);
  }

  it('rows agree with brute-force refits to 1e-8', () => {
    const { elpd, k } = toEnd(leaveRowsOut(model, rows, nodes));
    const all = evidence(rows);
    for (let i = 0; i < rows.n; i++) expect(Math.abs(elpd[i] - (all - evidence(without(rows, (r) => r === i))))).toBeLessThan(1e-8);
    expect(Math.max(...k)).toBe(0);
  });

  it('groups too', () => {
    const { elpd } = toEnd(leaveGroupsOut(model, nodes));
    const all = evidence(rows);
    for (let g = 0; g < 3; g++) expect(Math.abs(elpd[g] - (all - evidence(without(rows, (r) => rows.group[r] === g))))).toBeLessThan(1e-8);
  });
});

describe('leaving out by draws of several scales', () => {
  const tau: Distribution = { dist: 'half_normal', args: [1] };
  const design = gaussianDesign({
    seed: 8,
    groups: 3,
    intercept: { pooling: 'partial', prior: NORMAL, sd: tau },
    slopes: [],
    scale: { prior: tau, by: 'all' },
  });
  const rows = gaussianRows(design, 18, 2);
  const model = new CollapsedModel(design, groupStatistics(design, rows));
  const parameters = listParameters(design);

  it('has a small k-hat and is close to the answer of another set of draws', () => {
    const at = (seed: number) => {
      const columns = parameters.map((p, k) =>
        Float64Array.from({ length: 400 }, (_, s) => (p.kind === 'tau' ? 0.5 : 2) * Math.exp(0.15 * Math.sin((s + seed) * (k + 1.3)))),
      );
      return toEnd(leaveRowsOut(model, rows, scaleNodes(model, { design, parameters, draws: makeDraws(4, 100, columns) })));
    };
    const [a, b] = [at(1), at(501)];
    for (let i = 0; i < rows.n; i++) {
      expect(a.k[i]).toBeLessThan(0.7);
      expect(Math.abs(a.elpd[i] - b.elpd[i])).toBeLessThan(0.05);
    }
  });
});
