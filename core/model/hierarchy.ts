/**
 * The log density of a model in its unconstrained coordinates: priors, pooling and Jacobians around a likelihood.
 *
 * A partially pooled coefficient b ~ Normal(mu, tau) of which the data say "near b̂, with information h" has the coordinate u with
 *   b = w mu + (1 − w) b̂ + tau √w u,   w = 1 / (1 + h tau²),
 * the mean and sd that b has given mu, tau and a normal likelihood: u is then near a standard normal whatever tau is. It is the
 * centred form for large h and the non-centred one for h = 0, and goes from one to the other as tau does (after Papaspiliopoulos,
 * Roberts & Sköld 2007; Lai, Domke & Sheldon 2024 integrate such normals out). A population mean has in the same way the mean and sd
 * that it has given tau. b̂ and h are chosen at the mode (mode.ts) and change what a step costs, not what is sampled.
 */

import { type Derivatives, isFixed, logDensityOf } from '../design/priors.ts';
import type { FamilyGradient, FamilyParameters } from '../families/family.ts';
import { log, sqrt } from '../math/elementary.ts';
import { HALF_LOG_2PI } from '../math/gamma.ts';
import type { LogDensity } from '../sampler/types.ts';
import { type AnchorMoves, Anchors } from './anchors.ts';
import { type Coordinates, ROLE, type Slot } from './coordinates.ts';
import { type CoupledGroup, type CoupledReference, coupledGroups } from './coupled.ts';
import { familyGradient, familyParameters, type Likelihood } from './likelihood/likelihood.ts';
import type { TermState } from './termState.ts';
import { constrain, logDensityUnconstrained, logSlope, slope, unconstrain, unfold } from './transforms.ts';

/** What the data say of each cell, and the prior of each population mean; plain numbers. */
export interface Reference {
  /** h and b̂ of each cell; only those of partially pooled cells are read. */
  readonly information: Float64Array;
  readonly estimate: Float64Array;
  /** Of each term: precision and location of a normal near mu's prior; a precision of −1 leaves mu its own coordinate. */
  readonly muPrecision: Float64Array;
  readonly muLocation: Float64Array;
  /** Groups whose coefficients have their coordinates together; `null` where there are none. */
  readonly coupled: CoupledReference | null;
  /** How anchors move with completely pooled coefficients; `null` or left out where they stay. */
  readonly moves?: AnchorMoves | null;
}

export class Hierarchy implements LogDensity {
  readonly dimension: number;
  readonly coordinates: Coordinates;
  readonly likelihood: Likelihood;
  readonly reference: Reference;
  /** The cells' coefficients at the last position, and the likelihood's gradient there. */
  readonly beta: Float64Array;
  readonly betaGradient: Float64Array;
  readonly parameters: FamilyParameters;
  readonly terms: readonly TermState[];
  /** w and √w of each partially pooled cell, and h tau w (b̂ − mu), what the data pull b from mu in units of tau. */
  readonly share: Float64Array;
  readonly root: Float64Array;
  readonly pull: Float64Array;
  /** b̂ of each cell, or the score of a coupled one, as they are at the last position. */
  readonly anchors: Anchors;
  /** Groups whose cells are not among those of `share`, `root` and `pull`. */
  readonly coupled: readonly CoupledGroup[];
  readonly #familyGradient: FamilyGradient;
  readonly #derivatives: Derivatives = { value: 0, first: 0, second: 0 };
  /** What coupled groups add to the gradients in each term's mean and log tau. */
  readonly #byMean: Float64Array;
  readonly #byLogTau: Float64Array;
  /** Terms, those that are partially pooled first: completely pooled ones have a gradient by way of their anchors. */
  readonly #pooledFirst: readonly number[];
  /** Cells by term, but those of coupled groups. */
  readonly #cellsOfTerm: readonly Int32Array[];

