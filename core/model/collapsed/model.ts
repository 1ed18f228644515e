/**
 * The collapsed Gaussian: with normal (or flat) priors on coefficients and population means, everything linear is integrated
 * out exactly given the scales, which are all that NUTS walks over (Lai, Domke & Sheldon 2024, arXiv 2410.24079; lme4's
 * profiled likelihood). The gradient is Fisher's identity: the expectation, over the coefficients' exact posterior,
 * of the joint density's derivative.
 */

import type { Design, GroupStatistics } from '../../design/design.ts';
import { type Derivatives, isFixed } from '../../design/priors.ts';
import { log } from '../../math/elementary.ts';
import type { LogDensity } from '../../sampler/types.ts';
import type { Prior } from '../../spec/types.ts';
import { type Bijection, constrain, folded, logDensityUnconstrained, logSlope, transformFor } from '../transforms.ts';
import { type CollapsedLayout, layoutOf } from './layout.ts';
import { CollapsedSolver } from './solver.ts';

const LOG_2PI = log(2 * Math.PI);

/** A scale that is sampled, and where it acts: all groups' noise, one group's, or a term's tau. */
interface FreeScale {
  readonly prior: Prior;
  readonly transform: Bijection;
  readonly kind: 'scale' | 'tau';
  /** A group or −1 for all; a term for tau. */
  readonly index: number;
}

export class CollapsedModel implements LogDensity {
  readonly dimension: number;
  readonly design: Design;
  readonly layout: CollapsedLayout;
  readonly solver: CollapsedSolver;
  /** σ of each group (1 under `se`) and tau of each term (NaN without) at the last position. */
  readonly sigma: Float64Array;
  readonly tau: Float64Array;
  #free: readonly FreeScale[];
  readonly #constant: number;
  /** Σ of all groups' weights. */
  readonly #weight: number;
  readonly #derivatives: Derivatives = { value: 0, first: 0, second: 0 };
  /** Flat priors on coefficients that were integrated out. */
  readonly #flat: number;
  /** The last position that was solved at, and whether that went well; `null` before the first. */
  readonly #solvedAt: Float64Array;
  #solved: boolean | null = null;

  /** @param spreads typical sizes of the free scales: those whose priors allow it are then folded about 0. */
  constructor(design: Design, statistics: readonly GroupStatistics[], spreads: Float64Array | null = null) {
    this.design = design;
    this.layout = layoutOf(design, statistics);
    this.solver = new CollapsedSolver(this.layout, design.terms.length);
    const groups = design.groups.length;
    this.sigma = new Float64Array(groups).fill(1);
    this.tau = this.solver.tau;
    this.#free = this.#freeScales();
    if (spreads !== null) this.fold(spreads);
    this.dimension = this.#free.length;
    this.#constant = this.layout.groups.reduce((sum, g) => sum + g.constant - (design.scale ? 0.5 * g.weight * LOG_2PI : 0), 0);
    this.#weight = this.layout.groups.reduce((sum, g) => sum + g.weight, 0);
    this.#flat = countFlat(this.layout);
    this.#solvedAt = new Float64Array(this.dimension);
  }

  /** Folds scales about 0, each with its typical size; positions then mean something else. */
  fold(spreads: Float64Array): void {
    this.#free = this.#free.map((f, i) => ({ ...f, transform: folded(f.transform, f.prior, spreads[i]) }));
    this.#solved = null;
  }

  #freeScales(): FreeScale[] {
    const free: FreeScale[] = [];
    const add = (prior: Prior, kind: FreeScale['kind'], index: number, fix: (value: number) => void): void => {
      if (isFixed(prior)) fix(prior.fixed);
      else free.push({ prior, kind, index, transform: transformFor(prior, true) });
    };
    const { scale } = this.design;
    if (scale?.by === 'all') add(scale.prior, 'scale', -1, (v) => this.sigma.fill(v));
    if (scale?.by === 'group') {
      this.design.groups.forEach((_, g) => {
        add(scale.prior, 'scale', g, (v) => {
          this.sigma[g] = v;
        });
      });
    }
    this.design.terms.forEach((t, i) => {
      if (t.sd === null) return;
      add(t.sd, 'tau', i, (v) => {
        this.tau[i] = v;
      });
    });
    return free;
  }

  /** Sets the scales at a position and solves for the coefficients; false where that is impossible. Costs nothing at the place of the last call. */
  solveAt(position: Float64Array): boolean {
    if (this.#solved !== null && position.every((v, i) => v === this.#solvedAt[i])) return this.#solved;
    this.#solvedAt.set(position);
    this.#free.forEach((f, i) => {
      const value = constrain(f.transform, position[i]);
      if (f.kind === 'tau') this.tau[f.index] = value;
      else if (f.index >= 0) this.sigma[f.index] = value;
      else this.sigma.fill(value);
    });
    const { inverseVariance } = this.solver;
    for (let g = 0; g < this.sigma.length; g++) inverseVariance[g] = 1 / (this.sigma[g] * this.sigma[g]);
    this.#solved = this.solver.solve();
    return this.#solved;
  }

  /** log p(y | scales) at the last solution, constants included (flat priors count as density 1). */
  logMarginal(): number {
    let value = this.#constant - 0.5 * (this.solver.logDeterminant + this.solver.quadratic);
    const { groups } = this.layout;
    const { scale } = this.design;
    if (scale?.by === 'group') for (let g = 0; g < groups.length; g++) value -= groups[g].weight * log(this.sigma[g]);
    else if (scale) value -= this.#weight * log(this.sigma[0]);
    // Each flat coefficient integrates to sqrt(2π) more than a standard normal one.
    return value + 0.5 * LOG_2PI * this.#flat;
  }

  valueAt(position: Float64Array): number {
    if (!this.solveAt(position)) return Number.NaN;
    let value = this.logMarginal();
    this.#free.forEach((f, i) => {
      value += logDensityUnconstrained(f.prior, f.transform, position[i], this.#derivatives);
    });
    return value;
  }

  evaluate(position: Float64Array, gradient: Float64Array): number {
    const value = this.valueAt(position);
    if (this.#solved !== true) return value;
    this.solver.score();
    this.#free.forEach((f, i) => {
      logDensityUnconstrained(f.prior, f.transform, position[i], this.#derivatives);
      gradient[i] = this.#derivatives.first + this.#scoreOf(f) * logSlope(f.transform, position[i]);
    });
    return value;
  }

  /** d log p(y | scales) / d log scale. */
  #scoreOf(f: FreeScale): number {
    if (f.kind === 'tau') return this.solver.tauScore[f.index];
    if (f.index >= 0) return this.solver.scaleScore[f.index];
    let sum = 0;
    for (const score of this.solver.scaleScore) sum += score;
    return sum;
  }

  /** The sampled scales, in the order of a position's coordinates. */
  get free(): readonly FreeScale[] {
    return this.#free;
  }
}

function countFlat(layout: CollapsedLayout): number {
  let count = layout.shared.filter((c) => !c.proper).length;
  for (const g of layout.groups) {
    for (const proper of g.localProper) count += 1 - proper;
    if (g.intercept === 'local' && !g.interceptProper) count++;
  }
  return count;
}
