/**
 * The linear algebra of the collapsed Gaussian at given scales. With q the slopes and the intercept's location of a group
 * (the local intercept itself is integrated out analytically, which keeps the digits that x̄x̄ᵀ would swamp),
 * q = q0 + D z + C v for local z and shared v, the joint precision of all z and v is arrow-shaped:
 * one Cholesky a group, one Schur complement for v.
 */
import { log } from '../../math/elementary.ts';
import { choleskyInPlace, invertLower, solveLower, solveLowerTransposed } from '../../math/linalg.ts';
import type { CollapsedLayout, GroupLayout } from './layout.ts';

/** The scales at which to solve: 1/σ² of each group (1 under `se`), tau of each term (NaN where there is none). */
export interface Scales {
  readonly inverseVariance: Float64Array;
  readonly tau: Float64Array;
}

/** What a group's solution holds; arrays are as long as the group has locals k, slopes or shared s. */
export class GroupSolution {
  /** Lower Cholesky factor of the local precision, k × k. */
  readonly factor: Float64Array;
  /** H, the likelihood's precision over the slopes and the intercept's location, (slopes + 1)². */
  readonly information: Float64Array;
  readonly sd: Float64Array;
  /** L⁻¹ D r, then the posterior mean of z. */
  readonly z: Float64Array;
  /** L⁻¹ B, k × s. */
  readonly border: Float64Array;
  /** This group's share of the Schur complement, s × s. */
  readonly schur: Float64Array;
  readonly schurRight: Float64Array;
  /** Posterior mean of q − q0, slopes then the intercept's location. */
  readonly delta: Float64Array;
  /** sd of the local intercept, the factor f = 1 + sd² W/σ², and κ, what ȳ − x̄·w − m is worth. */
  interceptSd = 0;
  interceptFactor = 1;
  kappa = 0;
  /** ȳ − x̄·w − m at the posterior mean. */
  residual = 0;

  constructor(g: GroupLayout) {
    const k = g.locals;
    const s = g.shared.length;
    this.factor = new Float64Array(k * k);
    this.information = new Float64Array((g.slopes + 1) ** 2);
    this.sd = new Float64Array(k);
    this.z = new Float64Array(k);
    this.border = new Float64Array(k * s);
    this.schur = new Float64Array(s * s);
    this.schurRight = new Float64Array(s);
    this.delta = new Float64Array(g.slopes + 1);
  }
}

export class CollapsedSolver {
  readonly groups: readonly GroupSolution[];
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

  constructor(layout: CollapsedLayout) {
    const s = layout.shared.length;
    this.#layout = layout;
    this.groups = layout.groups.map((g) => new GroupSolution(g));
    this.sharedFactor = new Float64Array(s * s);
    this.sharedInverse = new Float64Array(s * s);
    this.shared = new Float64Array(s);
  }

