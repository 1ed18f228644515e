/**
 * The log density of a model in its unconstrained coordinates: priors, pooling and Jacobians around a likelihood.
 *
 * A partially pooled coefficient b ~ Normal(mu, tau) has the coordinate u with b = mu + tau^(1−λ) (u − λ mu) and
 * u ~ Normal(λ mu, tau^λ): centred at λ = 1, non-centred at λ = 0, and anything between (Papaspiliopoulos, Roberts &
 * Sköld 2007; Gorinova, Moore & Hoffman 2020). λ is chosen for each cell from how much its data say, see mode.ts.
 */
import { exp, log } from '../math/elementary.ts';
import { HALF_LOG_2PI } from '../math/gamma.ts';
import type { LogDensity } from '../sampler/types.ts';
import { type Coordinates, ROLE, type Slot } from './coordinates.ts';
import { type FamilyGradient, type FamilyParameters, familyGradient, familyParameters, type Likelihood } from './likelihood.ts';
import type { Derivatives } from './priors.ts';
import { constrain, logDensityUnconstrained, slope } from './transforms.ts';

/** A term's shared values at a position. */
interface TermState {
  /** The completely pooled coefficient, or mu. */
  value: number;
  /** Its derivative in its coordinate. */
  slope: number;
  tau: number;
  logTau: number;
  /** d log tau / d its coordinate. */
  logTauSlope: number;
  /** Gradient of the log density in value and in log tau, gathered over cells. */
  gradient: number;
  logTauGradient: number;
}

export class Hierarchy implements LogDensity {
  readonly dimension: number;
  readonly coordinates: Coordinates;
  readonly likelihood: Likelihood;
  /** λ of each cell; only those of partially pooled cells are read. */
  readonly centring: Float64Array;
  /** The cells' coefficients at the last position, and the likelihood's gradient there. */
  readonly beta: Float64Array;
  readonly betaGradient: Float64Array;
  readonly parameters: FamilyParameters;
  readonly terms: readonly TermState[];
  /** Of each partially pooled cell: b − mu = stretch · (u − λ mu), and the precision tau^(−2λ) of u. */
  readonly stretch: Float64Array;
  readonly precision: Float64Array;
  readonly #familyGradient: FamilyGradient;
  readonly #derivatives: Derivatives = { value: 0, first: 0, second: 0 };

  constructor(coordinates: Coordinates, likelihood: Likelihood, centring: Float64Array) {
    const { cells, dimension, start } = coordinates;
    this.dimension = dimension;
    this.coordinates = coordinates;
    this.likelihood = likelihood;
    this.centring = centring;
    this.beta = new Float64Array(cells.count);
    this.betaGradient = new Float64Array(cells.count);
    this.stretch = new Float64Array(cells.count).fill(1);
    this.precision = new Float64Array(cells.count).fill(1);
    this.parameters = familyParameters(start.length - 1);
    this.#familyGradient = familyGradient(start.length - 1);
    this.terms = coordinates.terms.map(() => ({
      value: 0,
      slope: 1,
      tau: 1,
      logTau: 0,
      logTauSlope: 1,
      gradient: 0,
      logTauGradient: 0,
    }));
  }

