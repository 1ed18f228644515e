import { describe, expect, it } from 'vitest';
import type { Design, Rows } from '../../../../core/design/design.ts';
import { logPrior } from '../../../../core/design/priors.ts';
import { groupStatistics } from '../../../../core/design/statistics.ts';
import { toEnd } from '../../../../core/math/steps.ts';
import { CollapsedModel } from '../../../../core/model/collapsed/model.ts';
import { leaveGroupsOut, leaveRowsOut } from '../../../../core/posterior/loo/exactLoo.ts';
import { unheldWithout } from '../../../../core/posterior/loo/remainder.ts';
import { scaleNodes } from '../../../../core/posterior/loo/scaleNodes.ts';
import type { Distribution, Pooling, Prior } from '../../../../core/spec/types.ts';
import { gaussianDesign, gaussianRows } from '../../model/gaussianCase.ts';
import { logMarginalByRows } from '../../model/gaussianMarginal.ts';
import { listParameters } from '../fixtures.ts';
import { makeDraws } from '../makeDraws.ts';

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
  const nodes = { kind: 'known', positions: [new Float64Array(0)], logWeight: null, logPrior: null } as const;
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
  const nodes = { kind: 'known', positions: [new Float64Array(0)], logWeight: null, logPrior: null } as const;
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

describe.each<[string, Prior, 'none' | 'flat']>([
  ['half_normal', { dist: 'half_normal', args: [3] }, 'none'],
  ['half_cauchy', { dist: 'half_cauchy', args: [1] }, 'none'],
  ['a normal cut at 0', { dist: 'normal', args: [1, 1] }, 'none'],
  ['half_cauchy and flat coefficients', { dist: 'half_cauchy', args: [1] }, 'flat'],
])('a scale by group, without pooling: %s', (_, prior, coefficients) => {
  const own: Prior = coefficients === 'flat' ? { dist: 'flat', args: [] } : NORMAL;
  const design = gaussianDesign({ seed: 5, groups: 2, intercept: choice('none', own), slopes: [], scale: { prior, by: 'group' } });
  const rows = gaussianRows(design, 10, 4);
  const model = new CollapsedModel(design, groupStatistics(design, rows));
  const parameters = listParameters(design);
  const columns = parameters
    .filter((p) => !p.masked)
    .map((__, k) => Float64Array.from({ length: 40 }, (___, s) => Math.exp(0.3 + 0.25 * Math.sin(s * (k + 1)))));
  const fitted = { design, parameters, draws: makeDraws(4, 10, columns) };
  const wide = scaleNodes(model, fitted, { wide: true });
  const scale = prior as Distribution;
  const mass = scale.dist === 'normal' ? 1 - 0.15865525393145707 : 1;

  /** log ∫ p(y_g | σ) p(σ) dσ of one group's rows, by a fine trapezoid over log σ. */
  function evidence(r: Rows, group: number): number {
    const values: number[] = [];
    const kept = without(r, (row) => r.group[row] !== group);
    for (let u = -6; u <= 30; u += 0.01) {
      const s = Math.exp(u);
      // Under a flat prior of the coefficient: that of a normal so wide that only its constant matters.
      const at =
        coefficients === 'flat' ? flatMarginal(kept.y, s) : logMarginalByRows(design, kept, new Float64Array(2).fill(s), tausOf(design));
      values.push(at + logPrior(scale, s) - Math.log(mass) + u);
    }
    const top = Math.max(...values);
    return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0) * 0.01);
  }

  function flatMarginal(y: Float64Array, s: number): number {
    const mean = y.reduce((a, b) => a + b, 0) / y.length;
    const squares = y.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    return (-0.5 * squares) / s ** 2 - (y.length - 1) * Math.log(s * Math.sqrt(2 * Math.PI)) - 0.5 * Math.log(y.length);
  }

  it('rows are exact', () => {
    expect(wide.kind).toBe('quadrature');
    const { elpd, k } = toEnd(leaveRowsOut(model, rows, wide));
    for (let i = 0; i < rows.n; i++) {
      const g = rows.group[i];
      const expected =
        evidence(rows, g) -
        evidence(
          without(rows, (r) => r === i),
          g,
        );
      expect(Math.abs(elpd[i] - expected)).toBeLessThan(1e-8);
    }
    expect(Math.max(...k)).toBe(0);
  });

  it('groups are exact, or have none under flat coefficients', () => {
    const { elpd } = toEnd(leaveGroupsOut(model, wide));
    for (let g = 0; g < 2; g++) {
      if (coefficients === 'flat') expect(elpd[g]).toBeNaN();
      else expect(Math.abs(elpd[g] - evidence(rows, g))).toBeLessThan(1e-8);
    }
  });
});

