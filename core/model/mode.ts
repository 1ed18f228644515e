/**
 * Where to start and how the posterior lies there. The joint mode of a hierarchical model is no guide: its density grows
 * without bound as tau → 0 with all coefficients equal. Instead coefficients, means and the family's parameters go to their mode
 * given the population sds by damped Newton steps, and each tau to the mode of its marginal posterior under the Laplace
 * approximation (Tierney & Kadane 1986), by fixed-point steps.
 */

import { log } from '../math/elementary.ts';
import type { Steps } from '../steps.ts';
import { Arrow } from './arrow.ts';
import { type Coordinates, ROLE, type Slot } from './coordinates.ts';
import { fillCurvature } from './curvature.ts';
import { Hierarchy, type Reference } from './hierarchy.ts';
import { blockStarts, type Likelihood } from './likelihood.ts';
import { isFixed, locationAndSpread } from './priors.ts';
import { constrain, logDensityUnconstrained, unconstrain } from './transforms.ts';

export interface Mode {
  readonly reference: Reference;
  /** In the coordinates that this reference makes. */
  readonly position: Float64Array;
  /** Factored precision there. */
  readonly precision: Arrow;
}

const MOST_STEPS = 60;

/** Finds the mode, a step a pass over the data or so; `scaleOfData` is a typical size of the responses' deviations, where scale parameters start. */
export function* findMode(coordinates: Coordinates, likelihood: Likelihood, scaleOfData: number): Steps<Mode> {
  const plain = new Hierarchy(coordinates, likelihood, plainReference(coordinates));
  const position = startingPoint(plain, scaleOfData);
  const bounds = boundsOf(coordinates, position);
  const arrow = new Arrow(coordinates.start, coordinates.dimension);
  const gradient = new Float64Array(coordinates.dimension);
  const scratch = new Float64Array(coordinates.dimension);
  for (let i = 0; i < MOST_STEPS; i++) {
    const gain = yield* newtonStep(plain, position, bounds, gradient, arrow);
    const moved = updateTaus(plain, position, arrow, scratch);
    if (gain < 1e-4 && moved < 0.02) break;
  }
  // The taus moved last: to the mode given where they are now.
  for (let i = 0; i < MOST_STEPS && (yield* newtonStep(plain, position, bounds, gradient, arrow)) > 1e-5; i++);
  plain.place(position);
  const reference = chooseReference(plain);
  yield;
  const hierarchy = new Hierarchy(coordinates, likelihood, reference);
  const mus = Float64Array.from(plain.terms, (state) => state.value);
  hierarchy.setCoefficients(position, plain.beta, mus);
  const precision = new Arrow(coordinates.start, coordinates.dimension);
  hierarchy.evaluate(position, gradient);
  yield;
  fillCurvature(hierarchy, position, precision, false);
  precision.factor();
  precision.dropWeakBorders();
  return { reference, position, precision };
}

/** Coordinates that are affine in coefficients and means while tau is held: all that Newton's steps need. */
function plainReference({ cells, terms }: Coordinates): Reference {
  return {
    information: new Float64Array(cells.count).fill(1),
    estimate: new Float64Array(cells.count),
    muPrecision: new Float64Array(terms.length).fill(-1),
    muLocation: new Float64Array(terms.length),
  };
}

function startingPoint(h: Hierarchy, scaleOfData: number): Float64Array {
  const { cells, cell, terms, scales, extra } = h.coordinates;
  const position = new Float64Array(h.dimension);
  const set = (slot: Slot, at: number, value: number | null): void => {
    if (at >= 0 && !isFixed(slot.prior)) position[at] = unconstrain(slot.transform, value ?? medianOf(slot));
  };
  for (const slots of terms) {
    if (slots.role === ROLE.complete) set(slots.slot, slots.slot.at, null);
    else if (slots.role === ROLE.partial) {
      set(slots.mu, slots.mu.at, null);
      set(slots.tau, slots.tau.at, null);
    }
  }
  for (let c = 0; c < cells.count; c++) {
    const slots = terms[cells.term[c]];
    if (slots.role === ROLE.own) set(slots.slot, cell[c], null);
  }
  scales?.forEach((slot) => {
    set(slot, slot.at, inside(slot, scaleOfData));
  });
  if (extra) set(extra, extra.at, null);
  return position;
}

