/**
 * The collapsed Gaussian: with normal (or flat) priors on coefficients and population means, everything linear is integrated
 * out exactly given the scales, which are all that NUTS walks over (Lai, Domke & Sheldon 2024, arXiv 2410.24079; lme4's
 * profiled likelihood). The gradient is Fisher's identity: the expectation, over the coefficients' exact posterior,
 * of the joint density's derivative.
 */
import { log } from '../../math/elementary.ts';
import { invertLower } from '../../math/linalg.ts';
import type { LogDensity } from '../../sampler/types.ts';
import type { Prior } from '../../spec/types.ts';
import type { Design, GroupStatistics } from '../design.ts';
import { type Derivatives, isFixed } from '../priors.ts';
import { constrain, logDensityUnconstrained, slope, type Transform, transformFor } from '../transforms.ts';
import { type CollapsedLayout, type GroupLayout, layoutOf } from './layout.ts';
import { CollapsedSolver, type GroupSolution, slopeResidual } from './solver.ts';

const LOG_2PI = log(2 * Math.PI);

/** A scale that is sampled, and where it acts: all groups' noise, one group's, or a term's tau. */
interface FreeScale {
  readonly prior: Prior;
  readonly transform: Transform;
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
  readonly #inverseVariance: Float64Array;
  readonly #free: readonly FreeScale[];
  readonly #constant: number;
  readonly #scaleScore: Float64Array;
  readonly #tauScore: Float64Array;
  readonly #derivatives: Derivatives = { value: 0, first: 0, second: 0 };
  readonly #scratch: { inverse: Float64Array; vector: Float64Array; shared: Float64Array; covariance: Float64Array };

  constructor(design: Design, statistics: readonly GroupStatistics[]) {
    this.design = design;
    this.layout = layoutOf(design, statistics);
    this.solver = new CollapsedSolver(this.layout);
    const groups = design.groups.length;
    this.sigma = new Float64Array(groups).fill(1);
    this.tau = new Float64Array(design.terms.length).fill(Number.NaN);
    this.#inverseVariance = new Float64Array(groups).fill(1);
    this.#scaleScore = new Float64Array(groups);
    this.#tauScore = new Float64Array(design.terms.length);
    this.#free = this.#freeScales();
    this.dimension = this.#free.length;
    this.#constant = this.layout.groups.reduce((sum, g) => sum + g.constant - (design.scale ? 0.5 * g.weight * LOG_2PI : 0), 0);
    const k = Math.max(0, ...this.layout.groups.map((g) => g.locals));
    const s = this.layout.shared.length;
    this.#scratch = {
      inverse: new Float64Array(k * k),
      vector: new Float64Array(k),
      shared: new Float64Array(s),
      covariance: new Float64Array(s * s),
    };
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

