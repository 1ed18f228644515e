import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseIncompleteBeta } from '../../../core/math/beta.ts';
import { Fft } from '../../../core/math/fft.ts';
import { betaI, normalCdf } from '../../../core/math/gamma.ts';
import { normalQuantile } from '../../../core/math/normal.ts';
import { Rng } from '../../../core/math/rng.ts';
import { Sorter } from '../../../core/math/sort.ts';

describe('Sorter', () => {
  const sorter = new Sorter();
  const number = fc.double({ noNaN: true });

  it('orders any doubles, infinities, subnormals and both zeros, stably', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(number, fc.constantFrom(0, -0, 1, 1, -1, 5e-324, Number.NEGATIVE_INFINITY))), (list) => {
        const values = Float64Array.from(list);
        const expected = [...list.keys()].sort((i, j) => (values[i] < values[j] ? -1 : values[i] > values[j] ? 1 : i - j));
        expect([...sorter.order(values)]).toEqual(expected);
      }),
    );
  });
});

describe('Sorter of many', () => {
  const sorter = new Sorter();
  const rng = Rng.of(1, 1);
  const values = (draw: (i: number) => number) => Float64Array.from({ length: 2000 }, (_, i) => draw(i));

  it.each([
    ['normal draws', values(() => rng.normal())],
    ['draws far from 0', values(() => 1e9 + rng.normal())],
    ['an exponential', values(() => rng.exponential())],
    ['a Cauchy', values(() => rng.normal() / rng.normal())],
    ['two values', values((i) => i % 2)],
    ['normal draws, rounded', values(() => Math.round(50 * rng.normal()))],
    ['one value', values(() => 3)],
    ['one far value', values((i) => (i === 7 ? 1e200 : rng.normal()))],
  ])('%s', (_, x) => {
    const order = sorter.order(x);
    expect(new Set(order).size).toBe(x.length);
    for (let i = 1; i < order.length; i++) {
      const before = x[order[i - 1]];
      const after = x[order[i]];
      expect(before < after || (before === after && order[i - 1] < order[i])).toBe(true);
    }
  });
});

describe('Fft', () => {
  it('is the sum that defines it', () => {
    const sample = fc.integer({ min: 1, max: 6 }).chain((log2) => {
      const part = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2 ** log2, maxLength: 2 ** log2 });
      return fc.tuple(part, part);
    });
    fc.assert(
      fc.property(sample, ([re, im]) => {
        const n = re.length;
        const real = Float64Array.from(re);
        const imaginary = Float64Array.from(im);
        new Fft(n).forward(real, imaginary);
        for (let k = 0; k < n; k++) {
          let a = 0;
          let b = 0;
          for (let j = 0; j < n; j++) {
            const angle = (-2 * Math.PI * j * k) / n;
            a += re[j] * Math.cos(angle) - im[j] * Math.sin(angle);
            b += re[j] * Math.sin(angle) + im[j] * Math.cos(angle);
          }
          expect(Math.abs(real[k] - a) + Math.abs(imaginary[k] - b)).toBeLessThan(1e-10);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('refuses a length that is no power of two', () => {
    expect(() => new Fft(12)).toThrow('power of two');
  });
});

describe('normalQuantile', () => {
  // scipy 1.17.1, norm.ppf
  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.9999, 3.719016485455709],
    [1e-10, -6.361340902404056],
    [1e-300, -37.0470962993612],
  ])('at %d', (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(z)));
  });

  it('is infinite at the ends and NaN outside', () => {
    expect([0, 1, -0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN, NaN]);
  });

  it('inverts the distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 5, noNaN: true }), (z) => {
        expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, 9);
      }),
    );
  });
});

describe('inverseIncompleteBeta', () => {
  it('inverts the distribution function', () => {
    const shape = fc.double({ min: 1, max: 5000, noNaN: true });
    fc.assert(
      fc.property(shape, shape, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (a, b, p) => {
        const x = inverseIncompleteBeta(p, a, b);
        expect(Math.abs(betaI(a, b, x) - p)).toBeLessThan(1e-9);
      }),
    );
  });

  it('is p where the distribution is uniform, and NaN outside', () => {
    expect(inverseIncompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 14);
    expect([inverseIncompleteBeta(0, 2, 3), inverseIncompleteBeta(1, 2, 3), inverseIncompleteBeta(2, 2, 3)]).toEqual([0, 1, NaN]);
  });
});
