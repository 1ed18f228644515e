/**
 * Groups whose partially pooled coefficients the data know only together, as an intercept and the slope of a covariate far from 0.
 * The coefficients b of such a group, b ~ Normal(mu, D²) with D = diag(tau), of which the data say "near b̂, with precision H", have the
 * coordinates z with
 *   b = mu + D v,   v = M⁻¹ D H (b̂ − mu) + L⁻ᵀ z,   M = I + D H D = L Lᵀ:
 * the mean and the root of the covariance that v has given mu, tau and a normal likelihood. For one coefficient that is the coordinate of
 * hierarchy.ts. Derivatives in tau go through L by the differential dL = L Φ(L⁻¹ dM L⁻ᵀ), where Φ takes the lower triangle and half
 * the diagonal (Murray 2016, "Differentiation of the Cholesky decomposition", arXiv 1602.07527, equation 8).
 *
 * A coefficient that is not pooled may be among them: the location and spread of its prior stand for mu and tau.
 */

import { type Derivatives, isFixed, locationAndSpread, logDensityOf } from '../design/priors.ts';
import { log } from '../math/elementary.ts';
import { HALF_LOG_2PI } from '../math/gamma.ts';
import { choleskyInPlace, invertLower } from '../math/linalg.ts';
import type { Anchors } from './anchors.ts';
import { type Coordinates, ROLE } from './coordinates.ts';
import type { TermState } from './termState.ts';

/** What the data say of the coupled groups; plain numbers. */
export interface CoupledReference {
  /** Number of coupled groups + 1: where each one's cells begin in `cells`. */
  readonly start: Int32Array;
  /** The coupled cells, group by group. */
  readonly cells: Int32Array;
  /** H: a k × k block a group, row-major, one after another. */
  readonly information: Float64Array;
  /** H b̂ by coupled cell. */
  readonly score: Float64Array;
}

/** One coupled group: its numbers at the last position. */
export class CoupledGroup {
  /** Number of coefficients, their cells, terms and coordinates. */
  readonly k: number;
  readonly cells: Int32Array;
  readonly terms: Int32Array;
  readonly at: Int32Array;
  /** H, row-major. */
  readonly information: Float64Array;
  /** L⁻¹, row-major, and M⁻¹ D (score − H mu). */
  readonly inverse: Float64Array;
  readonly mean: Float64Array;
  readonly v: Float64Array;
  /** score − H mu. */
  readonly pull: Float64Array;
  readonly tau: Float64Array;
  /** Locations and spreads of those that are not pooled; NaN for the others. */
  readonly #location: Float64Array;
  readonly #spread: Float64Array;
  readonly #coordinates: Coordinates;
  readonly #derivatives: Derivatives = { value: 0, first: 0, second: 0 };
  readonly #factor: Float64Array;
  readonly #r: Float64Array;
  readonly #y: Float64Array;
  readonly #x: Float64Array;
  readonly #g: Float64Array;
  readonly #q: Float64Array;

