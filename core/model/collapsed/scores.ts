/** The gradient of the collapsed Gaussian by Fisher's identity: expectations of the joint score over the coefficients' exact posterior. */
import { invertLower } from '../../math/linalg.ts';
import type { CollapsedLayout } from './layout.ts';
import { INTERCEPT } from './packed.ts';
import type { CollapsedSolver } from './solver.ts';

export class CollapsedScores {
  /** d log p(y | scales) / d log σ of each group, and / d log tau of each term. */
  readonly scale: Float64Array;
  readonly tau: Float64Array;
  readonly #layout: CollapsedLayout;
  readonly #solver: CollapsedSolver;
  /** Cov(v) of all shared coefficients. */
  readonly #covariance: Float64Array;
  /** Of the group at hand: L⁻¹; Cov(v), lower triangle, off-diagonal entries doubled; a vector of locals and one of shared. */
  readonly #inverse: Float64Array;
  readonly #doubled: Float64Array;
  readonly #local: Float64Array;
  readonly #shared: Float64Array;

  constructor(layout: CollapsedLayout, solver: CollapsedSolver, terms: number) {
    const { count, most } = solver.packed;
    this.#layout = layout;
    this.#solver = solver;
    this.scale = new Float64Array(count);
    this.tau = new Float64Array(terms);
    this.#covariance = new Float64Array(layout.shared.length ** 2);
    this.#inverse = new Float64Array(most.locals ** 2);
    this.#doubled = new Float64Array(most.shared ** 2);
    this.#local = new Float64Array(most.locals);
    this.#shared = new Float64Array(most.shared);
  }

  /** Fills `scale` and `tau` at the solver's last solution. */
  compute(inverseVariance: Float64Array): void {
    const s = this.#layout.shared.length;
    this.#solver.invertShared();
    const inverse = this.#solver.sharedInverse;
    for (let i = 0; i < s; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let l = i; l < s; l++) sum += inverse[l * s + i] * inverse[l * s + j];
        this.#covariance[i * s + j] = sum;
        this.#covariance[j * s + i] = sum;
      }
    }
    this.tau.fill(0);
    for (let g = 0; g < this.scale.length; g++) this.#group(g, inverseVariance[g]);
  }

  #group(g: number, iv: number): void {
    const { packed, solutions } = this.#solver;
    this.#gatherCovariance(g);
    const trace = this.#localTrace(g) + this.#sharedTrace(g);
    const spread = this.#residualVariance(g);
    const residual = solutions.residual[g];
    const squared = residual * residual + spread;
    const weight = packed.weight[g] * iv;
    const f = solutions.interceptFactor[g];
    const sd = solutions.interceptSd[g];
    let residuals = iv * solutions.squares[g] + trace - solutions.kappa[g] * spread;
    if (packed.intercept[g] === INTERCEPT.flat) residuals += 1;
    else residuals += (weight * squared) / (f * f) + (weight * sd * sd) / f;
    this.scale[g] = residuals - packed.weight[g];
    if (packed.intercept[g] !== INTERCEPT.none && Number.isNaN(packed.interceptSd[g])) {
      const pull = (sd * weight) / f;
      this.tau[this.#layout.interceptTerm] += pull * pull * squared + 1 / f - 1;
    }
  }

  #gatherCovariance(g: number): void {
    const { shared, sharedAt, sharedIndex } = this.#solver.packed;
    const covariance = this.#covariance;
    const doubled = this.#doubled;
    const s = this.#layout.shared.length;
    const count = shared[g];
    const at = sharedAt[g];
    for (let c = 0; c < count; c++) {
      const row = sharedIndex[at + c] * s;
      for (let d = 0; d < c; d++) doubled[c * count + d] = 2 * covariance[row + sharedIndex[at + d]];
      doubled[c * count + c] = covariance[row + sharedIndex[at + c]];
    }
  }

  /** k − Σ Var z over the locals with proper priors, local and shared uncertainty together; adds to the taus' scores. */
  #localTrace(g: number): number {
    const { locals, shared, localAt, factorAt, borderAt, localProper, localSd, localTerm } = this.#solver.packed;
    const { factor, border, z } = this.#solver.solutions;
    const inverse = this.#inverse;
    const row = this.#shared;
    const k = locals[g];
    const count = shared[g];
    const l = localAt[g];
    const side = borderAt[g];
    invertLower(factor, k, inverse, factorAt[g]);
    let trace = k;
    for (let a = 0; a < k; a++) {
      if (localProper[l + a] === 0) continue;
      let variance = 0;
      for (let c = 0; c < count; c++) row[c] = 0;
      // Row a of M⁻¹ = L⁻ᵀ L⁻¹ and of M⁻¹B.
      for (let i = a; i < k; i++) {
        const weight = inverse[i * k + a];
        variance += weight * weight;
        const from = side + i * count;
        for (let c = 0; c < count; c++) row[c] += weight * border[from + c];
      }
      variance += this.#quadraticForm(count);
      trace -= variance;
      if (Number.isNaN(localSd[l + a])) this.tau[localTerm[l + a]] += z[l + a] * z[l + a] + variance - 1;
    }
    return trace;
  }

  /** eᵀ Cov(v) e for the vector over the group's shared coefficients in scratch. */
  #quadraticForm(count: number): number {
    const e = this.#shared;
    const doubled = this.#doubled;
    let sum = 0;
    for (let c = 0; c < count; c++) {
      let inner = 0;
      for (let d = 0; d <= c; d++) inner += doubled[c * count + d] * e[d];
      sum += e[c] * inner;
    }
    return sum;
  }

  /** tr(Schur share · Cov v). */
  #sharedTrace(g: number): number {
    const { shared, schurAt } = this.#solver.packed;
    const { schur } = this.#solver.solutions;
    const doubled = this.#doubled;
    const count = shared[g];
    const corner = schurAt[g];
    let trace = 0;
    for (let c = 0; c < count; c++) {
      for (let d = 0; d <= c; d++) trace += schur[corner + c * count + d] * doubled[c * count + d];
    }
    return trace;
  }

  /** Var(x̄·w + m). */
  #residualVariance(g: number): number {
    const { slopes, locals, shared, slopeAt, localAt, factorAt, sharedAt, borderAt } = this.#solver.packed;
    const { localSlope, meanX, sharedSd, sharedCoordinate } = this.#solver.packed;
    const { factor, sd, border } = this.#solver.solutions;
    const local = this.#local;
    const e = this.#shared;
    const n = slopes[g];
    const k = locals[g];
    const count = shared[g];
    const x = slopeAt[g];
    const l = localAt[g];
    const f = factorAt[g];
    const at = sharedAt[g];
    const side = borderAt[g];
    for (let c = 0; c < count; c++) {
      const coordinate = sharedCoordinate[at + c];
      e[c] = sharedSd[at + c] * (coordinate === n ? 1 : meanX[x + coordinate]);
    }
    let variance = 0;
    for (let a = 0; a < k; a++) {
      let value = sd[l + a] * meanX[x + localSlope[l + a]];
      for (let b = 0; b < a; b++) value -= factor[f + a * k + b] * local[b];
      value /= factor[f + a * (k + 1)];
      local[a] = value;
      variance += value * value;
      const row = side + a * count;
      for (let c = 0; c < count; c++) e[c] -= border[row + c] * value;
    }
    return count === 0 ? variance : variance + this.#quadraticForm(count);
  }
}