  /** Sets the scales at a position and solves for the coefficients; false where that is impossible. */
  solveAt(position: Float64Array): boolean {
    this.#free.forEach((f, i) => {
      const value = constrain(f.transform, position[i]);
      if (f.kind === 'tau') this.tau[f.index] = value;
      else if (f.index >= 0) this.sigma[f.index] = value;
      else this.sigma.fill(value);
    });
    for (let g = 0; g < this.sigma.length; g++) this.#inverseVariance[g] = 1 / (this.sigma[g] * this.sigma[g]);
    return this.solver.solve({ inverseVariance: this.#inverseVariance, tau: this.tau });
  }

  /** log p(y | scales) at the last solution, constants included (flat priors count as density 1). */
  logMarginal(): number {
    let value = this.#constant - 0.5 * (this.solver.logDeterminant + this.solver.quadratic);
    if (this.design.scale) {
      for (let g = 0; g < this.sigma.length; g++) value -= this.layout.groups[g].weight * log(this.sigma[g]);
    }
    // Each flat coefficient integrates to sqrt(2π) more than a standard normal one.
    return value + 0.5 * LOG_2PI * this.#flat();
  }

  #flat(): number {
    let count = this.layout.shared.filter((c) => !c.proper).length;
    for (const g of this.layout.groups) {
      for (const proper of g.localProper) count += 1 - proper;
      if (g.intercept === 'local' && !g.interceptProper) count++;
    }
    return count;
  }

  evaluate(position: Float64Array, gradient: Float64Array): number {
    if (!this.solveAt(position)) return Number.NaN;
    let value = this.logMarginal();
    this.#scores();
    this.#free.forEach((f, i) => {
      const { sum, at } = this.#scoreOf(f);
      value += logDensityUnconstrained(f.prior, f.transform, position[i], this.#derivatives);
      gradient[i] = this.#derivatives.first + (sum * slope(f.transform, position[i])) / at;
    });
    return value;
  }

  /** d log p(y | scales) / d log scale, and the scale. */
  #scoreOf(f: FreeScale): { sum: number; at: number } {
    if (f.kind === 'tau') return { sum: this.#tauScore[f.index], at: this.tau[f.index] };
    if (f.index >= 0) return { sum: this.#scaleScore[f.index], at: this.sigma[f.index] };
    let sum = 0;
    for (const score of this.#scaleScore) sum += score;
    return { sum, at: this.sigma[0] };
  }

  /** Expectations of the joint score, group by group. */
  #scores(): void {
    const { layout, solver } = this;
    const s = layout.shared.length;
    const { covariance } = this.#scratch;
    solver.invertShared();
    const inverse = solver.sharedInverse;
    for (let i = 0; i < s; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let l = i; l < s; l++) sum += inverse[l * s + i] * inverse[l * s + j];
        covariance[i * s + j] = sum;
        covariance[j * s + i] = sum;
      }
    }
    this.#tauScore.fill(0);
    for (let g = 0; g < layout.groups.length; g++) this.#groupScores(g, layout.groups[g], solver.groups[g]);
  }

  #groupScores(index: number, g: GroupLayout, at: GroupSolution): void {
    const { locals: k } = g;
    const iv = this.#inverseVariance[index];
    // The variance that the likelihood's quadratic form has: k − Σ Var z + tr(Schur share · Cov v).
    let trace = k;
    invertLower(at.factor, k, this.#scratch.inverse);
    for (let a = 0; a < k; a++) {
      if (g.localProper[a] === 0) continue;
      const variance = this.#varianceOf(g, at, a);
      trace -= variance;
      const term = g.terms[g.localSlope[a]];
      if (Number.isNaN(g.localSd[a])) this.#tauScore[term] += at.z[a] * at.z[a] + variance - 1;
    }
    trace += this.#sharedTrace(g, at);
    const spread = this.#residualVariance(g, at);
    const squared = at.residual * at.residual + spread;
    const weight = g.weight * iv;
    const { interceptFactor: f, interceptSd: sd } = at;
    let residuals = iv * slopeResidual(g, at.delta) + trace - at.kappa * spread;
    if (g.intercept === 'local' && !g.interceptProper) residuals += 1;
    else residuals += (weight * squared) / (f * f) + (weight * sd * sd) / f;
    this.#scaleScore[index] = residuals - g.weight;
    if (g.intercept === 'local' && Number.isNaN(g.interceptSd)) {
      const pull = (sd * weight) / f;
      this.#tauScore[this.layout.interceptTerm] += pull * pull * squared + 1 / f - 1;
    }
  }

  /** Var z_a, local and shared uncertainty together; L⁻¹ of the group is in scratch. */
  #varianceOf(g: GroupLayout, at: GroupSolution, a: number): number {
    const { locals: k } = g;
    const { inverse } = this.#scratch;
    const count = g.shared.length;
    let variance = 0;
    for (let i = a; i < k; i++) variance += inverse[i * k + a] * inverse[i * k + a];
    // Row a of M⁻¹B = L⁻ᵀ L⁻¹ B.
    const row = this.#scratch.shared;
    for (let c = 0; c < count; c++) {
      let sum = 0;
      for (let i = a; i < k; i++) sum += inverse[i * k + a] * at.border[i * count + c];
      row[c] = sum;
    }
    return variance + this.#quadraticForm(g, row);
  }

  /** eᵀ Cov(v) e for a vector over the group's shared coefficients. */
  #quadraticForm(g: GroupLayout, e: Float64Array): number {
    const s = this.layout.shared.length;
    const { covariance } = this.#scratch;
    const count = g.shared.length;
    let sum = 0;
    for (let c = 0; c < count; c++) {
      const row = g.shared[c] * s;
      let inner = 0.5 * e[c] * covariance[row + g.shared[c]];
      for (let d = 0; d < c; d++) inner += e[d] * covariance[row + g.shared[d]];
      sum += 2 * e[c] * inner;
    }
    return sum;
  }

  #sharedTrace(g: GroupLayout, at: GroupSolution): number {
    const s = this.layout.shared.length;
    const count = g.shared.length;
    let trace = 0;
    for (let c = 0; c < count; c++) {
      for (let d = 0; d < count; d++) trace += at.schur[c * count + d] * this.#scratch.covariance[g.shared[c] * s + g.shared[d]];
    }
    return trace;
  }

  /** Var(x̄·w + m). */
  #residualVariance(g: GroupLayout, at: GroupSolution): number {
    const { locals: k, slopes: n } = g;
    const { vector } = this.#scratch;
    const count = g.shared.length;
    let variance = 0;
    for (let a = 0; a < k; a++) {
      let value = at.sd[a] * g.meanX[g.localSlope[a]];
      for (let b = 0; b < a; b++) value -= at.factor[a * k + b] * vector[b];
      vector[a] = value / at.factor[a * k + a];
      variance += vector[a] * vector[a];
    }
    if (count === 0) return variance;
    const e = this.#scratch.shared;
    for (let c = 0; c < count; c++) {
      const coordinate = g.sharedCoordinate[c];
      e[c] = this.layout.shared[g.shared[c]].sd * (coordinate === n ? 1 : g.meanX[coordinate]);
      for (let a = 0; a < k; a++) e[c] -= at.border[a * count + c] * vector[a];
    }
    return variance + this.#quadraticForm(g, e);
  }

  /** The sampled scales, in the order of a position's coordinates. */
  get free(): readonly FreeScale[] {
    return this.#free;
  }
}
