import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toEnd } from '../../../../core/math/steps.ts';
import { fitQuality } from '../../../../core/posterior/check/fitQuality.ts';
import { compare, stackingWeights } from '../../../../core/posterior/loo/compare.ts';
import { design, listParameters, rows, term } from '../fixtures.ts';
import { makeDraws } from '../makeDraws.ts';

const ones = (n: number) => new Float64Array(n).fill(1);

describe('compare', () => {
  it('puts the best first, with the error of the difference, not of the sums', () => {
    const a = Float64Array.of(-1, -2, -3, -4);
    const b = Float64Array.of(-1.5, -2.5, -3.5, -4.5);
    const [first, second] = compare([
      { elpd: b, weight: ones(4) },
      { elpd: a, weight: ones(4) },
    ]);
    expect(first).toMatchObject({ model: 1, elpd: -10, difference: 0, differenceSe: 0 });
    expect(second).toMatchObject({ model: 0, elpd: -12, difference: -2, differenceSe: 0 });
    expect(first.se).toBeCloseTo(Math.sqrt(5), 12);
    expect(first.weight).toBeCloseTo(1, 6);
  });

  it('refuses models of different rows', () => {
    expect(() =>
      compare([
        { elpd: ones(3), weight: ones(3) },
        { elpd: ones(4), weight: ones(4) },
      ]),
    ).toThrow('same rows');
  });
});

describe('stackingWeights', () => {
  it('are a model’s share of rows where only it has a chance', () => {
    const hopeless = -800;
    const a = Float64Array.from({ length: 10 }, (_, i) => (i < 3 ? -1 : hopeless));
    const b = Float64Array.from({ length: 10 }, (_, i) => (i < 3 ? hopeless : -1));
    const [wa, wb] = stackingWeights([a, b]);
    expect(wa).toBeCloseTo(0.3, 9);
    expect(wb).toBeCloseTo(0.7, 9);
  });

  it('no point of the simplex is better', () => {
    const column = fc.array(fc.double({ min: -5, max: 0, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(
        column,
        column,
        column,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, c, u, v) => {
          const elpd = [a, b, c].map((x) => Float64Array.from(x));
          const score = (w: readonly number[]) =>
            a.reduce((sum, _, i) => sum + Math.log(w.reduce((p, wk, k) => p + wk * Math.exp(elpd[k][i]), 0)), 0);
          const best = stackingWeights(elpd);
          expect(best.reduce((p, q) => p + q)).toBeCloseTo(1, 12);
          expect(score([u, (1 - u) * v, (1 - u) * (1 - v)])).toBeLessThan(score(best) + 1e-3);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('fitQuality', () => {
  it('R² is explained over total variance, and residuals are from the mean', () => {
    const d = design('gaussian', [term('alpha'), term('x')], 1);
    const column = (value: number) => new Float64Array(8).fill(value);
    const x = [-1, 0, 1, 2];
    const fitted = { design: d, parameters: listParameters(d), draws: makeDraws(2, 4, [column(1), column(2), column(0.5)]) };
    const quality = toEnd(fitQuality(fitted, rows([0, 0, 0, 0], [[], x], [-1, 1, 4, 5])));
    const explained = 4 * 1.25; // 2² · var(x), divisor n
    expect(quality.r2[3]).toBeCloseTo(explained / (explained + 0.25), 12);
    expect([...quality.residual]).toEqual([0, 0, 1, 0]);
    expect(quality.standardised[2]).toBeCloseTo(2, 12);
  });
});
