import { describe, expect, it } from 'vitest';
import {
  type Derivatives,
  drawPrior,
  formatPrior,
  locationAndSpread,
  logDensityOf,
  logPrior,
  priorCdf,
  priorQuantile,
  supportOf,
} from '../../../core/design/priors.ts';
import { Rng } from '../../../core/math/rng.ts';
import {
  type Bijection,
  constrain,
  logDensityUnconstrained,
  slope,
  transformFor,
  transformOf,
  unconstrain,
} from '../../../core/model/transforms.ts';
import type { Distribution } from '../../../core/spec/types.ts';

const PRIORS: readonly Distribution[] = [
  { dist: 'normal', args: [1, 2] },
  { dist: 'student_t', args: [4, -1, 0.5] },
  { dist: 'cauchy', args: [0.3, 2] },
  { dist: 'laplace', args: [1, 0.7] },
  { dist: 'uniform', args: [-1, 3] },
  { dist: 'half_normal', args: [2] },
  { dist: 'half_student_t', args: [3, 1.5] },
  { dist: 'half_cauchy', args: [0.5] },
  { dist: 'exponential', args: [2] },
  { dist: 'gamma', args: [2.5, 3] },
  { dist: 'gamma', args: [1, 3] },
  { dist: 'inverse_gamma', args: [3, 2] },
  { dist: 'lognormal', args: [0.2, 0.6] },
];
const fresh = (): Derivatives => ({ value: 0, first: 0, second: 0 });

/** ∫ f over the whole line through u = sinh(t), trapezoidal: exact to many digits for smooth f. */
function integrate(f: (u: number) => number): number {
  const h = 1 / 256;
  let sum = 0;
  for (let i = -20 * 256; i <= 20 * 256; i++) {
    const t = i * h;
    const value = f(Math.sinh(t)) * Math.cosh(t);
    if (Number.isFinite(value)) sum += value;
  }
  return sum * h;
}

describe.each(PRIORS.map((d) => [formatPrior(d), d] as const))('%s', (_, d) => {
  const t = transformFor(d, false);

  it('has mass 1 on its support, Jacobian included', () => {
    expect(integrate((u) => Math.exp(logDensityUnconstrained(d, t, u, fresh())))).toBeCloseTo(1, d.dist === 'laplace' ? 4 : 6);
  });

  it('has the derivatives it says', () => {
    const plus = fresh();
    const minus = fresh();
    const at = fresh();
    for (const p of [0.03, 0.3, 0.62, 0.9]) {
      const x = priorQuantile(d, p);
      const h = 1e-5 * Math.max(0.1, Math.abs(x));
      logDensityOf(d, x, at);
      expect(at.first).toBeCloseTo((logDensityOf(d, x + h, plus) - logDensityOf(d, x - h, minus)) / (2 * h), 5);
      expect(at.second).toBeCloseTo((plus.first - minus.first) / (2 * h), 4);
      const u = unconstrain(t, x);
      logDensityUnconstrained(d, t, u, at);
      const k = 1e-5;
      expect(at.first).toBeCloseTo((logDensityUnconstrained(d, t, u + k, plus) - logDensityUnconstrained(d, t, u - k, minus)) / (2 * k), 6);
      expect(at.second).toBeCloseTo((plus.first - minus.first) / (2 * k), 6);
    }
  });

  it('has a distribution function whose slope is the density, and its inverse', () => {
    for (const p of [1e-6, 0.01, 0.31, 0.52, 0.77, 0.999]) {
      const x = priorQuantile(d, p);
      expect(priorCdf(d, x)).toBeCloseTo(p, 12);
      const h = 1e-5 * Math.max(1e-3, Math.abs(x));
      const density = (priorCdf(d, x + h) - priorCdf(d, x - h)) / (2 * h);
      if (p > 0.001) expect(density / Math.exp(logPrior(d, x))).toBeCloseTo(1, 5);
    }
  });

  it('draws what it says', () => {
    const rng = Rng.of(7, 3);
    const n = 20_000;
    const bins = new Float64Array(20);
    for (let i = 0; i < n; i++) bins[Math.min(19, Math.floor(20 * priorCdf(d, drawPrior(rng, d))))]++;
    const chi = bins.reduce((sum, c) => sum + (c - n / 20) ** 2 / (n / 20), 0);
    expect(chi).toBeLessThan(50);
  });
});

describe('flat, fixed and cut priors', () => {
  it('flat has no draws, no quantiles and the density 1', () => {
    const flat: Distribution = { dist: 'flat', args: [] };
    expect(logPrior(flat, 12)).toBe(0);
    expect(drawPrior(Rng.of(1, 1), flat)).toBeNaN();
    expect(priorQuantile(flat, 0.5)).toBeNaN();
    expect(formatPrior(flat)).toBe('flat()');
  });
  it('formats numbers shortly', () => {
    expect(formatPrior({ fixed: 0.1 + 0.2 })).toBe('0.3');
    expect(formatPrior({ dist: 'normal', args: [0, 1 / 3] })).toBe('normal(0, 0.333333333333333)');
  });
  it('is nothing outside the support', () => {
    expect(logPrior({ dist: 'uniform', args: [0, 1] }, 1.5)).toBe(Number.NEGATIVE_INFINITY);
    expect(logPrior({ dist: 'half_normal', args: [1] }, -1)).toBe(Number.NEGATIVE_INFINITY);
    expect(supportOf({ dist: 'uniform', args: [-1, 2] }, true)).toEqual({ lower: 0, upper: 2 });
  });
  it('draws only above 0 where asked', () => {
    const rng = Rng.of(3, 0);
    for (let i = 0; i < 100; i++) expect(drawPrior(rng, { dist: 'normal', args: [0, 1] }, true)).toBeGreaterThan(0);
  });
  it('says where it lies', () => {
    const { location, spread } = locationAndSpread({ dist: 'normal', args: [3, 2] });
    expect(location).toBeCloseTo(3, 10);
    expect(spread).toBeCloseTo(2, 10);
  });
});

describe('transforms', () => {
  const cases: readonly Bijection[] = [
    transformOf({ lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY }),
    transformOf({ lower: 0, upper: Number.POSITIVE_INFINITY }),
    transformOf({ lower: -2, upper: 5 }),
  ];
  it.each(cases)('$kind goes there and back', (t) => {
    for (const u of [-8, -1, 0, 0.3, 6]) {
      const x = constrain(t, u);
      expect(unconstrain(t, x)).toBeCloseTo(u, 9);
      expect(slope(t, u)).toBeCloseTo((constrain(t, u + 1e-6) - constrain(t, u - 1e-6)) / 2e-6, 4);
    }
  });
});
