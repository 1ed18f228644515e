import { describe, expect, it } from 'vitest';
import { toEnd } from '../../../core/math/steps.ts';
import type { LogDensity } from '../../../core/sampler/types.ts';
import { findWarp, type Warp, Warped } from '../../../core/sampler/warp.ts';

/** The log of a scale of which n residuals are known: leans to the right by 2 / √(2n), about; and a standard normal beside it. */
const scaleOf = (n: number): LogDensity => ({
  dimension: 2,
  evaluate([t, x], gradient) {
    gradient[0] = -n + n * Math.exp(-2 * t);
    gradient[1] = -x;
    return -n * t - 0.5 * n * Math.exp(-2 * t) - 0.5 * x * x;
  },
});
const MODE = new Float64Array(2);

const warps: readonly Warp[] = [-0.25, -0.1, 0.02, 0.25].map((bend) => ({
  axes: Int32Array.of(0),
  centre: Float64Array.of(0.3),
  scale: Float64Array.of(0.7),
  bend: Float64Array.of(bend),
}));

describe('a bent axis', () => {
  it.each(warps)('leads back to where it came from: $bend', (warp) => {
    const density = new Warped(scaleOf(5), warp);
    const back = new Float64Array(2);
    for (const y of [-1e6, -40, -3, -0.1, 0, 1e-9, 0.5, 3, 40, 1e6]) {
      density.unbend(Float64Array.of(y, 2), back);
      const [again, other] = density.bend(back);
      expect(Math.abs(again - y)).toBeLessThan(1e-9 * (1 + Math.abs(y)));
      expect(other).toBe(2);
    }
  });

  it.each(warps)('has the gradient that finite differences give, and the mass of what it bends: $bend', (warp) => {
    const inner = scaleOf(5);
    const density = new Warped(inner, warp);
    const [g, scratch] = [new Float64Array(2), new Float64Array(2)];
    for (const y of [-6, -1, 0, 0.4, 5]) {
      density.evaluate(Float64Array.of(y, 0.2), g);
      const at = (step: number): number => density.evaluate(Float64Array.of(y + step, 0.2), scratch);
      expect(Math.abs(g[0] - (at(1e-5) - at(-1e-5)) / 2e-5)).toBeLessThan(1e-6 * (1 + Math.abs(g[0])));
    }
    const massOf = (d: LogDensity): number => {
      let sum = 0;
      for (let y = -20; y < 20; y += 0.01) sum += 0.01 * Math.exp(d.evaluate(Float64Array.of(y, 0), scratch));
      return sum;
    };
    // dy = dF(y), and the constant scale is left out.
    expect(massOf(density) * 0.7).toBeCloseTo(massOf(inner), 6);
  });

  it.each([4, 19, 100])('takes the third derivative off the log of a scale of %i residuals', (n) => {
    const warp = toEnd(findWarp(scaleOf(n), MODE, [0, 1], 0));
    expect([...warp.axes]).toEqual([0]);
    const slopeOf = (d: LogDensity, y: number): number => {
      const g = new Float64Array(2);
      d.evaluate(Float64Array.of(y, 0), g);
      return g[0];
    };
    // The slope of a normal density is odd about its mode: what is even in it is what leans.
    const even = (d: LogDensity, unit: number): number => {
      const [up, down, middle] = [slopeOf(d, unit), slopeOf(d, -unit), slopeOf(d, 0)];
      return Math.abs(((up + down) / 2 - middle) * unit);
    };
    const before = even(scaleOf(n), warp.scale[0]);
    expect(even(new Warped(scaleOf(n), warp), 1)).toBeLessThan(0.25 * before);
  });

  it('is left out near a fold, and where nothing leans or the mode is none', () => {
    const axes = (d: LogDensity, mode: Float64Array, folds: number): number[] => [...toEnd(findWarp(d, mode, [0, 1], folds)).axes];
    expect(axes(scaleOf(19), MODE, 3)).toEqual([]);
    expect(axes(scaleOf(1e5), MODE, 0)).toEqual([]);
    const wall: LogDensity = {
      dimension: 2,
      evaluate(_, g) {
        g.fill(0);
        return Number.NaN;
      },
    };
    expect(axes(wall, MODE, 0)).toEqual([]);
  });
});