/** How far Newton's steps may go in each coordinate. */
interface Bounds {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** A bounded parameter this far out is at its bound to the last digit. */
const EDGE = 36;

/**
 * Scales stay above a thousandth of where they start: coefficients that fit every row exactly would draw them to 0 without
 * end. A parameter between two bounds stays where it can be told from them.
 */
function boundsOf({ dimension, scales, terms, cells, cell }: Coordinates, start: Float64Array): Bounds {
  const low = new Float64Array(dimension).fill(Number.NEGATIVE_INFINITY);
  const high = new Float64Array(dimension).fill(Number.POSITIVE_INFINITY);
  const bound = (slot: Slot, at: number): void => {
    if (at < 0 || slot.transform.kind !== 'logit') return;
    low[at] = -EDGE;
    high[at] = EDGE;
  };
  for (const slot of scales ?? []) {
    if (slot.at >= 0 && slot.transform.kind === 'log') low[slot.at] = start[slot.at] - 7;
    bound(slot, slot.at);
  }
  for (const slots of terms) {
    if (slots.role === ROLE.complete) bound(slots.slot, slots.slot.at);
    else if (slots.role === ROLE.partial) bound(slots.mu, slots.mu.at);
  }
  for (let c = 0; c < cells.count; c++) {
    const slots = terms[cells.term[c]];
    if (slots.role === ROLE.own) bound(slots.slot, cell[c]);
  }
  return { low, high };
}

/** The prior's median; where there is none, 0 or 1. */
function medianOf(slot: Slot): number {
  if (isFixed(slot.prior)) return slot.prior.fixed;
  const { location } = locationAndSpread(slot.prior);
  if (Number.isFinite(location)) return location;
  return slot.transform.kind === 'identity' ? 0 : 1;
}

/** The value, or the prior's median when the support has no room for it. */
function inside(slot: Slot, value: number): number {
  const t = slot.transform;
  if (!(value > 0) || !Number.isFinite(value)) return medianOf(slot);
  return t.kind === 'logit' && !(value > t.lower && value < t.upper) ? 0.5 * (t.lower + t.upper) : value;
}

/** One damped Newton step with the population sds held; leaves the factored precision. Returns the gain in log density. */
function* newtonStep(h: Hierarchy, position: Float64Array, { low, high }: Bounds, gradient: Float64Array, arrow: Arrow): Steps<number> {
  const value = h.evaluate(position, gradient);
  yield;
  fillCurvature(h, position, arrow, true);
  arrow.factor();
  for (const slots of h.coordinates.terms) if (slots.role === ROLE.partial && slots.tau.at >= 0) gradient[slots.tau.at] = 0;
  const step = new Float64Array(h.dimension);
  arrow.solve(gradient, step);
  const trial = new Float64Array(h.dimension);
  for (let size = 1; size > 1e-10; size *= 0.5) {
    for (let i = 0; i < trial.length; i++) trial[i] = Math.min(high[i], Math.max(low[i], position[i] + size * step[i]));
    yield;
    const next = h.evaluate(trial, gradient);
    if (next > value || (next === value && size === 1)) {
      position.set(trial);
      return next - value;
    }
  }
  return 0;
}

/**
 * MacKay's step of every tau (1992, "Bayesian interpolation", eq. 4.9, with a prior): of a term's n coefficients only
 * γ = Σ (1 − variance / tau²) are determined by the data, and tau² is their mean square. Its fixed point is that of EM, and it
 * gets there sooner. Returns the largest move of a log tau.
 */
function updateTaus(h: Hierarchy, position: Float64Array, arrow: Arrow, scratch: Float64Array): number {
  const { cells, cell, terms } = h.coordinates;
  const determined = new Float64Array(terms.length);
  const squares = new Float64Array(terms.length);
  h.place(position);
  for (let c = 0; c < cells.count; c++) {
    const t = cells.term[c];
    const slots = terms[t];
    if (slots.role !== ROLE.partial || slots.tau.at < 0) continue;
    const deviation = h.beta[c] - h.terms[t].value;
    // With a mean that is bounded, its coordinate is not the mean: its own uncertainty is then left out.
    const mu = slots.mu.transform.kind === 'identity' ? slots.mu.at : -1;
    const stretch = h.terms[t].tau * h.root[c];
    const pull = (h.share[c] - 1) * h.terms[t].slope;
    const { tau } = h.terms[t];
    const variance = arrow.varianceOfSum(cell[c], stretch, mu, pull, scratch);
    determined[t] += Math.max(0, 1 - variance / (tau * tau));
    squares[t] += deviation * deviation;
  }
  const beta = h.beta.slice();
  const mus = Float64Array.from(h.terms, (state) => state.value);
  const taus = Float64Array.from(h.terms, (state) => state.tau);
  let moved = 0;
  terms.forEach((slots, t) => {
    if (slots.role !== ROLE.partial || slots.tau.at < 0) return;
    position[slots.tau.at] = bestTau(slots.tau, determined[t], squares[t]);
    moved = Math.max(moved, Math.abs(log(constrain(slots.tau.transform, position[slots.tau.at])) - log(taus[t])));
  });
  h.setCoefficients(position, beta, mus);
  return moved;
}

/** The coordinate u of tau that maximises −γ log tau − S / (2 tau²) + log prior(u), by golden sections. */
function bestTau(slot: Slot, determined: number, squares: number): number {
  const d = { value: 0, first: 0, second: 0 };
  const score = (u: number): number => {
    const tau = constrain(slot.transform, u);
    const value = -determined * log(tau) - (0.5 * squares) / (tau * tau) + logDensityUnconstrained(slot.prior, slot.transform, u, d);
    return Number.isFinite(value) ? value : Number.NEGATIVE_INFINITY;
  };
  const golden = 0.6180339887498949;
  let low = -16;
  let high = 16;
  let left = high - golden * (high - low);
  let right = low + golden * (high - low);
  let atLeft = score(left);
  let atRight = score(right);
  while (high - low > 1e-3) {
    if (atLeft > atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - golden * (high - low);
      atLeft = score(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + golden * (high - low);
      atRight = score(right);
    }
  }
  return 0.5 * (low + high);
}

/**
 * What the data say of each partially pooled coefficient, the group's others held: the information at the mode, and the estimate
 * that with it puts the coefficient where it is. Of collinear covariates each is then nearly centred, and what their sum is
 * known to be stays put while tau moves.
 */
function chooseReference(h: Hierarchy): Reference {
  const { cells, terms } = h.coordinates;
  const starts = blockStarts(cells);
  const blocks = new Float64Array(starts[starts.length - 1]);
  h.likelihood.information(h.beta, h.parameters, blocks, new Float64Array(starts.length - 1));
  const information = new Float64Array(cells.count);
  const estimate = new Float64Array(cells.count);
  for (let c = 0; c < cells.count; c++) {
    const t = cells.term[c];
    if (terms[t].role !== ROLE.partial) continue;
    const g = cells.group[c];
    const { tau, value } = h.terms[t];
    information[c] = blocks[starts[g] + (c - cells.start[g]) * (cells.start[g + 1] - cells.start[g] + 1)];
    const share = 1 / (1 + information[c] * tau * tau);
    estimate[c] = share < 1 - 1e-6 ? (h.beta[c] - share * value) / (1 - share) : value;
  }
  const muPrecision = new Float64Array(terms.length).fill(-1);
  const muLocation = new Float64Array(terms.length);
  terms.forEach((slots, t) => {
    if (slots.role !== ROLE.partial || slots.mu.at < 0 || slots.mu.transform.kind !== 'identity' || isFixed(slots.mu.prior)) return;
    const { location, spread } = locationAndSpread(slots.mu.prior);
    const proper = spread > 0 && Number.isFinite(spread);
    // A flat prior leaves only what the cells say; with no cells that say anything, mu keeps its own coordinate.
    const square = h.terms[t].tau * h.terms[t].tau;
    let said = 0;
    for (let c = 0; c < cells.count; c++) if (cells.term[c] === t) said += information[c] / (1 + information[c] * square);
    if (!proper && !(said > 0)) return;
    muPrecision[t] = proper ? 1 / (spread * spread) : 0;
    muLocation[t] = proper ? location : 0;
  });
  return { information, estimate, muPrecision, muLocation };
}
