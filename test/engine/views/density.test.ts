import { describe, expect, it } from 'vitest';
import { Rng } from '../../../core/math/rng.ts';
import { bandwidthOf, densityCurve } from '../../../engine/views/density.ts';

const normals = (n: number): Float64Array => {
  const rng = Rng.of(5, 0);
  return Float64Array.from({ length: n }, () => rng.normal()).sort();
};

const area = ({ lower, upper, values }: { lower: number; upper: number; values: Float64Array }): number => {
  const step = (upper - lower) / (values.length - 1);
  return values.reduce((sum, v, i) => sum + v * step * (i === 0 || i === values.length - 1 ? 0.5 : 1), 0);
};

describe('densityCurve', () => {
  it('is close to the density that the values come from', () => {
    const sorted = normals(20_000);
    const curve = densityCurve(sorted, -4, 4, bandwidthOf(sorted));
    const worst = Array.from(curve.values, (v, i) => {
      const x = -4 + (8 * i) / (curve.values.length - 1);
      return Math.abs(v - Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI));
    }).reduce((a, b) => Math.max(a, b));
    expect(worst).toBeLessThan(0.02);
    expect(area(curve)).toBeCloseTo(1, 2);
  });

  it('equals the sum of kernels, which binning only approximates', () => {
    const sorted = normals(50);
    const h = bandwidthOf(sorted);
    const curve = densityCurve(sorted, -3, 3, h);
    curve.values.forEach((v, i) => {
      const x = -3 + (6 * i) / (curve.values.length - 1);
      const exact = sorted.reduce((sum, s) => sum + Math.exp(-0.5 * ((x - s) / h) ** 2), 0) / (sorted.length * h * Math.sqrt(2 * Math.PI));
      expect(Math.abs(v - exact)).toBeLessThan(0.01);
    });
  });

  it('keeps all its mass within the support', () => {
    const sorted = normals(5000).map(Math.abs).sort();
    const h = bandwidthOf(sorted);
    const curve = densityCurve(sorted, 0, 5, h, { lower: 0, upper: Number.POSITIVE_INFINITY });
    expect(area(curve)).toBeCloseTo(1, 2);
    expect(curve.values[0]).toBeGreaterThan(0.7);
  });

  it('is empty for values that are all equal', () => {
    const sorted = new Float64Array(100).fill(2);
    expect(bandwidthOf(sorted)).toBe(0);
    expect(densityCurve(sorted, 1, 3, 0).values).toHaveLength(0);
  });
});
