/**
 * The linear algebra of the collapsed Gaussian at given scales. With q the slopes and the intercept's location of a group
 * (the local intercept itself is integrated out analytically, which keeps the digits that x̄x̄ᵀ would swamp),
 * q = q0 + D z + C v for local z and shared v, the joint precision of all z and v is arrow-shaped:
 * one Cholesky a group, one Schur complement for v.
 */
import { log } from '../../math/elementary.ts';
import { choleskyInPlace, invertLower, solveLower, solveLowerTransposed } from '../../math/linalg.ts';
import type { CollapsedLayout } from './layout.ts';
import { INTERCEPT, type PackedGroups, packGroups } from './packed.ts';
import { GroupSolution, Solutions } from './solutions.ts';

/** The scales at which to solve: 1/σ² of each group (1 under `se`), tau of each term (NaN where there is none). */
export interface Scales {
  readonly inverseVariance: Float64Array;
  readonly tau: Float64Array;
}

export class CollapsedSolver {
  readonly packed: PackedGroups;
  readonly solutions: Solutions;
  /** Cholesky factor of the shared precision, s × s, and its inverse. */
  readonly sharedFactor: Float64Array;
  readonly sharedInverse: Float64Array;
  /** Posterior mean of v. */
  readonly shared: Float64Array;
  /** Σ log det of all precisions, the intercepts' factors included. */
  logDeterminant = 0;
  /** Twice the negative log density of data and standardised coefficients at their mode, without logs. */
  quadratic = 0;
  readonly #layout: CollapsedLayout;
  /** H of the group at hand, the likelihood's precision over the slopes and the intercept's location, (n + 1)². */
  readonly #information: Float64Array;
  /** A row of the border at hand. */
  readonly #row: Float64Array;
  #groups: readonly GroupSolution[] | null = null;

  constructor(layout: CollapsedLayout) {
    const s = layout.shared.length;
    this.#layout = layout;
    this.packed = packGroups(layout);
    this.solutions = new Solutions(this.packed);
    this.sharedFactor = new Float64Array(s * s);
    this.sharedInverse = new Float64Array(s * s);
    this.shared = new Float64Array(s);
    this.#information = new Float64Array((this.packed.most.slopes + 1) ** 2);
    this.#row = new Float64Array(this.packed.most.shared);
  }

  /** The solutions group by group. */
  get groups(): readonly GroupSolution[] {
    this.#groups ??= this.#layout.groups.map((_, g) => new GroupSolution(this.packed, this.solutions, g));
    return this.#groups;
  }

