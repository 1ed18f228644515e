/** What a collapsed Gaussian's solver leaves behind: all groups' solutions in long arrays, and each group's by name. */
import type { PackedGroups } from './packed.ts';

/** All groups' solutions, one after another; see PackedGroups for where a group's part begins. */
export class Solutions {
  /** Lower Cholesky factor of the local precision, k × k. */
  readonly factor: Float64Array;
  /** k each: the locals' sds; L⁻¹ D r, then the posterior mean of z. */
  readonly sd: Float64Array;
  readonly z: Float64Array;
  /** L⁻¹ B, k × s. */
  readonly border: Float64Array;
  /** A group's share of the Schur complement, s × s, and of its right-hand side. */
  readonly schur: Float64Array;
  readonly schurRight: Float64Array;
  /** Posterior mean of q − q0, slopes then the intercept's location. */
  readonly delta: Float64Array;
  /** sd of the local intercept, the factor f = 1 + sd² W/σ², and κ, what ȳ − x̄·w − m is worth. */
  readonly interceptSd: Float64Array;
  readonly interceptFactor: Float64Array;
  readonly kappa: Float64Array;
  /** ȳ − x̄·w − m at the posterior mean, and the residual sum of squares about the group's means there. */
  readonly residual: Float64Array;
  readonly squares: Float64Array;

  constructor(p: PackedGroups) {
    const room = (at: Int32Array): Float64Array => new Float64Array(at[p.count]);
    this.factor = room(p.factorAt);
    this.sd = room(p.localAt);
    this.z = room(p.localAt);
    this.border = room(p.borderAt);
    this.schur = room(p.schurAt);
    this.schurRight = room(p.sharedAt);
    this.delta = room(p.deltaAt);
    this.interceptSd = new Float64Array(p.count);
    this.interceptFactor = new Float64Array(p.count);
    this.kappa = new Float64Array(p.count);
    this.residual = new Float64Array(p.count);
    this.squares = new Float64Array(p.count);
  }
}

/** One group's solution: views of what `Solutions` holds, as they are after the last solve. */
export class GroupSolution {
  readonly factor: Float64Array;
  readonly sd: Float64Array;
  readonly z: Float64Array;
  readonly border: Float64Array;
  readonly schur: Float64Array;
  readonly schurRight: Float64Array;
  readonly delta: Float64Array;
  readonly #all: Solutions;
  readonly #index: number;

  constructor(p: PackedGroups, all: Solutions, index: number) {
    const part = (values: Float64Array, at: Int32Array): Float64Array => values.subarray(at[index], at[index + 1]);
    this.factor = part(all.factor, p.factorAt);
    this.sd = part(all.sd, p.localAt);
    this.z = part(all.z, p.localAt);
    this.border = part(all.border, p.borderAt);
    this.schur = part(all.schur, p.schurAt);
    this.schurRight = part(all.schurRight, p.sharedAt);
    this.delta = part(all.delta, p.deltaAt);
    this.#all = all;
    this.#index = index;
  }

  get interceptSd(): number {
    return this.#all.interceptSd[this.#index];
  }

  get interceptFactor(): number {
    return this.#all.interceptFactor[this.#index];
  }

  get kappa(): number {
    return this.#all.kappa[this.#index];
  }

  get residual(): number {
    return this.#all.residual[this.#index];
  }

  get squares(): number {
    return this.#all.squares[this.#index];
  }
}
