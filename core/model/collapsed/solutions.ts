/** One group's part of a collapsed Gaussian's solution, by name: views of the kernels' memory, as it is after the last solve. */
import * as at from '../../kernels/groupWords.ts';
import type { PackedGroups } from './packed.ts';

export class GroupSolution {
  /** Lower Cholesky factor L of the local precision, k × k. */
  readonly factor: Float64Array;
  /** k each: the locals' sds, and the posterior mean of z. */
  readonly sd: Float64Array;
  readonly z: Float64Array;
  /** L⁻¹ B, k × s. */
  readonly border: Float64Array;
  /** This group's share of the Schur complement, s × s, and of its right-hand side. */
  readonly schur: Float64Array;
  readonly schurRight: Float64Array;
  /** Posterior mean of q − q0, slopes then the intercept's location. */
  readonly delta: Float64Array;
  readonly #scalars: Float64Array;

  constructor({ words, numbers, entries }: PackedGroups, index: number) {
    const entry = words.subarray(entries + index * at.ENTRY, entries + (index + 1) * at.ENTRY);
    const part = (address: number, length: number): Float64Array => numbers.subarray(entry[address], entry[address] + length);
    const [n, k, s] = [entry[at.N], entry[at.K], entry[at.S]];
    this.factor = part(at.FACTOR, k * k);
    this.sd = part(at.SD, k);
    this.z = part(at.Z, k);
    this.border = part(at.BORDER, k * s);
    this.schur = part(at.SCHUR, s * s);
    this.schurRight = part(at.RIGHT, s);
    this.delta = part(at.DELTA, n + 1);
    this.#scalars = part(at.SCALARS, at.SCALARS_LENGTH);
  }

  /** sd of the local intercept, the factor f = 1 + sd² W/σ², and κ, what ȳ − x̄·w − m is worth. */
  get interceptSd(): number {
    return this.#scalars[at.INTERCEPT_SD];
  }

  get interceptFactor(): number {
    return this.#scalars[at.INTERCEPT_FACTOR];
  }

  get kappa(): number {
    return this.#scalars[at.KAPPA];
  }

  /** ȳ − x̄·w − m at the posterior mean, and the residual sum of squares about the group's means there. */
  get residual(): number {
    return this.#scalars[at.RESIDUAL];
  }

  get squares(): number {
    return this.#scalars[at.SQUARES];
  }
}
