/** A density's mode by BFGS, and a normal approximation there, for densities of few dimensions or near-diagonal curvature. */
import { sqrt } from '../math/elementary.ts';
import { choleskyInPlace, dot, solveLower, solveLowerTransposed } from '../math/linalg.ts';
import type { Steps } from '../math/steps.ts';
import { logVolume } from './modes.ts';
import type { LogDensity } from './types.ts';
import type { LinearMap } from './whitening.ts';

const ITERATIONS = 100;
/** Of gᵀ H⁻¹ g, the squared distance to the mode in posterior sds: a start and a metric need no more. */
const TOLERANCE = 1e-6;
/** Up to here the full Hessian is worth two gradients a dimension. */
const DENSE = 60;
const DIFFERENCE = 1e-4;

/**
 * Maximises from `start` (which it leaves alone); returns the best point found, or `null` when `start` has no finite density. Ends early where
 * `arrived` says so.
 */
export function* findMode(
  density: LogDensity,
  start: Float64Array,
  arrived: (position: Float64Array) => boolean = () => false,
): Steps<Float64Array | null> {
  const d = start.length;
  let x = start.slice();
  let gradient = new Float64Array(d);
  let value = density.evaluate(x, gradient);
  if (!Number.isFinite(value) || !gradient.every(Number.isFinite)) return null;
  const inverse = new Float64Array(d * d);
  const reset = (): void => {
    inverse.fill(0);
    const size = 1 / Math.max(1, sqrt(dot(gradient, gradient)));
    for (let i = 0; i < d; i++) inverse[i * d + i] = size;
  };
  reset();
  let fresh = true;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const direction = multiply(inverse, gradient);
    const ascent = dot(direction, gradient);
    if (ascent < TOLERANCE || arrived(x)) break;
    const found = yield* search(density, x, value, direction, ascent);
    if (!found) {
      if (fresh) break;
      reset();
      fresh = true;
      continue;
    }
    const step = found.x.map((v, i) => v - x[i]);
    const change = gradient.map((v, i) => v - found.gradient[i]);
    x = found.x;
    gradient = found.gradient;
    value = found.value;
    const curvature = dot(step, change);
    if (curvature > 0) {
      if (fresh) {
        const size = curvature / dot(change, change);
        inverse.fill(0);
        for (let i = 0; i < d; i++) inverse[i * d + i] = size;
      }
      update(inverse, step, change, curvature);
      fresh = false;
    }
  }
  return x;
}

interface Step {
  readonly x: Float64Array<ArrayBuffer>;
  readonly gradient: Float64Array<ArrayBuffer>;
  readonly value: number;
}

/** Backtracking until the gain is a ten-thousandth of what the slope promises (Armijo). */
function* search(
  density: LogDensity,
  x: Float64Array<ArrayBuffer>,
  value: number,
  direction: Float64Array,
  ascent: number,
): Steps<Step | null> {
  let step = 1;
  for (let attempt = 0; attempt < 30; attempt++, step *= 0.5) {
    const next = x.map((v, i) => v + step * direction[i]);
    const gradient = new Float64Array(x.length);
    yield;
    const gained = density.evaluate(next, gradient);
    if (gained >= value + 1e-4 * step * ascent && gradient.every(Number.isFinite)) return { x: next, gradient, value: gained };
  }
  return null;
}

function multiply(matrix: Float64Array, v: Float64Array): Float64Array {
  const d = v.length;
  return v.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += matrix[i * d + j] * v[j];
    return sum;
  });
}

/** The BFGS update of an inverse Hessian (Nocedal & Wright 2006, eq. 6.17). */
function update(inverse: Float64Array, step: Float64Array, change: Float64Array, curvature: number): void {
  const d = step.length;
  const hy = multiply(inverse, change);
  const factor = (1 + dot(change, hy) / curvature) / curvature;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) inverse[i * d + j] += factor * step[i] * step[j] - (hy[i] * step[j] + step[i] * hy[j]) / curvature;
  }
}

/** The negative Hessian at a mode by central differences of the gradient: d × d, or its diagonal alone in more than DENSE dimensions. */
export function* precisionAt(density: LogDensity, mode: Float64Array): Steps<Float64Array> {
  const d = mode.length;
  if (d > DENSE) return curvatures(density, mode);
  const precision = new Float64Array(d * d);
  const at = mode.slice();
  const up = new Float64Array(d);
  const down = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    at[i] = mode[i] + DIFFERENCE;
    yield;
    density.evaluate(at, up);
    at[i] = mode[i] - DIFFERENCE;
    density.evaluate(at, down);
    at[i] = mode[i];
    for (let j = 0; j < d; j++) {
      const value = (down[j] - up[j]) / (4 * DIFFERENCE);
      precision[i * d + j] += value;
      precision[j * d + i] += value;
    }
  }
  return precision;
}

/** The map A = L⁻ᵀ with L Lᵀ the precision of `precisionAt`. */
export const normalMap = (precision: Float64Array, d: number): LinearMap =>
  precision.length === d * d ? denseMap(precision, d) : diagonalMap(precision);

/** Diagonal curvature from one pair of gradients, right when the coordinates hardly interact. */
function curvatures(density: LogDensity, mode: Float64Array): Float64Array {
  const up = new Float64Array(mode.length);
  const down = new Float64Array(mode.length);
  density.evaluate(
    mode.map((v) => v + DIFFERENCE),
    up,
  );
  density.evaluate(
    mode.map((v) => v - DIFFERENCE),
    down,
  );
  return up.map((v, i) => (down[i] - v) / (2 * DIFFERENCE));
}

function diagonalMap(precision: Float64Array): LinearMap {
  const sd = precision.map((v) => (v > 0 && Number.isFinite(v) ? 1 / sqrt(v) : 1));
  const times = (from: Float64Array, to: Float64Array): void => {
    for (let i = 0; i < sd.length; i++) to[i] = from[i] * sd[i];
  };
  return {
    dimension: sd.length,
    logDeterminant: -logVolume(sd),
    apply: times,
    applyTransposed: times,
    applyInverse(x, z) {
      for (let i = 0; i < sd.length; i++) z[i] = x[i] / sd[i];
    },
  };
}

/** A = L⁻ᵀ for a d × d precision; where it is not positive definite, its diagonal is raised until it is. */
export function denseMap(precision: Float64Array, d: number): LinearMap {
  let factor = precision.slice();
  for (let ridge = 0; !choleskyInPlace(factor, d); ridge = ridge === 0 ? 1e-3 : ridge * 4) {
    factor = precision.map((v, i) => {
      if (i % (d + 1) !== 0) return Number.isFinite(v) ? v : 0;
      return (Number.isFinite(v) ? Math.abs(v) : 1) * (1 + ridge) + ridge;
    });
  }
  return {
    dimension: d,
    logDeterminant: logVolume(Array.from({ length: d }, (_, i) => factor[i * (d + 1)])),
    apply(z, x) {
      x.set(z);
      solveLowerTransposed(factor, d, x);
    },
    applyTransposed(g, out) {
      out.set(g);
      solveLower(factor, d, out);
    },
    applyInverse(x, z) {
      for (let i = 0; i < d; i++) {
        let sum = 0;
        for (let j = i; j < d; j++) sum += factor[j * d + i] * x[j];
        z[i] = sum;
      }
    },
  };
}
