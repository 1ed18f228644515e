/**
 * The linear algebra of the collapsed Gaussian at given scales. With q the slopes and the intercept's location of a group
 * (the local intercept itself is integrated out analytically, which keeps the digits that x̄x̄ᵀ would swamp),
 * q = q0 + D z + C v for local z and shared v, the joint precision of all z and v is arrow-shaped:
 * one Cholesky a group, one Schur complement for v. What is done group by group is compiled (core/kernels/assembly/groups.ts).
 */
import * as at from '../../kernels/groupWords.ts';
import { log } from '../../math/elementary.ts';
import { choleskyInPlace, invertLower, solveLower, solveLowerTransposed } from '../../math/linalg.ts';
import type { CollapsedLayout } from './layout.ts';
import { type PackedGroups, packGroups } from './packed.ts';
import { GroupSolution } from './solutions.ts';

const LOG_2 = log(2);

export class CollapsedSolver {
  readonly packed: PackedGroups;
  /** To be set before a solve: 1/σ² of each group (1 under `se`), tau of each term (NaN where there is none). */
  readonly inverseVariance: Float64Array;
  readonly tau: Float64Array;
  /** Cholesky factor of the shared precision, S × S. */
  readonly sharedFactor: Float64Array;
  /** Posterior mean of v. */
  readonly shared: Float64Array;
  /** d log p(y | scales) / d log σ of each group, and / d log tau of each term, after `score`. */
  readonly scaleScore: Float64Array;
  readonly tauScore: Float64Array;
  /** Σ log det of all precisions, the intercepts' factors included. */
  logDeterminant = 0;
  /** Twice the negative log density of data and standardised coefficients at their mode, without logs. */
  quadratic = 0;
  readonly #layout: CollapsedLayout;
  readonly #results: Float64Array;
  readonly #covariance: Float64Array;
  readonly #inverse: Float64Array;
  #groups: readonly GroupSolution[] | null = null;

  /** @param terms number of the design's terms. */
  constructor(layout: CollapsedLayout, terms: number) {
    const groups = layout.groups.length;
    const s = layout.shared.length;
    this.#layout = layout;
    this.packed = packGroups(layout, terms);
    const { words, numbers, frame } = this.packed;
    const part = (address: number, length: number): Float64Array =>
      numbers.subarray(words[frame + address], words[frame + address] + length);
    this.inverseVariance = part(at.INVERSE_VARIANCE, groups).fill(1);
    this.tau = part(at.TAU, terms).fill(Number.NaN);
    this.sharedFactor = part(at.SHARED_PRECISION, s * s);
    this.shared = part(at.SHARED_MEAN, s);
    this.scaleScore = part(at.SCALE_SCORE, groups);
    this.tauScore = part(at.TAU_SCORE, terms);
    this.#results = part(at.RESULTS, 3);
    this.#covariance = part(at.SHARED_COVARIANCE, s * s);
    this.#inverse = new Float64Array(s * s);
  }

  /** The solutions group by group. */
  get groups(): readonly GroupSolution[] {
    this.#groups ??= this.#layout.groups.map((_, g) => new GroupSolution(this.packed, g));
    return this.#groups;
  }

  /** Factors and solves; false when the posterior of the coefficients is improper or overflows at these scales. */
  solve(): boolean {
    const { kernels, frame } = this.packed;
    const { shared } = this.#layout;
    const s = shared.length;
    this.sharedFactor.fill(0);
    this.shared.fill(0);
    if (kernels.eliminateGroups(frame) === 0) return false;
    for (let c = 0; c < s; c++) if (shared[c].proper) this.sharedFactor[c * s + c] += 1;
    if (!choleskyInPlace(this.sharedFactor, s)) return false;
    solveLower(this.sharedFactor, s, this.shared);
    solveLowerTransposed(this.sharedFactor, s, this.shared);
    kernels.substituteGroups(frame);
    this.logDeterminant = log(this.#results[at.DETERMINANT]) + this.#results[at.EXPONENT] * LOG_2;
    this.quadratic = this.#results[at.QUADRATIC];
    for (let c = 0; c < s; c++) {
      this.logDeterminant += 2 * log(this.sharedFactor[c * s + c]);
      if (shared[c].proper) this.quadratic += this.shared[c] * this.shared[c];
    }
    return Number.isFinite(this.quadratic) && Number.isFinite(this.logDeterminant);
  }

  /** Fills the scores at the last solution: Fisher's identity, expectations over the coefficients' exact posterior. */
  score(): void {
    const { kernels, frame } = this.packed;
    const s = this.#layout.shared.length;
    const inverse = this.#inverse;
    invertLower(this.sharedFactor, s, inverse);
    for (let i = 0; i < s; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let l = i; l < s; l++) sum += inverse[l * s + i] * inverse[l * s + j];
        this.#covariance[i * s + j] = sum;
        this.#covariance[j * s + i] = sum;
      }
    }
    this.tauScore.fill(0);
    kernels.scoreGroups(frame);
  }
}