  /** Factors and solves; false when the posterior of the coefficients is improper or overflows at these scales. */
  solve(scales: Scales): boolean {
    const { groups, shared } = this.#layout;
    const s = shared.length;
    this.logDeterminant = 0;
    this.quadratic = 0;
    this.sharedFactor.fill(0);
    this.shared.fill(0);
    for (let g = 0; g < groups.length; g++) if (!this.#eliminate(groups[g], this.groups[g], scales, g)) return false;
    for (let c = 0; c < s; c++) if (shared[c].proper) this.sharedFactor[c * s + c] += 1;
    if (!choleskyInPlace(this.sharedFactor, s)) return false;
    solveLower(this.sharedFactor, s, this.shared);
    solveLowerTransposed(this.sharedFactor, s, this.shared);
    for (let c = 0; c < s; c++) {
      this.logDeterminant += 2 * log(this.sharedFactor[c * s + c]);
      if (shared[c].proper) this.quadratic += this.shared[c] * this.shared[c];
    }
    for (let g = 0; g < groups.length; g++) this.#substitute(groups[g], this.groups[g], scales.inverseVariance[g]);
    return Number.isFinite(this.quadratic) && Number.isFinite(this.logDeterminant);
  }

  /** Writes the inverse of the shared factor; only gradients need it. */
  invertShared(): void {
    invertLower(this.sharedFactor, this.#layout.shared.length, this.sharedInverse);
  }

  #eliminate(g: GroupLayout, out: GroupSolution, scales: Scales, index: number): boolean {
    const iv = scales.inverseVariance[index];
    const weight = g.weight * iv;
    if (!this.#eliminateIntercept(g, out, scales, weight)) return false;
    const { slopes: n, locals: k } = g;
    const m = n + 1;
    const { information: h, kappa } = out;
    for (let i = 0; i < n; i++) {
      const row = i * m;
      const kx = kappa * g.meanX[i];
      for (let j = 0; j <= i; j++) {
        const value = iv * g.xx[i * n + j] + kx * g.meanX[j];
        h[row + j] = value;
        h[j * m + i] = value;
      }
      h[row + n] = kx;
      h[n * m + i] = kx;
    }
    h[n * m + n] = kappa;
    for (let a = 0; a < k; a++) {
      const i = g.localSlope[a];
      const sd = Number.isNaN(g.localSd[a]) ? scales.tau[g.terms[i]] : g.localSd[a];
      out.sd[a] = sd;
      out.z[a] = sd * (iv * g.xy[i] + kappa * g.residualMean * g.meanX[i]);
      for (let b = 0; b <= a; b++) out.factor[a * k + b] = sd * out.sd[b] * h[i * m + g.localSlope[b]];
      if (g.localProper[a] === 1) out.factor[a * k + a] += 1;
    }
    if (!choleskyInPlace(out.factor, k)) return false;
    for (let a = 0; a < k; a++) this.logDeterminant += 2 * log(out.factor[a * k + a]);
    solveLower(out.factor, k, out.z);
    this.#addSchur(g, out, iv);
    return true;
  }

  /** A local intercept given everything else is normal: integrate it out by hand. */
  #eliminateIntercept(g: GroupLayout, out: GroupSolution, scales: Scales, weight: number): boolean {
    out.interceptSd = 0;
    out.interceptFactor = 1;
    out.kappa = weight;
    if (g.intercept !== 'local') return true;
    if (!g.interceptProper) {
      if (!(weight > 0)) return false;
      out.kappa = 0;
      this.logDeterminant += log(weight);
      return true;
    }
    const sd = Number.isNaN(g.interceptSd) ? scales.tau[this.#layout.interceptTerm] : g.interceptSd;
    out.interceptSd = sd;
    out.interceptFactor = 1 + sd * sd * weight;
    out.kappa = weight / out.interceptFactor;
    this.logDeterminant += log(out.interceptFactor);
    return true;
  }

  #addSchur(g: GroupLayout, out: GroupSolution, iv: number): void {
    const count = g.shared.length;
    if (count === 0) return;
    const { locals: k, slopes: n } = g;
    const m = n + 1;
    const { information: h, border, factor } = out;
    const all = this.#layout.shared;
    const s = all.length;
    for (let c = 0; c < count; c++) {
      const coordinate = g.sharedCoordinate[c];
      const sd = all[g.shared[c]].sd;
      // A column of L⁻¹ B by forward substitution.
      for (let a = 0; a < k; a++) {
        let value = sd * out.sd[a] * h[g.localSlope[a] * m + coordinate];
        for (let b = 0; b < a; b++) value -= factor[a * k + b] * border[b * count + c];
        border[a * count + c] = value / factor[a * k + a];
      }
      const score =
        coordinate === n ? out.kappa * g.residualMean : iv * g.xy[coordinate] + out.kappa * g.residualMean * g.meanX[coordinate];
      let right = sd * score;
      for (let a = 0; a < k; a++) right -= border[a * count + c] * out.z[a];
      out.schurRight[c] = right;
      this.shared[g.shared[c]] += right;
      for (let d = 0; d <= c; d++) {
        let value = sd * all[g.shared[d]].sd * h[coordinate * m + g.sharedCoordinate[d]];
        for (let a = 0; a < k; a++) value -= border[a * count + c] * border[a * count + d];
        out.schur[c * count + d] = value;
        out.schur[d * count + c] = value;
        const [i, j] = g.shared[c] >= g.shared[d] ? [g.shared[c], g.shared[d]] : [g.shared[d], g.shared[c]];
        this.sharedFactor[i * s + j] += value;
      }
    }
  }

  /** Posterior means given the shared ones, and the group's part of the quadratic at the mode. */
  #substitute(g: GroupLayout, out: GroupSolution, iv: number): void {
    const { locals: k, slopes: n } = g;
    const count = g.shared.length;
    for (let a = 0; a < k; a++) {
      for (let c = 0; c < count; c++) out.z[a] -= out.border[a * count + c] * this.shared[g.shared[c]];
    }
    solveLowerTransposed(out.factor, k, out.z);
    out.delta.fill(0);
    for (let a = 0; a < k; a++) {
      out.delta[g.localSlope[a]] = out.sd[a] * out.z[a];
      if (g.localProper[a] === 1) this.quadratic += out.z[a] * out.z[a];
    }
    for (let c = 0; c < count; c++) out.delta[g.sharedCoordinate[c]] += this.#layout.shared[g.shared[c]].sd * this.shared[g.shared[c]];
    out.residual = g.residualMean - out.delta[n];
    for (let i = 0; i < n; i++) out.residual -= g.meanX[i] * out.delta[i];
    this.quadratic += iv * slopeResidual(g, out.delta) + out.kappa * out.residual * out.residual;
  }
}

/** Residual sum of squares about the group's means at q0 + delta. */
export function slopeResidual(g: GroupLayout, delta: Float64Array): number {
  const n = g.slopes;
  let sum = g.yy;
  for (let i = 0; i < n; i++) {
    let row = -2 * g.xy[i];
    for (let j = 0; j < n; j++) row += g.xx[i * n + j] * delta[j];
    sum += delta[i] * row;
  }
  return sum;
}