  evaluate(position: Float64Array, gradient: Float64Array): number {
    this.place(position);
    const likelihood = this.likelihood.evaluate(this.beta, this.parameters, this.betaGradient, this.#familyGradient);
    return likelihood + this.#cellPriors(position, gradient) + this.#sharedPriors(position, gradient);
  }

  /** Sets the coefficients and the family's parameters for a position. */
  place(position: Float64Array): void {
    const { terms, scales, scaleByGroup, extra } = this.coordinates;
    for (let t = 0; t < terms.length; t++) {
      const slots = terms[t];
      const state = this.terms[t];
      state.gradient = 0;
      state.logTauGradient = 0;
      if (slots.role === ROLE.own) continue;
      const main = slots.role === ROLE.complete ? slots.slot : slots.mu;
      state.value = slotValue(main, position);
      state.slope = main.at < 0 ? 0 : slope(main.transform, position[main.at]);
      if (slots.role !== ROLE.partial) continue;
      const { tau } = slots;
      state.tau = slotValue(tau, position);
      const direct = tau.at >= 0 && tau.transform.kind === 'log';
      state.logTau = direct ? position[tau.at] : log(state.tau);
      state.logTauSlope = tau.at < 0 ? 0 : direct ? 1 : slope(tau.transform, position[tau.at]) / state.tau;
    }
    this.#placeCells(position);
    const { scale } = this.parameters;
    if (scales !== null) for (let g = 0; g < scale.length; g++) scale[g] = slotValue(scales[scaleByGroup ? g : 0], position);
    if (extra !== null) this.parameters.extra = slotValue(extra, position);
  }

  #placeCells(position: Float64Array): void {
    const { cells, cell, terms } = this.coordinates;
    for (let c = 0; c < cells.count; c++) {
      const t = cells.term[c];
      const slots = terms[t];
      const state = this.terms[t];
      if (slots.role === ROLE.complete) this.beta[c] = state.value;
      else if (slots.role === ROLE.own) {
        this.beta[c] = cell[c] < 0 ? slots.slot.fixed : constrain(slots.slot.transform, position[cell[c]]);
      } else {
        const lambda = this.centring[c];
        this.stretch[c] = lambda === 1 ? 1 : lambda === 0 ? state.tau : exp((1 - lambda) * state.logTau);
        this.precision[c] = lambda === 0 ? 1 : exp(-2 * lambda * state.logTau);
        this.beta[c] = state.value + this.stretch[c] * (position[cell[c]] - lambda * state.value);
      }
    }
  }

  #cellPriors(position: Float64Array, gradient: Float64Array): number {
    const { cells, cell, terms } = this.coordinates;
    const d = this.#derivatives;
    let value = 0;
    for (let c = 0; c < cells.count; c++) {
      const t = cells.term[c];
      const slots = terms[t];
      const state = this.terms[t];
      const g = this.betaGradient[c];
      if (slots.role === ROLE.complete) state.gradient += g;
      else if (slots.role === ROLE.own) {
        const at = cell[c];
        if (at < 0) continue;
        const { prior, transform } = slots.slot;
        value += logDensityUnconstrained(prior, transform, position[at], d);
        gradient[at] = d.first + g * slope(transform, position[at]);
      } else {
        const lambda = this.centring[c];
        const v = position[cell[c]] - lambda * state.value;
        const pull = v * this.precision[c];
        const stretched = g * this.stretch[c];
        gradient[cell[c]] = stretched - pull;
        state.gradient += g + lambda * (pull - stretched);
        state.logTauGradient += (1 - lambda) * stretched * v + lambda * (v * pull - 1);
        value -= 0.5 * v * pull + (lambda === 0 ? 0 : lambda * state.logTau) + HALF_LOG_2PI;
      }
    }
    return value;
  }

  #sharedPriors(position: Float64Array, gradient: Float64Array): number {
    const { terms, scales, scaleByGroup, extra } = this.coordinates;
    let value = 0;
    for (let t = 0; t < terms.length; t++) {
      const slots = terms[t];
      const state = this.terms[t];
      if (slots.role === ROLE.complete) value += this.#add(slots.slot, position, gradient, state.gradient * state.slope);
      else if (slots.role === ROLE.partial) {
        value += this.#add(slots.mu, position, gradient, state.gradient * state.slope);
        value += this.#add(slots.tau, position, gradient, state.logTauGradient * state.logTauSlope);
      }
    }
    const { logScale, extra: extraGradient } = this.#familyGradient;
    if (scales !== null && scaleByGroup) {
      for (let g = 0; g < scales.length; g++) value += this.#addLog(scales[g], position, gradient, logScale[g]);
    } else if (scales !== null) {
      let sum = 0;
      for (let g = 0; g < logScale.length; g++) sum += logScale[g];
      value += this.#addLog(scales[0], position, gradient, sum);
    }
    if (extra !== null && extra.at >= 0) {
      value += this.#add(extra, position, gradient, extraGradient * slope(extra.transform, position[extra.at]));
    }
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
    return this.#add(slot, position, gradient, (inLog * slope(slot.transform, u)) / constrain(slot.transform, u));
  }
}

function slotValue(slot: Slot, position: Float64Array): number {
  return slot.at < 0 ? slot.fixed : constrain(slot.transform, position[slot.at]);
}
