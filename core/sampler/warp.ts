/**
 * Bent axes: logs of scales have posteriors that lean, and a trajectory of few steps wants normal ones. Along an axis u = centre + scale F(y),
 *   F(y) = y + b m² (√(1 + y²/m²) − 1),   F'(y) = 1 + b y / √(1 + y²/m²) > 0 for |b| m < 1:
 * near the mode a parabola that takes the third derivative off the log density (u leans as −3b says), far out a line, so that tails stay what they were.
 * Exact whatever b is; a wrong one costs steps.
 */
import { log, sqrt } from '../math/elementary.ts';
import type { Steps } from '../math/steps.ts';
import type { Target } from './chain.ts';
import type { LogDensity } from './types.ts';
import type { LinearMap } from './whitening.ts';

/** The bent axes of a density, by number; plain data. */
export interface Warp {
  readonly axes: Int32Array;
  readonly centre: Float64Array;
  readonly scale: Float64Array;
  readonly bend: Float64Array;
}

/** m: where the parabola goes over into lines. */
const REACH = 3;
const MOST_BEND = 0.25;
/** An axis that leans less is left as it is. */
const LEAST_BEND = 0.02;
const DIFFERENCE = 1e-3;
/** A folded axis is bent only where its mode lies so many sds from the fold. */
export const FROM_FOLD = 3;

export const UNBENT: Warp = {
  axes: new Int32Array(0),
  centre: new Float64Array(0),
  scale: new Float64Array(0),
  bend: new Float64Array(0),
};

/**
 * Looks along each axis, one sd (given the others) to both sides of a mode. `folds`: axes on which u and −u are the same are bent only where the mode lies
 * this many sds from 0 or more.
 */
export function* findWarp(density: LogDensity, mode: Float64Array, axes: readonly number[], folds: number): Steps<Warp> {
  const at = mode.slice();
  const gradient = new Float64Array(mode.length);
  const slopeAt = (axis: number, step: number): number => {
    at[axis] = mode[axis] + step;
    density.evaluate(at, gradient);
    at[axis] = mode[axis];
    return gradient[axis];
  };
  const found: { axis: number; scale: number; bend: number }[] = [];
  for (const axis of axes) {
    const curvature = (slopeAt(axis, -DIFFERENCE) - slopeAt(axis, DIFFERENCE)) / (2 * DIFFERENCE);
    yield;
    const scale = 1 / sqrt(curvature);
    if (!(curvature > 0) || !Number.isFinite(scale) || Math.abs(mode[axis]) < folds * scale) continue;
    const third = -(slopeAt(axis, scale) - 2 * slopeAt(axis, 0) + slopeAt(axis, -scale)) * scale;
    yield;
    const bend = Math.max(-MOST_BEND, Math.min(MOST_BEND, -third / 3));
    if (Math.abs(bend) >= LEAST_BEND) found.push({ axis, scale, bend });
  }
  return {
    axes: Int32Array.from(found, (f) => f.axis),
    centre: Float64Array.from(found, (f) => mode[f.axis]),
    scale: Float64Array.from(found, (f) => f.scale),
    bend: Float64Array.from(found, (f) => f.bend),
  };
}

/** A density in bent coordinates. */
export class Warped implements LogDensity {
  readonly dimension: number;
  readonly #density: LogDensity;
  readonly #warp: Warp;
  readonly #inner: Float64Array;

  constructor(density: LogDensity, warp: Warp) {
    this.dimension = density.dimension;
    this.#density = density;
    this.#warp = warp;
    this.#inner = new Float64Array(density.dimension);
  }

  evaluate(position: Float64Array, gradient: Float64Array): number {
    const { axes, scale, bend } = this.#warp;
    this.unbend(position, this.#inner);
    let value = this.#density.evaluate(this.#inner, gradient);
    for (let a = 0; a < axes.length; a++) {
      const y = position[axes[a]];
      const root = sqrt(1 + (y * y) / (REACH * REACH));
      const slope = 1 + (bend[a] * y) / root;
      value += log(slope);
      gradient[axes[a]] = gradient[axes[a]] * scale[a] * slope + bend[a] / (root * root * root * slope);
    }
    return value;
  }

  /** The density's own coordinates of a bent position. */
  unbend(position: Float64Array, out: Float64Array): void {
    const { axes, centre, scale, bend } = this.#warp;
    out.set(position);
    for (let a = 0; a < axes.length; a++) {
      const y = position[axes[a]];
      const square = (y * y) / (REACH * REACH);
      // m² (√(1 + y²/m²) − 1), without its cancellation.
      out[axes[a]] = centre[a] + scale[a] * (y + (bend[a] * y * y) / (1 + sqrt(1 + square)));
    }
  }

  /** The bent position of one in the density's own coordinates. */
  bend(inner: Float64Array): Float64Array {
    const { axes, centre, scale, bend } = this.#warp;
    const out = inner.slice();
    for (let a = 0; a < axes.length; a++) {
      const steep = bend[a] * REACH;
      const left = 1 - steep * steep;
      const u = (inner[axes[a]] - centre[a]) / scale[a] + steep * REACH;
      out[axes[a]] = (u - steep * sqrt(u * u + left * REACH * REACH)) / left;
    }
    return out;
  }
}

/** A target with its axes bent: the same draws from coordinates that are nearer to normal. */
export function bent<T extends Target>(target: T, warp: Warp): T {
  if (warp.axes.length === 0) return target;
  const density = new Warped(target.density, warp);
  const inner = new Float64Array(density.dimension);
  return {
    ...target,
    density,
    centre: density.bend(target.centre),
    modes: target.modes.map((m) => density.bend(m)),
    map: scaledMap(target.map, warp),
    constrain(position, place, out) {
      density.unbend(position, inner);
      target.constrain(inner, place, out);
    },
  };
}

/** x ← S⁻¹ A z, where S scales the bent axes. */
function scaledMap(map: LinearMap, { axes, scale }: Warp): LinearMap {
  const scratch = new Float64Array(map.dimension);
  return {
    dimension: map.dimension,
    logDeterminant: scale.reduce((sum, s) => sum - log(s), map.logDeterminant),
    apply(z, x) {
      map.apply(z, x);
      for (let a = 0; a < axes.length; a++) x[axes[a]] /= scale[a];
    },
    applyTransposed(g, out) {
      scratch.set(g);
      for (let a = 0; a < axes.length; a++) scratch[axes[a]] /= scale[a];
      map.applyTransposed(scratch, out);
    },
    applyInverse(x, z) {
      scratch.set(x);
      for (let a = 0; a < axes.length; a++) scratch[axes[a]] *= scale[a];
      map.applyInverse(scratch, z);
    },
  };
}
