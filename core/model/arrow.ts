/**
 * Symmetric matrices in the shape of an arrow: a block for each group, borders between groups and what they share, and a
 * corner. Their Cholesky factor has the same shape, so that 2,000 groups cost 2,000 small factors and one more.
 */

import { sqrt } from '../math/elementary.ts';
import { choleskyInPlace, solveLower, solveLowerTransposed } from '../math/linalg.ts';
import { logVolume } from '../sampler/modes.ts';
import type { LinearMap } from '../sampler/whitening.ts';

/** Numbers of an arrow, plain enough to send to a worker. */
export interface ArrowData {
  /** groups + 1; see Coordinates.start. */
  readonly start: Int32Array;
  readonly dimension: number;
  readonly blocks: Float64Array;
  readonly borders: Float64Array;
  readonly corner: Float64Array;
}

export class Arrow implements ArrowData {
  readonly start: Int32Array;
  readonly dimension: number;
  /** Each group's k × k block, row-major, lower triangle, one after another. */
  readonly blocks: Float64Array;
  /** Each group's shared × k border, row-major, one after another. */
  readonly borders: Float64Array;
  /** shared × shared, row-major, lower triangle. */
  readonly corner: Float64Array;
  readonly #blockAt: Int32Array;
  readonly #borderAt: Int32Array;
  readonly #groupOf: Int32Array;
  readonly #shared: number;
  /** Shared rows whose borders are not all 0. */
  #bordered: Int32Array;

