/** Small dense linear algebra over row-major Float64Arrays; the matrices here are a handful of rows. */
import { sqrt } from './elementary.ts';

/**
 * Replaces the lower triangle of the symmetric n × n matrix at `offset` by its Cholesky factor L, A = L Lᵀ; reads and
 * writes the lower triangle only. Returns whether A is positive definite; if not, the contents are of no use.
 */
export function choleskyInPlace(a: Float64Array, n: number, offset = 0): boolean {
  for (let j = 0; j < n; j++) {
    const rowJ = offset + j * n;
    let d = a[rowJ + j];
    for (let k = 0; k < j; k++) d -= a[rowJ + k] * a[rowJ + k];
    if (!(d > 0) || d === Number.POSITIVE_INFINITY) return false;
    const root = sqrt(d);
    a[rowJ + j] = root;
    const inverse = 1 / root;
    for (let i = j + 1; i < n; i++) {
      const rowI = offset + i * n;
      let s = a[rowI + j];
      for (let k = 0; k < j; k++) s -= a[rowI + k] * a[rowJ + k];
      a[rowI + j] = s * inverse;
    }
  }
  return true;
}

/** Solves L x = b in place, L lower triangular n × n. */
export function solveLower(l: Float64Array, n: number, b: Float64Array, offsetL = 0, offsetB = 0): void {
  for (let i = 0; i < n; i++) {
    const row = offsetL + i * n;
    let s = b[offsetB + i];
    for (let k = 0; k < i; k++) s -= l[row + k] * b[offsetB + k];
    b[offsetB + i] = s / l[row + i];
  }
}

/** Solves Lᵀ x = b in place, L lower triangular n × n. */
export function solveLowerTransposed(l: Float64Array, n: number, b: Float64Array, offsetL = 0, offsetB = 0): void {
  for (let i = n - 1; i >= 0; i--) {
    let s = b[offsetB + i];
    for (let k = i + 1; k < n; k++) s -= l[offsetL + k * n + i] * b[offsetB + k];
    b[offsetB + i] = s / l[offsetL + i * n + i];
  }
}

/** Writes L⁻¹ (lower triangular, zeros above) of a lower triangular L. */
export function invertLower(l: Float64Array, n: number, out: Float64Array, offsetL = 0, offsetOut = 0): void {
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < j; i++) out[offsetOut + i * n + j] = 0;
    out[offsetOut + j * n + j] = 1 / l[offsetL + j * n + j];
    for (let i = j + 1; i < n; i++) {
      let s = 0;
      for (let k = j; k < i; k++) s += l[offsetL + i * n + k] * out[offsetOut + k * n + j];
      out[offsetOut + i * n + j] = -s / l[offsetL + i * n + i];
    }
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i] * b[i];
  return s;
}

/** The largest absolute value; 0 of none. */
export const largestOf = (a: Float64Array): number => a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
