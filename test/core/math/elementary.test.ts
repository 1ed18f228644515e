import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp, expm1, log, log1p, logAddExp, logistic, logSumExp, softplus } from '../../../core/math/elementary.ts';

const bits = new DataView(new ArrayBuffer(8));

/** The distance to the next larger number of that size. */
function ulp(x: number): number {
  bits.setFloat64(0, Math.abs(x));
  const next = bits.getBigInt64(0) + 1n;
  bits.setBigInt64(0, next);
  return bits.getFloat64(0) - Math.abs(x);
}

/** Within so many ulps; the library's own last digit is one of them. */
const near = (actual: number, expected: number, ulps: number): void => {
  if (!Number.isFinite(expected)) expect(actual).toBe(expected);
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(ulps * ulp(expected));
};

const finite = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const positive = fc.oneof(finite(0, 1e-3), finite(0.4, 2.2), finite(0, 1e3), fc.double({ min: 0, noNaN: true }));

describe('elementary functions', () => {
  it.each([
    ['exp', exp, Math.exp, fc.oneof(finite(-1, 1), finite(-750, 712)), 2],
    ['expm1', expm1, Math.expm1, fc.oneof(finite(-1, 1), finite(-40, 700)), 3],
    ['log', log, Math.log, positive, 2],
    ['log1p', log1p, Math.log1p, fc.oneof(finite(-0.99, 1), finite(-1e-8, 1e-8), positive), 3],
  ] as const)('%s is within 2 or 3 ulp of the library’s', (_, own, library, numbers, ulps) => {
    fc.assert(
      fc.property(numbers, (x) => near(own(x), library(x), ulps)),
      { numRuns: 20_000 },
    );
  });

  it('knows the edges', () => {
    expect(exp(0)).toBe(1);
    expect(exp(710)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(-746)).toBe(0);
    expect(exp(-745)).toBe(5e-324);
    expect(exp(Number.NaN)).toBeNaN();
    expect(log(1)).toBe(0);
    expect(log(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(log(-1)).toBeNaN();
    expect(log(Number.NaN)).toBeNaN();
    expect(log(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    near(log(5e-324), Math.log(5e-324), 2);
    expect(log1p(-1)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('undo each other', () => {
    fc.assert(fc.property(finite(-700, 700), (x) => Math.abs(log(exp(x)) - x) <= 4e-16 * Math.max(1, Math.abs(x))));
  });

  it('softplus and logistic hold far out', () => {
    expect(softplus(800)).toBe(800);
    near(softplus(-40), Math.exp(-40), 2);
    expect(logistic(-800)).toBe(0);
    expect(logistic(800)).toBe(1);
    fc.assert(fc.property(finite(-300, 300), (x) => Math.abs(logistic(x) + logistic(-x) - 1) < 3e-16));
  });

  it('sums of exponentials neither overflow nor vanish', () => {
    expect(logAddExp(1000, 1000)).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logSumExp([-1000, -1000, -1000])).toBeCloseTo(-1000 + Math.log(3), 12);
    expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
    expect(logAddExp(Number.NEGATIVE_INFINITY, 3)).toBe(3);
  });
});