  constructor(coordinates: Coordinates, likelihood: Likelihood, reference: Reference) {
    const { cells, dimension, start, own } = coordinates;
    this.dimension = dimension;
    this.coordinates = coordinates;
    this.likelihood = likelihood;
    this.reference = reference;
    this.beta = new Float64Array(cells.count);
    this.betaGradient = new Float64Array(cells.count);
    this.share = new Float64Array(cells.count);
    this.root = new Float64Array(cells.count);
    this.pull = new Float64Array(cells.count);
    this.parameters = familyParameters(start.length - 1, own.length);
    this.#familyGradient = familyGradient(start.length - 1, own.length);
    const fresh = { value: 0, slope: 1, valueByTau: 0, logSlopeByTau: 0, tau: 1, logTauSlope: 1, gradient: 0, tauGradient: 0 };
    this.terms = coordinates.terms.map(() => ({ ...fresh }));
    this.coupled = reference.coupled === null ? [] : coupledGroups(reference.coupled, coordinates);
    this.#byMean = new Float64Array(coordinates.terms.length);
    this.#byLogTau = new Float64Array(coordinates.terms.length);
    const { coupled, estimate, moves } = reference;
    const still = estimate.slice();
    coupled?.cells.forEach((c, i) => {
      still[c] = coupled.score[i];
    });
    this.anchors = new Anchors(still, moves ?? null);
    const together = new Set(coupled?.cells);
    const alone = Int32Array.from(cells.term.keys()).filter((c) => !together.has(c));
    const order = coordinates.terms.map((_, t) => t);
    const isPartial = (t: number): boolean => coordinates.terms[t].role === ROLE.partial;
    this.#pooledFirst = [...order.filter(isPartial), ...order.filter((t) => !isPartial(t))];
    this.#cellsOfTerm = coordinates.terms.map((_, t) => alone.filter((c) => cells.term[c] === t));
  }

