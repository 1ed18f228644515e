/**
 * Where to start and how the posterior lies there. The joint mode of a hierarchical model is no guide: its density grows
 * without bound as tau → 0 with all coefficients equal. Instead coefficients, means and the family's parameters go to their mode
 * given the population sds by damped Newton steps, and each tau to the mode of its marginal posterior under the Laplace
 * approximation, by the EM step that goes with it (Dempster, Laird & Rubin 1977; Tierney & Kadane 1986 for the approximation).
 */

import { log } from '../math/elementary.ts';
import { Arrow } from './arrow.ts';
import { ROLE, type Slot } from './coordinates.ts';
import { fillCurvature } from './curvature.ts';
import { Hierarchy } from './hierarchy.ts';
import { isFixed, locationAndSpread } from './priors.ts';
import { constrain, logDensityUnconstrained, unconstrain } from './transforms.ts';

export interface Mode {
  /** λ of each cell, see Hierarchy. */
  readonly centring: Float64Array;
  /** In the coordinates that these λ make. */
  readonly position: Float64Array;
  /** Factored precision there. */
  readonly precision: Arrow;
}

const MOST_STEPS = 60;

/**
 * Finds the mode. `centred` is a hierarchy whose λ are all 1 but where tau is fixed at 0; `scaleOfData` is a typical size
 * of the responses' deviations, where scale parameters start.
 */
export function findMode(centred: Hierarchy, scaleOfData: number): Mode {
  const { coordinates } = centred;
  const position = startingPoint(centred, scaleOfData);
  const arrow = new Arrow(coordinates.start, coordinates.dimension);
  const gradient = new Float64Array(coordinates.dimension);
  const scratch = new Float64Array(coordinates.dimension);
  for (let i = 0; i < MOST_STEPS; i++) {
    const gain = newtonStep(centred, position, gradient, arrow);
    const moved = updateTaus(centred, position, arrow, scratch);
    if (gain < 1e-4 && moved < 0.02) break;
  }
  const centring = chooseCentring(centred, arrow, scratch);
  const hierarchy = new Hierarchy(coordinates, centred.likelihood, centring);
  const there = translate(centred, position, hierarchy);
  const precision = new Arrow(coordinates.start, coordinates.dimension);
  hierarchy.evaluate(there, gradient);
  fillCurvature(hierarchy, there, precision, false);
  precision.factor();
  return { centring, position: there, precision };
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
    else if (slots.role === ROLE.partial) {
      const mu = slots.mu.at < 0 ? slots.mu.fixed : medianOf(slots.mu);
      position[cell[c]] = h.centring[c] === 1 ? mu : 0;
    }
  }
  scales?.forEach((slot) => {
    set(slot, slot.at, inside(slot, scaleOfData));
  });
  if (extra) set(extra, extra.at, null);
  return position;
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
function newtonStep(h: Hierarchy, position: Float64Array, gradient: Float64Array, arrow: Arrow): number {
  const value = h.evaluate(position, gradient);
  fillCurvature(h, position, arrow, true);
  arrow.factor();
  for (const slots of h.coordinates.terms) if (slots.role === ROLE.partial && slots.tau.at >= 0) gradient[slots.tau.at] = 0;
  const step = new Float64Array(h.dimension);
  arrow.solve(gradient, step);
  const trial = new Float64Array(h.dimension);
  for (let size = 1; size > 1e-10; size *= 0.5) {
    for (let i = 0; i < trial.length; i++) trial[i] = position[i] + size * step[i];
    const next = h.evaluate(trial, gradient);
    if (next > value || (next === value && size === 1)) {
      position.set(trial);
      return next - value;
    }
  }
  return 0;
}

/** The EM step of every tau; returns the largest move of a log tau. */
function updateTaus(h: Hierarchy, position: Float64Array, arrow: Arrow, scratch: Float64Array): number {
  const { cells, cell, terms } = h.coordinates;
  const counts = new Float64Array(terms.length);
  const squares = new Float64Array(terms.length);
  h.place(position);
  for (let c = 0; c < cells.count; c++) {
    const t = cells.term[c];
    const slots = terms[t];
    if (slots.role !== ROLE.partial || slots.tau.at < 0) continue;
    const deviation = h.beta[c] - h.terms[t].value;
    // With a mean that is bounded, its coordinate is not the mean: its own uncertainty is then left out.
    const mu = slots.mu.transform.kind === 'identity' ? slots.mu.at : -1;
    counts[t]++;
    squares[t] += deviation * deviation + arrow.varianceOfDifference(cell[c], mu, scratch);
  }
  let moved = 0;
  terms.forEach((slots, t) => {
    if (slots.role !== ROLE.partial || slots.tau.at < 0) return;
    const before = h.terms[t].logTau;
    position[slots.tau.at] = bestTau(slots.tau, counts[t], squares[t]);
    moved = Math.max(moved, Math.abs(log(constrain(slots.tau.transform, position[slots.tau.at])) - before));
  });
  return moved;
}

/** The coordinate u of tau that maximises −n log tau − S / (2 tau²) + log prior(u), by golden sections. */
function bestTau(slot: Slot, n: number, squares: number): number {
  const d = { value: 0, first: 0, second: 0 };
  const score = (u: number): number => {
    const tau = constrain(slot.transform, u);
    const value = -n * log(tau) - (0.5 * squares) / (tau * tau) + logDensityUnconstrained(slot.prior, slot.transform, u, d);
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

/** λ = the share of a coefficient's prior variance tau² that its group's data take away, given what groups share. */
function chooseCentring(h: Hierarchy, arrow: Arrow, scratch: Float64Array): Float64Array {
  const { cells, cell, terms } = h.coordinates;
  return h.centring.map((lambda, c) => {
    const t = cells.term[c];
    if (terms[t].role !== ROLE.partial || lambda === 0) return lambda;
    const { tau } = h.terms[t];
    const left = arrow.conditionalVariance(cell[c], scratch) / (tau * tau);
    return Math.min(1, Math.max(0, 1 - left));
  });
}

/** The same point in another hierarchy's coordinates: only partially pooled cells differ. */
function translate(from: Hierarchy, position: Float64Array, to: Hierarchy): Float64Array {
  const { cells, cell, terms } = from.coordinates;
  const out = position.slice();
  from.place(position);
  to.place(out);
  for (let c = 0; c < cells.count; c++) {
    const t = cells.term[c];
    if (terms[t].role !== ROLE.partial) continue;
    const mu = to.terms[t].value;
    const stretch = to.stretch[c];
    out[cell[c]] = to.centring[c] * mu + (stretch > 0 ? (from.beta[c] - mu) / stretch : 0);
  }
  return out;
}
