import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../../core/model/cells.ts';
import { familyGradient, familyParameters } from '../../../core/model/likelihood.ts';
import { RowLikelihood } from '../../../core/model/rowLikelihood.ts';
import { expandRows, SurrogateLikelihood } from '../../../core/model/surrogate.ts';
import { coefficientCount, evaluateTaylor, expand } from '../../../core/model/taylor.ts';
import { Rng } from '../../../core/sampler/rng.ts';
import { toEnd } from '../../../core/steps.ts';
import { type Options, problemOf } from './randomModel.ts';

const base: Options = {
  seed: 3,
  family: 'poisson',
  groups: 3,
  slopes: 4,
  intercept: true,
  rowsPerGroup: 150,
  poolings: ['none', 'none', 'none', 'none', 'none', 'none'],
  priors: new Array(6).fill({ dist: 'normal', args: [0, 1] }),
  sds: new Array(6).fill({ dist: 'half_normal', args: [1] }),
  byGroup: false,
  weights: false,
  offset: false,
  se: false,
  maskedShare: 0.3,
  coarse: false,
};

const cases = (['poisson', 'bernoulli', 'binomial'] as const).flatMap((family) =>
  [false, true].flatMap((weights) => [true, false].map((intercept) => ({ ...base, family, weights, offset: weights, intercept }))),
);

describe.each(cases)('$family, weights $weights, intercept $intercept', (o) => {
  const { design, rows } = problemOf(o);
  const cells = cellsOf(design);
  const exact = new RowLikelihood(design, cells, rows);
  const centre = Float64Array.from({ length: cells.count }, (_, c) => 0.1 * (c % 3) - 0.1);
  const nothing = familyParameters(design.groups.length);
  const out = familyGradient(design.groups.length);

  it('differs from the rows by the fifth order', () => {
    const direction = new Float64Array(cells.count);
    Rng.of(8, 8).normals(direction);
    const gradient = new Float64Array(cells.count);
    const error = (size: number): number => {
      let difference = 0;
      for (let g = 0; g < design.groups.length; g++) {
        const from = cells.start[g];
        const k = cells.start[g + 1] - from;
        const coefficients = new Float64Array(coefficientCount(k));
        expand(o.family, exact.groups[g], centre.subarray(from, from + k), k, coefficients, 0);
        const f0 = exact.evaluateGroup(g, centre, gradient);
        coefficients.set(gradient.subarray(from, from + k));
        const delta = direction.slice(from, from + k).map((d) => size * d);
        const value = evaluateTaylor(coefficients, 0, k, delta, new Float64Array(k), 0);
        difference +=
          exact.evaluateGroup(
            g,
            centre.map((b, c) => b + size * direction[c]),
            gradient,
          ) -
          f0 -
          value;
      }
      return difference;
    };
    // Halving the distance divides the error by about 2⁵.
    expect(Math.log2(error(0.1) / error(0.05))).toBeGreaterThan(4);
    expect(error(0.1)).toBeLessThan(0.05);
  });

  it('has the polynomial’s gradient, and the rows’ beyond the radius', () => {
    const metric = new Float64Array(design.groups.reduce((n, _, g) => n + (cells.start[g + 1] - cells.start[g]) ** 2, 0));
    exact.information(centre, nothing, metric, new Float64Array(design.groups.length));
    const surrogate = new SurrogateLikelihood(exact, toEnd(expandRows(o.family, exact, centre, metric, []))!);
    const gradient = new Float64Array(cells.count);
    const scratch = new Float64Array(cells.count);
    const rng = Rng.of(2, 2);
    const beta = centre.map((b) => b + 0.05 * rng.normal());
    surrogate.evaluate(beta, nothing, gradient);
    const near = surrogate.exactGroups;
    for (let c = 0; c < cells.count; c++) {
      const at = (e: number): number =>
        surrogate.evaluate(
          beta.map((b, i) => (i === c ? b + e : b)),
          nothing,
          scratch,
        );
      const slope = (8 * (at(1e-4) - at(-1e-4)) - (at(2e-4) - at(-2e-4))) / 12e-4;
      expect(Math.abs(slope - gradient[c])).toBeLessThan(1e-6 * Math.max(1, Math.abs(gradient[c])) * 10);
    }
    expect(near).toBeLessThan(design.groups.length);
    const far = centre.map((b) => b + 3);
    const value = surrogate.evaluate(far, nothing, gradient);
    expect(value).toBeCloseTo(exact.evaluate(far, nothing, scratch, out), 6);
    gradient.forEach((v, c) => {
      expect(v).toBeCloseTo(scratch[c], 6);
    });
  });

  it('is refused where it does not hold', () => {
    const far = centre.map((b) => b + 5);
    expect(toEnd(expandRows(o.family, exact, centre, new Float64Array(200), [far]))).toBeNull();
    expect(toEnd(expandRows(o.family, exact, centre, new Float64Array(200).fill(1e6), [centre.map((b) => b + 0.1)]))).toBeNull();
  });

  it('equals the rows at the centre', () => {
    const surrogate = new SurrogateLikelihood(exact, toEnd(expandRows(o.family, exact, centre, new Float64Array(200), []))!);
    const gradient = new Float64Array(cells.count);
    expect(surrogate.evaluate(centre, nothing, gradient)).toBeCloseTo(
      exact.evaluate(centre, nothing, new Float64Array(cells.count), out),
      8,
    );
  });
});