  /** Factors and solves; false when the posterior of the coefficients is improper or overflows at these scales. */
  solve(scales: Scales): boolean {
    const { shared } = this.#layout;
    const { count } = this.packed;
    const s = shared.length;
    this.logDeterminant = 0;
    this.quadratic = 0;
    this.sharedFactor.fill(0);
    this.shared.fill(0);
    for (let g = 0; g < count; g++) if (!this.#eliminate(g, scales)) return false;
    for (let c = 0; c < s; c++) if (shared[c].proper) this.sharedFactor[c * s + c] += 1;
    if (!choleskyInPlace(this.sharedFactor, s)) return false;
    solveLower(this.sharedFactor, s, this.shared);
    solveLowerTransposed(this.sharedFactor, s, this.shared);
    for (let c = 0; c < s; c++) {
      this.logDeterminant += 2 * log(this.sharedFactor[c * s + c]);
      if (shared[c].proper) this.quadratic += this.shared[c] * this.shared[c];
    }
    for (let g = 0; g < count; g++) this.#substitute(g, scales.inverseVariance[g]);
    return Number.isFinite(this.quadratic) && Number.isFinite(this.logDeterminant);
  }

  /** Writes the inverse of the shared factor; only gradients need it. */
  invertShared(): void {
    invertLower(this.sharedFactor, this.#layout.shared.length, this.sharedInverse);
  }

  #eliminate(g: number, scales: Scales): boolean {
    const { slopes, locals, slopeAt, localAt, factorAt, localSlope, localSd, localTerm, localProper, meanX, xy, residualMean } =
      this.packed;
    const { factor, sd, z, kappa } = this.solutions;
    const iv = scales.inverseVariance[g];
    if (!this.#eliminateIntercept(g, scales, iv)) return false;
    const n = slopes[g];
    const k = locals[g];
    const m = n + 1;
    const x = slopeAt[g];
    const l = localAt[g];
    const f = factorAt[g];
    const h = this.#information;
    const pull = kappa[g] * residualMean[g];
    this.#fillInformation(g, iv);
    for (let a = 0; a < k; a++) {
      const i = localSlope[l + a];
      const own = localSd[l + a];
      const scale = !Number.isNaN(own) ? own : scales.tau[localTerm[l + a]];
      sd[l + a] = scale;
      z[l + a] = scale * (iv * xy[x + i] + pull * meanX[x + i]);
      for (let b = 0; b <= a; b++) factor[f + a * k + b] = scale * sd[l + b] * h[i * m + localSlope[l + b]];
      if (localProper[l + a] === 1) factor[f + a * k + a] += 1;
    }
    if (!choleskyInPlace(factor, k, f)) return false;
    for (let a = 0; a < k; a++) this.logDeterminant += 2 * log(factor[f + a * (k + 1)]);
    solveLower(factor, k, z, f, l);
    this.#addSchur(g, iv);
    return true;
  }

  #fillInformation(g: number, iv: number): void {
    const { slopes, slopeAt, squareAt, meanX, xx } = this.packed;
    const h = this.#information;
    const n = slopes[g];
    const m = n + 1;
    const x = slopeAt[g];
    const square = squareAt[g];
    const kappa = this.solutions.kappa[g];
    for (let i = 0; i < n; i++) {
      const kx = kappa * meanX[x + i];
      for (let j = 0; j <= i; j++) {
        const value = iv * xx[square + i * n + j] + kx * meanX[x + j];
        h[i * m + j] = value;
        h[j * m + i] = value;
      }
      h[i * m + n] = kx;
      h[n * m + i] = kx;
    }
    h[n * m + n] = kappa;
  }

  /** A local intercept given everything else is normal: integrate it out by hand. */
  #eliminateIntercept(g: number, scales: Scales, iv: number): boolean {
    const { interceptSd, interceptFactor, kappa } = this.solutions;
    const weight = this.packed.weight[g] * iv;
    const role = this.packed.intercept[g];
    interceptSd[g] = 0;
    interceptFactor[g] = 1;
    kappa[g] = weight;
    if (role === INTERCEPT.none) return true;
    if (role === INTERCEPT.flat) {
      if (!(weight > 0)) return false;
      kappa[g] = 0;
      this.logDeterminant += log(weight);
      return true;
    }
    const own = this.packed.interceptSd[g];
    const sd = !Number.isNaN(own) ? own : scales.tau[this.#layout.interceptTerm];
    const f = 1 + sd * sd * weight;
    interceptSd[g] = sd;
    interceptFactor[g] = f;
    kappa[g] = weight / f;
    this.logDeterminant += log(f);
    return true;
  }

  /** The group's share of the Schur complement C'HC − (L⁻¹B)ᵀ L⁻¹B and of its right-hand side, added to the whole. */
  #addSchur(g: number, iv: number): void {
    const count = this.packed.shared[g];
    if (count === 0) return;
    this.#startSchur(g, iv);
    this.#reduceSchur(g);
    const { sharedAt, schurAt, sharedIndex } = this.packed;
    const { schur, schurRight } = this.solutions;
    const s = this.shared.length;
    const at = sharedAt[g];
    const corner = schurAt[g];
    for (let c = 0; c < count; c++) {
      const index = sharedIndex[at + c];
      this.shared[index] += schurRight[at + c];
      for (let d = 0; d <= c; d++) {
        const value = schur[corner + c * count + d];
        schur[corner + d * count + c] = value;
        const other = sharedIndex[at + d];
        this.sharedFactor[index >= other ? index * s + other : other * s + index] += value;
      }
    }
  }