  evaluate(position: Float64Array, gradient: Float64Array): number {
    this.place(position);
    let value = this.likelihood.evaluate(this.beta, this.parameters, this.betaGradient, this.#familyGradient);
    this.#byMean.fill(0);
    this.#byLogTau.fill(0);
    this.anchors.gradient.fill(0);
    for (const group of this.coupled) {
      value += group.evaluate(this.betaGradient, position, gradient, this.#byMean, this.#byLogTau, this.anchors);
    }
    for (const t of this.#pooledFirst) value += this.#termPrior(t, position, gradient);
    return value + this.#familyPriors(position, gradient);
  }

  /** Sets the coefficients and the family's parameters for a position. */
  place(position: Float64Array): void {
    const { terms, scales, scaleByGroup, own } = this.coordinates;
    for (let t = 0; t < terms.length; t++) if (terms[t].role !== ROLE.partial) this.#placeTerm(t, position);
    this.anchors.place(this.terms);
    for (let t = 0; t < terms.length; t++) if (terms[t].role === ROLE.partial) this.#placeTerm(t, position);
    for (const group of this.coupled) group.place(this.terms, this.anchors.values, position, this.beta);
    const { scale } = this.parameters;
    if (scales !== null) for (let g = 0; g < scale.length; g++) scale[g] = slotValue(scales[scaleByGroup ? g : 0], position);
    for (let i = 0; i < own.length; i++) this.parameters.own[i] = slotValue(own[i], position);
  }

  #placeTerm(t: number, position: Float64Array): void {
    const { cell, terms } = this.coordinates;
    const slots = terms[t];
    const state = this.terms[t];
    const members = this.#cellsOfTerm[t];
    if (slots.role === ROLE.own) {
      const { transform, fixed } = slots.slot;
      for (const c of members) this.beta[c] = cell[c] < 0 ? fixed : constrain(transform, position[cell[c]]);
      return;
    }
    if (slots.role === ROLE.complete) {
      state.value = slotValue(slots.slot, position);
      state.slope = slots.slot.at < 0 ? 0 : slope(slots.slot.transform, position[slots.slot.at]);
      for (const c of members) this.beta[c] = state.value;
      return;
    }
    const { tau } = slots;
    state.tau = tau.at < 0 ? tau.fixed : unfold(tau.transform, position[tau.at]);
    state.logTauSlope = tau.at < 0 ? 0 : logSlope(tau.transform, position[tau.at]);
    const { information } = this.reference;
    const estimate = this.anchors.values;
    const square = state.tau * state.tau;
    for (const c of members) {
      this.share[c] = 1 / (1 + information[c] * square);
      this.root[c] = sqrt(this.share[c]);
    }
    this.#placeMean(t, slots.mu, position);
    for (const c of members) {
      const distance = estimate[c] - state.value;
      this.pull[c] = information[c] * state.tau * this.share[c] * distance;
      this.beta[c] = state.value + state.tau * (this.pull[c] + this.root[c] * position[cell[c]]);
    }
  }

  /** mu = m(tau) + r(tau) u, with m and r² the mean and variance of mu given tau when the data are the b̂. */
  #placeMean(t: number, mu: Slot, position: Float64Array): void {
    const { information, muPrecision, muLocation } = this.reference;
    const estimate = this.anchors.values;
    const state = this.terms[t];
    state.valueByTau = 0;
    state.logSlopeByTau = 0;
    if (mu.at < 0 || muPrecision[t] < 0) {
      state.value = slotValue(mu, position);
      state.slope = mu.at < 0 ? 0 : slope(mu.transform, position[mu.at]);
      return;
    }
    let precision = muPrecision[t];
    let weighted = precision * muLocation[t];
    let precisionByTau = 0;
    let weightedByTau = 0;
    for (const c of this.#cellsOfTerm[t]) {
      const e = information[c] * this.share[c];
      const change = -2 * e * (1 - this.share[c]);
      precision += e;
      weighted += e * estimate[c];
      precisionByTau += change;
      weightedByTau += change * estimate[c];
    }
    const mean = weighted / precision;
    const u = position[mu.at];
    state.slope = 1 / sqrt(precision);
    state.value = mean + state.slope * u;
    state.logSlopeByTau = (-0.5 * precisionByTau) / precision;
    state.valueByTau = (weightedByTau - mean * precisionByTau) / precision + state.slope * state.logSlopeByTau * u;
  }

  #termPrior(t: number, position: Float64Array, gradient: Float64Array): number {
    const { cell, terms } = this.coordinates;
    const slots = terms[t];
    const state = this.terms[t];
    const members = this.#cellsOfTerm[t];
    const d = this.#derivatives;
    let value = 0;
    if (slots.role === ROLE.own) {
      const { prior, transform } = slots.slot;
      for (const c of members) {
        const at = cell[c];
        if (at < 0) continue;
        value += logDensityUnconstrained(prior, transform, position[at], d);
        gradient[at] = d.first + this.betaGradient[c] * slope(transform, position[at]);
      }
      return value;
    }
    state.gradient = 0;
    if (slots.role === ROLE.complete) {
      for (const c of members) state.gradient += this.betaGradient[c];
      state.gradient += this.anchors.gradientOf(t);
      return this.#add(slots.slot, position, gradient, state.gradient * state.slope);
    }
    value = this.#pooledCells(t, position, gradient) + this.#addMean(slots.mu, state, position, gradient, this.reference.muPrecision[t]);
    if (this.anchors.move) this.#byAnchors(t, slots.mu, position, gradient);
    return value + this.#add(slots.tau, position, gradient, state.tauGradient * state.logTauSlope);
  }