describe('a flat scale', () => {
  const flat: Prior = { dist: 'flat', args: [] };
  const caseOf = (n: number) => {
    const design = gaussianDesign({ seed: 5, groups: 1, intercept: choice('none', flat), slopes: [], scale: { prior: flat, by: 'all' } });
    const rows: Rows = { ...gaussianRows(design, n, 4), y: Float64Array.from({ length: n }, (_, i) => [1, 2, 4, 5.5][i]) };
    const model = new CollapsedModel(design, groupStatistics(design, rows));
    const parameters = listParameters(design);
    const columns = [0, 1].map((k) => Float64Array.from({ length: 40 }, (_, s) => Math.exp(0.5 + 0.4 * Math.sin(s * (k + 1)))));
    const fitted = { design, parameters, draws: makeDraws(4, 10, columns) };
    return { design, rows, model, nodes: (wide: boolean) => scaleNodes(model, fitted, { wide }) };
  };

  it('of two rows more than coefficients leaves no posterior without a row', () => {
    const { design, rows, model, nodes } = caseOf(3);
    for (const wide of [false, true])
      expect([...toEnd(leaveRowsOut(model, rows, nodes(wide))).elpd]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect([...unheldWithout(design, rows)!.rows]).toEqual([1, 1, 1]);
    const weighted = { ...rows, weights: Float64Array.of(1, 1, 1.5) };
    expect([...unheldWithout(design, weighted)!.rows]).toEqual([1, 1, 1]);
    expect([...unheldWithout(design, { ...rows, weights: Float64Array.of(0.5, 1, 2) })!.rows]).toEqual([0, 1, 1]);
  });

  it('of three more is Student’s t', () => {
    const { design, rows, model, nodes } = caseOf(4);
    expect([...unheldWithout(design, rows)!.rows]).toEqual([0, 0, 0, 0]);
    const { elpd } = toEnd(leaveRowsOut(model, rows, nodes(true)));
    // p(y_i | others) under flat mean and flat sigma: t with n − 2 degrees of freedom, n = 3 others.
    for (let i = 0; i < 4; i++) {
      const others = [...rows.y].filter((_, j) => j !== i);
      const mean = others.reduce((a, b) => a + b) / 3;
      const squares = others.reduce((sum, v) => sum + (v - mean) ** 2, 0);
      const width = Math.sqrt((4 / 3) * squares);
      expect(elpd[i]).toBeCloseTo(-Math.log(Math.PI * width * (1 + ((rows.y[i] - mean) / width) ** 2)), 7);
    }
  });
});

describe('a row with a frequency weight below one is left out whole', () => {
  it('by down-dating', () => {
    const scale: Prior = { fixed: 1.3 };
    const design = gaussianDesign({ seed: 3, groups: 2, intercept: choice('none'), slopes: [], scale: { prior: scale, by: 'all' } });
    const rows: Rows = { ...gaussianRows(design, 8, 5), weights: Float64Array.of(0.5, 1, 1.7, 0.2, 0, 1, 2, 1) };
    const nodes = { kind: 'known', positions: [new Float64Array(0)], logWeight: null, logPrior: null } as const;
    const { elpd } = toEnd(leaveRowsOut(new CollapsedModel(design, groupStatistics(design, rows)), rows, nodes));
    for (let i = 0; i < rows.n; i++) {
      // The posterior of the intercept without the row, in closed form.
      let precision = 1 / 4;
      let pull = 0.5 / 4;
      for (let j = 0; j < rows.n; j++) {
        if (rows.group[j] !== rows.group[i]) continue;
        const weight = (rows.weights![j] - (i === j ? Math.min(1, rows.weights![j]) : 0)) / 1.3 ** 2;
        precision += weight;
        pull += weight * rows.y[j];
      }
      const variance = 1.3 ** 2 + 1 / precision;
      expect(elpd[i]).toBeCloseTo(-0.5 * Math.log(2 * Math.PI * variance) - (rows.y[i] - pull / precision) ** 2 / (2 * variance), 10);
    }
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