  /** C'HC, lower triangle, and the score in the shared coefficients. */
  #startSchur(g: number, iv: number): void {
    const { slopes, shared, slopeAt, sharedAt, schurAt, sharedSd, sharedCoordinate, meanX, xy, residualMean } = this.packed;
    const { schur, schurRight, kappa } = this.solutions;
    const h = this.#information;
    const n = slopes[g];
    const m = n + 1;
    const count = shared[g];
    const x = slopeAt[g];
    const at = sharedAt[g];
    const corner = schurAt[g];
    const pull = kappa[g] * residualMean[g];
    for (let c = 0; c < count; c++) {
      const coordinate = sharedCoordinate[at + c];
      const scale = sharedSd[at + c];
      schurRight[at + c] = scale * (coordinate === n ? pull : iv * xy[x + coordinate] + pull * meanX[x + coordinate]);
      for (let d = 0; d <= c; d++) {
        schur[corner + c * count + d] = scale * sharedSd[at + d] * h[coordinate * m + sharedCoordinate[at + d]];
      }
    }
  }

  /** L⁻¹B by forward substitution, row by row, each row's outer product taken off the Schur share at once. */
  #reduceSchur(g: number): void {
    const { slopes, locals, shared, localAt, factorAt, sharedAt, schurAt, borderAt, localSlope, sharedSd, sharedCoordinate } = this.packed;
    const { factor, sd, z, border, schur, schurRight } = this.solutions;
    const h = this.#information;
    const row = this.#row;
    const m = slopes[g] + 1;
    const k = locals[g];
    const count = shared[g];
    const l = localAt[g];
    const f = factorAt[g];
    const at = sharedAt[g];
    const corner = schurAt[g];
    const side = borderAt[g];
    for (let a = 0; a < k; a++) {
      const scale = sd[l + a];
      const from = localSlope[l + a] * m;
      for (let c = 0; c < count; c++) row[c] = scale * sharedSd[at + c] * h[from + sharedCoordinate[at + c]];
      for (let b = 0; b < a; b++) {
        const weight = factor[f + a * k + b];
        const above = side + b * count;
        for (let c = 0; c < count; c++) row[c] -= weight * border[above + c];
      }
      const inverse = 1 / factor[f + a * (k + 1)];
      const za = z[l + a];
      for (let c = 0; c < count; c++) {
        const value = row[c] * inverse;
        row[c] = value;
        border[side + a * count + c] = value;
        schurRight[at + c] -= value * za;
        const to = corner + c * count;
        for (let d = 0; d <= c; d++) schur[to + d] -= value * row[d];
      }
    }
  }

  /** Posterior means given the shared ones, and the group's part of the quadratic at the mode. */
  #substitute(g: number, iv: number): void {
    const { slopes, locals, shared, slopeAt, squareAt, localAt, factorAt, sharedAt, borderAt, deltaAt } = this.packed;
    const { localSlope, localProper, sharedIndex, sharedSd, sharedCoordinate, meanX, xy, xx, yy, residualMean } = this.packed;
    const { factor, sd, z, border, delta, kappa, residual, squares } = this.solutions;
    const n = slopes[g];
    const k = locals[g];
    const count = shared[g];
    const x = slopeAt[g];
    const l = localAt[g];
    const at = sharedAt[g];
    const side = borderAt[g];
    const to = deltaAt[g];
    for (let a = 0; a < k; a++) {
      let value = z[l + a];
      for (let c = 0; c < count; c++) value -= border[side + a * count + c] * this.shared[sharedIndex[at + c]];
      z[l + a] = value;
    }
    solveLowerTransposed(factor, k, z, factorAt[g], l);
    for (let i = 0; i <= n; i++) delta[to + i] = 0;
    for (let a = 0; a < k; a++) {
      delta[to + localSlope[l + a]] = sd[l + a] * z[l + a];
      if (localProper[l + a] === 1) this.quadratic += z[l + a] * z[l + a];
    }
    for (let c = 0; c < count; c++) delta[to + sharedCoordinate[at + c]] += sharedSd[at + c] * this.shared[sharedIndex[at + c]];
    let left = residualMean[g] - delta[to + n];
    let sum = yy[g];
    const square = squareAt[g];
    for (let i = 0; i < n; i++) {
      left -= meanX[x + i] * delta[to + i];
      let row = -2 * xy[x + i];
      for (let j = 0; j < n; j++) row += xx[square + i * n + j] * delta[to + j];
      sum += delta[to + i] * row;
    }
    residual[g] = left;
    squares[g] = sum;
    this.quadratic += iv * sum + kappa[g] * left * left;
  }
}
