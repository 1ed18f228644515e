/** Affine coordinates in which a posterior is near a standard normal: position = centre + A (shift + scale ⊙ z). */
import type { LogDensity } from './types.ts';

/** A linear map A of ℝ^dimension, from an approximation of the posterior's covariance A Aᵀ. */
export interface LinearMap {
  readonly dimension: number;
  /** log |det A|. */
  readonly logDeterminant: number;
  /** x ← A z. */
  apply(z: Float64Array, x: Float64Array): void;
  /** out ← Aᵀ g. */
  applyTransposed(g: Float64Array, out: Float64Array): void;
  /** z ← A⁻¹ x. */
  applyInverse(x: Float64Array, z: Float64Array): void;
}

/** A⁻¹ (position − centre). */
export function whitenedFrom(map: LinearMap, centre: Float64Array, position: Float64Array): Float64Array {
  const z = new Float64Array(position.length);
  map.applyInverse(
    position.map((v, i) => v - centre[i]),
    z,
  );
  return z;
}

/** A = I. */
export function identityMap(dimension: number): LinearMap {
  const copy = (from: Float64Array, to: Float64Array): void => to.set(from);
  return { dimension, logDeterminant: 0, apply: copy, applyTransposed: copy, applyInverse: copy };
}

/**
 * A density seen in whitened coordinates. The diagonal part (shift, scale) is what warm-up adapts; the Jacobian is
 * constant and left out.
 */
export class Whitened implements LogDensity {
  readonly dimension: number;
  readonly shift: Float64Array;
  readonly scale: Float64Array;
  readonly #density: LogDensity;
  readonly #centre: Float64Array;
  readonly #map: LinearMap;
  readonly #inner: Float64Array;
  readonly #position: Float64Array;
  readonly #gradient: Float64Array;

  constructor(density: LogDensity, centre: Float64Array, map: LinearMap) {
    const d = density.dimension;
    this.dimension = d;
    this.#density = density;
    this.#centre = centre;
    this.#map = map;
    this.shift = new Float64Array(d);
    this.scale = new Float64Array(d).fill(1);
    this.#inner = new Float64Array(d);
    this.#position = new Float64Array(d);
    this.#gradient = new Float64Array(d);
  }

  evaluate(z: Float64Array, gradient: Float64Array): number {
    this.toPosition(z, this.#position);
    const value = this.#density.evaluate(this.#position, this.#gradient);
    this.#map.applyTransposed(this.#gradient, gradient);
    for (let i = 0; i < gradient.length; i++) gradient[i] *= this.scale[i];
    return value;
  }

  toPosition(z: Float64Array, position: Float64Array): void {
    for (let i = 0; i < z.length; i++) this.#inner[i] = this.shift[i] + this.scale[i] * z[i];
    this.#map.apply(this.#inner, position);
    for (let i = 0; i < z.length; i++) position[i] += this.#centre[i];
  }

  /** Moves to new diagonal coordinates and re-expresses `z`, which stays at its position. */
  rescale(shift: Float64Array, scale: Float64Array, z: Float64Array): void {
    for (let i = 0; i < z.length; i++) {
      z[i] = (this.shift[i] + this.scale[i] * z[i] - shift[i]) / scale[i];
    }
    this.shift.set(shift);
    this.scale.set(scale);
  }
}