  /** The prior of a partially pooled term's cells, log |db/du| included: −½ ((b − mu) / tau)² + ½ log w. */
  #pooledCells(t: number, position: Float64Array, gradient: Float64Array): number {
    const { cell } = this.coordinates;
    const { information } = this.reference;
    const state = this.terms[t];
    const { tau } = state;
    const members = this.#cellsOfTerm[t];
    let value = -HALF_LOG_2PI * members.length;
    // Σ log w as the log of a product, which is taken before it leaves the range.
    let product = 1;
    let meanGradient = this.#byMean[t];
    let tauGradient = this.#byLogTau[t];
    for (let i = 0; i < members.length; i++) {
      const c = members[i];
      const g = this.betaGradient[c];
      const w = this.share[c];
      const rooted = this.root[c] * position[cell[c]];
      const q = this.pull[c] + rooted;
      value -= 0.5 * q * q;
      product *= w;
      if (product < 1e-200) {
        value += 0.5 * log(product);
        product = 1;
      }
      gradient[cell[c]] = this.root[c] * (g * tau - q);
      meanGradient += w * (g + information[c] * tau * q);
      tauGradient += (g * tau - q) * w * (2 * this.pull[c] + rooted) + q * q - 1 + w;
    }
    state.gradient = meanGradient;
    state.tauGradient = tauGradient;
    return value + 0.5 * log(product);
  }

  /** What a partially pooled term's anchors do to the density: by each coefficient, and by the mean where that leans on them. */
  #byAnchors(t: number, mu: Slot, position: Float64Array, gradient: Float64Array): void {
    const { cell } = this.coordinates;
    const { information, muPrecision } = this.reference;
    const { tau, slope: bySlope } = this.terms[t];
    const inMean = mu.at < 0 || muPrecision[t] < 0 || isFixed(mu.prior) ? 0 : gradient[mu.at] * bySlope;
    for (const c of this.#cellsOfTerm[t]) {
      const q = this.pull[c] + this.root[c] * position[cell[c]];
      const known = information[c] * this.share[c];
      this.anchors.add(c, known * ((this.betaGradient[c] * tau - q) * tau + inMean));
    }
  }

  #addMean(mu: Slot, state: TermState, position: Float64Array, gradient: Float64Array, precision: number): number {
    if (mu.at < 0 || precision < 0 || isFixed(mu.prior)) return this.#add(mu, position, gradient, state.gradient * state.slope);
    const d = this.#derivatives;
    logDensityOf(mu.prior, state.value, d);
    const inValue = d.first + state.gradient;
    gradient[mu.at] = inValue * state.slope;
    state.tauGradient += inValue * state.valueByTau + state.logSlopeByTau;
    return d.value + log(state.slope);
  }

  #familyPriors(position: Float64Array, gradient: Float64Array): number {
    const { scales, scaleByGroup, own } = this.coordinates;
    const { logScale, own: ownGradient } = this.#familyGradient;
    let value = 0;
    if (scales !== null && scaleByGroup) {
      for (let g = 0; g < scales.length; g++) value += this.#addLog(scales[g], position, gradient, logScale[g]);
    } else if (scales !== null) {
      let sum = 0;
      for (let g = 0; g < logScale.length; g++) sum += logScale[g];
      value += this.#addLog(scales[0], position, gradient, sum);
    }
    own.forEach((slot, i) => {
      if (slot.at >= 0) value += this.#add(slot, position, gradient, ownGradient[i] * slope(slot.transform, position[slot.at]));
    });
    return value;
  }

  /** Adds a slot's prior; `chained` is the rest of its gradient, in its coordinate. */
  #add(slot: Slot, position: Float64Array, gradient: Float64Array, chained: number): number {
    if (slot.at < 0) return 0;
    logDensityUnconstrained(slot.prior, slot.transform, position[slot.at], this.#derivatives);
    gradient[slot.at] = this.#derivatives.first + chained;
    return this.#derivatives.value;
  }

  /** The same for a positive slot whose gradient is known in its log. */
  #addLog(slot: Slot, position: Float64Array, gradient: Float64Array, inLog: number): number {
    if (slot.at < 0) return 0;
    const u = position[slot.at];
    return this.#add(slot, position, gradient, inLog * logSlope(slot.transform, u));
  }

  /** Changes the coordinates of partially pooled cells and means so that they have these coefficients at the taus of `position`. */
  setCoefficients(position: Float64Array, beta: Float64Array, mus: Float64Array): void {
    const { cell, terms } = this.coordinates;
    this.place(position);
    terms.forEach((slots, t) => {
      if (slots.role !== ROLE.partial) return;
      const { mu } = slots;
      const state = this.terms[t];
      if (mu.at >= 0) {
        const scaled = this.reference.muPrecision[t] >= 0;
        position[mu.at] = scaled ? position[mu.at] + (mus[t] - state.value) / state.slope : unconstrain(mu.transform, mus[t]);
      }
      this.#placeTerm(t, position);
      for (const c of this.#cellsOfTerm[t]) {
        const stretch = state.tau * this.root[c];
        position[cell[c]] = stretch !== 0 ? position[cell[c]] + (beta[c] - this.beta[c]) / stretch : 0;
      }
    });
    for (const group of this.coupled) group.unplace(this.terms, this.anchors.values, beta, position);
    this.place(position);
  }
}

function slotValue(slot: Slot, position: Float64Array): number {
  return slot.at < 0 ? slot.fixed : constrain(slot.transform, position[slot.at]);
}