  constructor(cells: Int32Array, information: Float64Array, coordinates: Coordinates) {
    const k = cells.length;
    const vector = (): Float64Array => new Float64Array(k);
    const matrix = (): Float64Array => new Float64Array(k * k);
    this.k = k;
    this.cells = cells;
    this.terms = Int32Array.from(cells, (c) => coordinates.cells.term[c]);
    this.at = Int32Array.from(cells, (c) => coordinates.cell[c]);
    this.information = information;
    const spreads = Array.from(this.terms, (t) => {
      const slots = coordinates.terms[t];
      return slots.role === ROLE.own && !isFixed(slots.slot.prior)
        ? locationAndSpread(slots.slot.prior)
        : { location: Number.NaN, spread: Number.NaN };
    });
    this.#location = Float64Array.from(spreads, (p) => p.location);
    this.#spread = Float64Array.from(spreads, (p) => p.spread);
    this.#coordinates = coordinates;
    [this.mean, this.v, this.pull, this.tau, this.#r, this.#y, this.#x] = Array.from({ length: 7 }, vector);
    [this.inverse, this.#factor, this.#g, this.#q] = Array.from({ length: 4 }, matrix);
  }

  /** Whether the coefficient of that number is partially pooled. */
  isPooled(i: number): boolean {
    return Number.isNaN(this.#spread[i]);
  }

  #meanOf(i: number, states: readonly TermState[]): number {
    return this.isPooled(i) ? states[this.terms[i]].value : this.#location[i];
  }

  /** Writes the coefficients at a position whose means and taus are placed; `score`: H b̂ by cell. */
  place(states: readonly TermState[], score: Float64Array, position: Float64Array, beta: Float64Array): void {
    const { k, v, tau, mean } = this;
    this.#factorise(states, score);
    for (let i = 0; i < k; i++) {
      let root = 0;
      for (let j = i; j < k; j++) root += this.inverse[j * k + i] * position[this.at[j]];
      v[i] = mean[i] + root;
      beta[this.cells[i]] = this.#meanOf(i, states) + tau[i] * v[i];
    }
  }

  /** Writes the coordinates at which the group has these coefficients. */
  unplace(states: readonly TermState[], score: Float64Array, beta: Float64Array, position: Float64Array): void {
    const { k, v, tau, mean } = this;
    this.#factorise(states, score);
    for (let i = 0; i < k; i++) v[i] = tau[i] !== 0 ? (beta[this.cells[i]] - this.#meanOf(i, states)) / tau[i] - mean[i] : 0;
    for (let i = 0; i < k; i++) {
      let z = 0;
      for (let j = i; j < k; j++) z += this.#factor[j * k + i] * v[j];
      position[this.at[i]] = z;
    }
  }

  /** Adds what moving a mean does to v, −M⁻¹ D H e_j times `by`, to the first k numbers of `out`. */
  pulledBy(j: number, by: number, out: Float64Array): void {
    const { k, information, tau, inverse } = this;
    for (let b = 0; b < k; b++) {
      let half = 0;
      for (let i = 0; i <= b; i++) half += inverse[b * k + i] * tau[i] * information[i * k + j];
      for (let a = 0; a <= b; a++) out[a] -= by * inverse[b * k + a] * half;
    }
  }

  #factorise(states: readonly TermState[], score: Float64Array): void {
    const { k, information, inverse, tau, pull, mean } = this;
    const m = this.#factor;
    for (let i = 0; i < k; i++) tau[i] = this.isPooled(i) ? states[this.terms[i]].tau : this.#spread[i];
    for (let i = 0; i < k; i++) {
      let h = score[this.cells[i]];
      for (let j = 0; j < k; j++) h -= information[i * k + j] * this.#meanOf(j, states);
      pull[i] = h;
      for (let j = 0; j <= i; j++) m[i * k + j] = tau[i] * information[i * k + j] * tau[j] + (i === j ? 1 : 0);
    }
    // I + D H D has no eigenvalue below 1 but where its entries overflow; the density is then not finite, which a chain takes for a wall.
    if (!choleskyInPlace(m, k)) m.fill(Number.NaN);
    invertLower(m, k, inverse);
    const y = this.#y;
    for (let i = 0; i < k; i++) {
      y[i] = 0;
      for (let j = 0; j <= i; j++) y[i] += inverse[i * k + j] * tau[j] * pull[j];
    }
    this.#timesTransposed(y, mean);
  }

  /** out ← L⁻ᵀ y. */
  #timesTransposed(y: Float64Array, out: Float64Array): void {
    const { k, inverse } = this;
    for (let i = 0; i < k; i++) {
      out[i] = 0;
      for (let j = i; j < k; j++) out[i] += inverse[j * k + i] * y[j];
    }
  }

  /**
   * The prior of the group's coefficients with log |db/dz|: −½ v·v − Σ log L_ii − k/2 log 2π where all are pooled. Writes the gradient in the
   * group's coordinates, given the likelihood's in its coefficients, and adds to those in the terms' means and log taus and in the anchors.
   */
  evaluate(
    betaGradient: Float64Array,
    position: Float64Array,
    gradient: Float64Array,
    byMean: Float64Array,
    byLogTau: Float64Array,
    anchors: Anchors,
  ): number {
    const { k, v, tau, inverse, information, pull, cells, terms, at } = this;
    const [r, y, x] = [this.#r, this.#y, this.#x];
    let value = 0;
    for (let i = 0; i < k; i++) {
      value += log(inverse[i * (k + 1)]);
      if (this.isPooled(i)) {
        r[i] = tau[i] * betaGradient[cells[i]] - v[i];
        value -= HALF_LOG_2PI + 0.5 * v[i] * v[i];
      } else {
        const d = this.#ownPrior(i);
        r[i] = tau[i] * (betaGradient[cells[i]] + d.first);
        value += d.value + log(tau[i]);
      }
      y[i] = 0;
      for (let j = 0; j <= i; j++) y[i] += inverse[i * k + j] * r[j];
      gradient[at[i]] = y[i];
    }
    this.#timesTransposed(y, x);
    this.#byCovariance(position);
    for (let j = 0; j < k; j++) {
      if (anchors.move) anchors.add(cells[j], tau[j] * x[j]);
      if (!this.isPooled(j)) continue;
      const g = betaGradient[cells[j]];
      let shifted = g;
      let stretched = 0;
      for (let i = 0; i < k; i++) {
        const h = information[j * k + i] * tau[i];
        shifted -= h * x[i];
        stretched += h * this.#g[i * k + j];
      }
      byMean[terms[j]] += shifted;
      byLogTau[terms[j]] += tau[j] * (g * v[j] + x[j] * pull[j] + 2 * stretched);
    }
    return value;
  }

  /** The prior's log density of one that is not pooled. */
  #ownPrior(i: number): Derivatives {
    const slots = this.#coordinates.terms[this.terms[i]];
    if (slots.role === ROLE.own && !isFixed(slots.slot.prior)) {
      logDensityOf(slots.slot.prior, this.#location[i] + this.tau[i] * this.v[i], this.#derivatives);
    }
    return this.#derivatives;
  }

  /** The gradient in M, symmetric: of −xᵀ dM m − zᵀ Φ(L⁻¹ dM L⁻ᵀ) y − ½ tr(M⁻¹ dM). */
  #byCovariance(position: Float64Array): void {
    const { k, inverse, mean, at } = this;
    const [y, x, g, q] = [this.#y, this.#x, this.#g, this.#q];
    // q ← Q L⁻¹, with Q the lower triangle of z yᵀ and half its diagonal.
    for (let i = 0; i < k; i++) {
      const z = position[at[i]];
      for (let c = 0; c < k; c++) {
        let sum = 0;
        for (let j = c; j <= i; j++) sum += (i === j ? 0.5 : 1) * y[j] * inverse[j * k + c];
        q[i * k + c] = z * sum + 0.5 * inverse[i * k + c];
      }
    }
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < k; b++) {
        let sum = x[a] * mean[b];
        for (let i = a; i < k; i++) sum += inverse[i * k + a] * q[i * k + b];
        g[a * k + b] = -sum;
      }
    }
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < a; b++) {
        const both = 0.5 * (g[a * k + b] + g[b * k + a]);
        g[a * k + b] = both;
        g[b * k + a] = both;
      }
    }
  }
}

/** The coupled groups of a model. */
export function coupledGroups({ start, cells, information }: CoupledReference, coordinates: Coordinates): CoupledGroup[] {
  const groups: CoupledGroup[] = [];
  let block = 0;
  for (let g = 0; g + 1 < start.length; g++) {
    const [from, to] = [start[g], start[g + 1]];
    const size = (to - from) ** 2;
    groups.push(new CoupledGroup(cells.subarray(from, to), information.subarray(block, block + size), coordinates));
    block += size;
  }
  return groups;
}
