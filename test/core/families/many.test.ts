import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyOf } from '../../../core/families/index.ts';

const close = (actual: number, expected: number): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
};

describe.each(['bernoulli', 'binomial', 'poisson'] as const)('%s, all draws at once', (family) => {
  const own = familyOf(family);
  const many = own.many!;

  it('is the family’s own density and moments', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 1 }), fc.nat(12), fc.nat(12), (list, a, b) => {
        const eta = Float64Array.from(list);
        const trials = family === 'bernoulli' ? 1 : a + b;
        const y = family === 'bernoulli' ? a % 2 : a;
        const aux = { trials, scale: 1, own: [] };
        const out = new Float64Array(eta.length);
        const mean = new Float64Array(eta.length);
        const variance = new Float64Array(eta.length);
        expect(many.logLikelihood(y, trials, eta, out)).toBe(true);
        many.moments(trials, eta, mean, variance);
        eta.forEach((value, s) => {
          close(out[s], own.logLikelihood(y, value, aux));
          close(mean[s], own.mean(value, aux));
          close(variance[s], own.variance(value, aux));
        });
      }),
    );
  });

  it('leaves a response that cannot be to the family', () => {
    expect(many.logLikelihood(-1, 5, new Float64Array(1), new Float64Array(1))).toBe(false);
    expect(many.logLikelihood(0.5, 5, new Float64Array(1), new Float64Array(1))).toBe(false);
  });
});