  constructor(start: Int32Array, dimension: number, data?: ArrowData) {
    const groups = start.length - 1;
    this.start = start;
    this.dimension = dimension;
    this.#shared = dimension - start[groups];
    this.#blockAt = new Int32Array(groups + 1);
    this.#borderAt = new Int32Array(groups + 1);
    this.#groupOf = new Int32Array(dimension).fill(-1);
    for (let g = 0; g < groups; g++) {
      const k = start[g + 1] - start[g];
      this.#blockAt[g + 1] = this.#blockAt[g] + k * k;
      this.#borderAt[g + 1] = this.#borderAt[g] + k * this.#shared;
      this.#groupOf.fill(g, start[g], start[g + 1]);
    }
    this.blocks = data?.blocks ?? new Float64Array(this.#blockAt[groups]);
    this.borders = data?.borders ?? new Float64Array(this.#borderAt[groups]);
    this.corner = data?.corner ?? new Float64Array(this.#shared * this.#shared);
    this.#bordered = Int32Array.from({ length: this.#shared }, (_, r) => r);
    if (data) this.#bordered = this.#bordered.filter((r) => this.#borderSquares(r) > 0);
  }

  /** Σ of the squares of a shared row's borders. */
  #borderSquares(r: number): number {
    let squares = 0;
    for (let g = 0; g + 1 < this.start.length; g++) {
      const k = this.start[g + 1] - this.start[g];
      const at = this.#borderAt[g] + r * k;
      for (let i = at; i < at + k; i++) squares += this.borders[i] * this.borders[i];
    }
    return squares;
  }

  /**
   * After `factor`: sets to 0 the borders of shared coordinates that the groups explain less than a fiftieth of. What is left is
   * the factor of a matrix near A, and multiplying by it costs little more than the blocks.
   */
  dropWeakBorders(): void {
    const m = this.#shared;
    this.#bordered = this.#bordered.filter((r) => {
      let own = 0;
      for (let s = 0; s <= r; s++) own += this.corner[r * m + s] * this.corner[r * m + s];
      if (this.#borderSquares(r) > 0.02 * own) return true;
      for (let g = 0; g + 1 < this.start.length; g++) {
        const k = this.start[g + 1] - this.start[g];
        this.borders.fill(0, this.#borderAt[g] + r * k, this.#borderAt[g] + (r + 1) * k);
      }
      return false;
    });
  }

  clear(): void {
    this.blocks.fill(0);
    this.borders.fill(0);
    this.corner.fill(0);
  }

  /** Adds to the entries (i, j) and (j, i); nothing where either is −1. Different groups have no common entry. */
  add(i: number, j: number, value: number): void {
    if (i < 0 || j < 0) return;
    const row = i > j ? i : j;
    const column = i > j ? j : i;
    const first = this.start[this.start.length - 1];
    if (column >= first) this.corner[(row - first) * this.#shared + column - first] += value;
    else {
      const g = this.#groupOf[column];
      const k = this.start[g + 1] - this.start[g];
      if (row >= first) this.borders[this.#borderAt[g] + (row - first) * k + column - this.start[g]] += value;
      else this.blocks[this.#blockAt[g] + (row - this.start[g]) * k + column - this.start[g]] += value;
    }
  }

  /** Sets the row and column of a shared coordinate to 0. */
  clearShared(at: number): void {
    const m = this.#shared;
    const r = at - this.start[this.start.length - 1];
    for (let g = 0; g + 1 < this.start.length; g++) {
      const k = this.start[g + 1] - this.start[g];
      this.borders.fill(0, this.#borderAt[g] + r * k, this.#borderAt[g] + (r + 1) * k);
    }
    for (let s = 0; s < m; s++) this.corner[s > r ? s * m + r : r * m + s] = 0;
  }

  /** Replaces the matrix by its Cholesky factor; blocks that are not positive definite get the ridge that makes them so. */
  factor(): void {
    const m = this.#shared;
    for (let g = 0; g + 1 < this.start.length; g++) {
      const k = this.start[g + 1] - this.start[g];
      const border = this.#borderAt[g];
      factorWithRidge(this.blocks, k, this.#blockAt[g]);
      for (let r = 0; r < m; r++) solveLower(this.blocks, k, this.borders, this.#blockAt[g], border + r * k);
      for (let r = 0; r < m; r++)
        for (let s = 0; s <= r; s++) {
          let sum = 0;
          for (let i = 0; i < k; i++) sum += this.borders[border + r * k + i] * this.borders[border + s * k + i];
          this.corner[r * m + s] -= sum;
        }
    }
    factorWithRidge(this.corner, m, 0);
  }

  /** After `factor`: x ← A⁻¹ b, where x may be b. */
  solve(b: Float64Array, x: Float64Array): void {
    this.lower(b, x);
    this.upper(x, x);
  }

  /** After `factor`: out ← L⁻¹ b, where out may be b. */
  lower(b: Float64Array, out: Float64Array): void {
    if (out !== b) out.set(b);
    const { start, blocks } = this;
    const first = start[start.length - 1];
    for (let g = 0; g + 1 < start.length; g++) {
      const from = start[g];
      const k = start[g + 1] - from;
      let at = this.#blockAt[g];
      for (let i = 0; i < k; i++) {
        let sum = out[from + i];
        for (let j = 0; j < i; j++) sum -= blocks[at + j] * out[from + j];
        out[from + i] = sum / blocks[at + i];
        at += k;
      }
      this.#borderTimes(g, k, out, first);
    }
    solveLower(this.corner, this.#shared, out, 0, first);
  }

  /** out_shared −= W_g out_g. */
  #borderTimes(g: number, k: number, out: Float64Array, first: number): void {
    const bordered = this.#bordered;
    for (let n = 0; n < bordered.length; n++) {
      const r = bordered[n];
      let sum = 0;
      const at = this.#borderAt[g] + r * k;
      for (let i = 0; i < k; i++) sum += this.borders[at + i] * out[this.start[g] + i];
      out[first + r] -= sum;
    }
  }

  /** After `factor`: out ← L⁻ᵀ b, where out may be b. */
  upper(b: Float64Array, out: Float64Array): void {
    if (out !== b) out.set(b);
    const { start, blocks, borders } = this;
    const bordered = this.#bordered;
    const first = start[start.length - 1];
    solveLowerTransposed(this.corner, this.#shared, out, 0, first);
    for (let g = 0; g + 1 < start.length; g++) {
      const from = start[g];
      const k = start[g + 1] - from;
      for (let n = 0; n < bordered.length; n++) {
        const value = out[first + bordered[n]];
        const at = this.#borderAt[g] + bordered[n] * k;
        for (let i = 0; i < k; i++) out[from + i] -= borders[at + i] * value;
      }
      for (let i = k - 1; i >= 0; i--) {
        const row = this.#blockAt[g] + i * k;
        const value = out[from + i] / blocks[row + i];
        out[from + i] = value;
        for (let j = 0; j < i; j++) out[from + j] -= blocks[row + j] * value;
      }
    }
  }

  /** After `factor`: the diagonal of L. */
  *diagonal(): Generator<number, void> {
    for (let g = 0; g + 1 < this.start.length; g++) {
      const k = this.start[g + 1] - this.start[g];
      for (let i = 0; i < k; i++) yield this.blocks[this.#blockAt[g] + i * (k + 1)];
    }
    for (let i = 0; i < this.#shared; i++) yield this.corner[i * (this.#shared + 1)];
  }

  /** After `factor`: z ← Lᵀ x, where z is not x. */
  multiplyTransposed(x: Float64Array, z: Float64Array): void {
    const { start } = this;
    const first = start[start.length - 1];
    const m = this.#shared;
    for (let g = 0; g + 1 < start.length; g++) {
      const k = start[g + 1] - start[g];
      for (let i = 0; i < k; i++) {
        let sum = 0;
        for (let j = i; j < k; j++) sum += this.blocks[this.#blockAt[g] + j * k + i] * x[start[g] + j];
        for (const r of this.#bordered) sum += this.borders[this.#borderAt[g] + r * k + i] * x[first + r];
        z[start[g] + i] = sum;
      }
    }
    for (let r = 0; r < m; r++) {
      let sum = 0;
      for (let s = r; s < m; s++) sum += this.corner[s * m + r] * x[first + s];
      z[first + r] = sum;
    }
  }

  /** After `factor`, with A a precision: the variance of a x_i + b x_j, where j is shared or −1. */
  varianceOfSum(i: number, a: number, j: number, b: number, scratch: Float64Array): number {
    const { start } = this;
    const first = start[start.length - 1];
    const g = this.#groupOf[i];
    if (g >= 0) scratch.fill(0, start[g], start[g + 1]);
    scratch.fill(0, first);
    scratch[i] = a;
    if (j >= 0) scratch[j] += b;
    let variance = 0;
    if (g >= 0) {
      const k = start[g + 1] - start[g];
      solveLower(this.blocks, k, scratch, this.#blockAt[g], start[g]);
      this.#borderTimes(g, k, scratch, first);
      for (let c = start[g]; c < start[g + 1]; c++) variance += scratch[c] * scratch[c];
    }
    solveLower(this.corner, this.#shared, scratch, 0, first);
    for (let c = first; c < this.dimension; c++) variance += scratch[c] * scratch[c];
    return variance;
  }
}

/** The map z → L⁻ᵀ z of a factored precision: its image of a standard normal has the precision's inverse as covariance. */
export function whiteningOf(arrow: Arrow): LinearMap {
  return {
    dimension: arrow.dimension,
    logDeterminant: logVolume(arrow.diagonal()),
    apply: (z, x) => arrow.upper(z, x),
    applyTransposed: (g, out) => arrow.lower(g, out),
    applyInverse: (x, z) => arrow.multiplyTransposed(x, z),
  };
}

/** Cholesky in place; when the matrix is not positive definite, of the matrix with a growing ridge. */
function factorWithRidge(a: Float64Array, n: number, offset: number): void {
  const copy = a.slice(offset, offset + n * n);
  if (choleskyInPlace(a, n, offset)) return;
  let size = 0;
  for (let i = 0; i < n; i++) {
    const d = Math.abs(copy[i * n + i]);
    if (Number.isFinite(d) && d > size) size = d;
  }
  if (size === 0) size = 1;
  for (let ridge = 1e-10 * size; ridge < 1e6 * size; ridge *= 10) {
    a.set(copy, offset);
    for (let i = 0; i < n; i++) a[offset + i * n + i] = Math.max(a[offset + i * n + i], 0) + ridge;
    if (choleskyInPlace(a, n, offset)) return;
  }
  for (let i = 0; i < n; i++) {
    a.fill(0, offset + i * n, offset + i * n + n);
    const d = copy[i * n + i];
    a[offset + i * n + i] = sqrt(d > 0 && Number.isFinite(d) ? d : 1);
  }
}
