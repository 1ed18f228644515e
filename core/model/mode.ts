/**
 * Where to start and how the posterior lies there. The joint mode of a hierarchical model is no guide: its density grows
 * without bound as tau → 0 with all coefficients equal. Instead coefficients, means and the family's parameters go to their mode
 * given the population sds by damped Newton steps, and each tau to the mode of its marginal posterior under the Laplace
 * approximation (Tierney & Kadane 1986), by fixed-point steps.
 */

import type { Design } from '../design/design.ts';
import { listParameters } from '../design/parameters.ts';
import { isFixed, locationAndSpread } from '../design/priors.ts';
import { log } from '../math/elementary.ts';
import type { Steps } from '../math/steps.ts';
import { findModes, LOG_SPREAD, type Mode } from '../sampler/modes.ts';
import { FROM_FOLD, findWarp, UNBENT, type Warp } from '../sampler/warp.ts';
import { Arrow, whiteningOf } from './arrow.ts';
import { type Coordinates, coordinatesOf, ROLE, type Slot } from './coordinates.ts';
import { fillCurvature } from './curvature.ts';
import { Hierarchy, type Reference } from './hierarchy.ts';
import type { Likelihood } from './likelihood/likelihood.ts';
import { chooseReference, plainReference } from './reference.ts';
import { scalarsOf } from './scalars.ts';
import { type Bijection, constrain, foldAt, logDensityUnconstrained, unconstrain } from './transforms.ts';

/** What a model's chains are told of where its posterior lies. */
export interface Found {
  readonly reference: Reference;
  /** What scales and population sds are folded with, by coordinate. */
  readonly spreads: Float64Array;
  /** In the coordinates that this reference makes, that of most mass first. */
  readonly modes: readonly Mode[];
  /** Factored precision at the first. */
  readonly precision: Arrow;
  readonly warp: Warp;
}

const MOST_STEPS = 60;
/** More scales than this are left as they are: each takes five looks. */
const MOST_AXES = 40;

/**
 * Finds the mode, a step a pass over the data or so, and others; `scaleOfData` is a typical size of the responses' deviations, where scale
 * parameters start, and `starts` how many more places modes are looked for from.
 */
export function* locate(
  design: Design,
  coordinates: Coordinates,
  likelihood: Likelihood,
  scaleOfData: number,
  starts: number,
): Steps<Found> {
  const plain = new Hierarchy(coordinates, likelihood, plainReference(coordinates));
  const begin = startingPoint(plain, scaleOfData);
  const bounds = boundsOf(coordinates, begin);
  const gradient = new Float64Array(coordinates.dimension);
  const found = yield* findModes(
    {
      dimension: coordinates.dimension,
      *climb(away) {
        const position = begin.slice();
        if (away !== null) {
          const { from, by } = away;
          for (const at of bounds.scaled) by[at] = Math.min(LOG_SPREAD, Math.max(-LOG_SPREAD, by[at]));
          for (let i = 0; i < position.length; i++) position[i] = Math.min(bounds.high[i], Math.max(bounds.low[i], from[i] + by[i]));
        }
        yield* ascend(plain, position, bounds);
        return position;
      },
      *normalAt(position) {
        const value = plain.evaluate(position, gradient);
        yield;
        const precision = new Arrow(coordinates.start, coordinates.dimension);
        fillCurvature(plain, position, precision, false);
        precision.factor();
        return { value, map: whiteningOf(precision) };
      },
    },
    starts,
  );
  const places = found!;
  plain.evaluate(places[0].position, gradient);
  const reference = chooseReference(plain);
  yield;
  const spreads = spreadsOf(coordinates, places[0].position);
  const last = coordinatesOf(design, spreads);
  const hierarchy = new Hierarchy(last, likelihood, reference);
  const scalars = scalarsOf(design, listParameters(design));
  const modes = places.map(({ position: found, share }): Mode => {
    const position = found.slice();
    plain.place(position);
    refold(coordinates, last, position);
    hierarchy.setCoefficients(
      position,
      plain.beta,
      Float64Array.from(plain.terms, (state) => state.value),
    );
    const values = new Float64Array(scalars.width);
    scalars.constrain(hierarchy, position, values);
    return { position, share, values };
  });
  const precision = new Arrow(coordinates.start, coordinates.dimension);
  hierarchy.evaluate(modes[0].position, gradient);
  yield;
  fillCurvature(hierarchy, modes[0].position, precision, false);
  precision.factor();
  precision.dropWeakBorders();
  const axes: number[] = [];
  forScales(last, ({ at }) => axes.push(at));
  for (const { at, transform } of last.own) if (at >= 0 && transform.kind === 'log') axes.push(at);
  const warp = axes.length > MOST_AXES ? UNBENT : yield* findWarp(hierarchy, modes[0].position, axes, FROM_FOLD);
  return { reference, spreads, modes, precision, warp };
}

/** Climbs to a mode. */
function* ascend(plain: Hierarchy, position: Float64Array, bounds: Bounds): Steps<void> {
  const arrow = new Arrow(plain.coordinates.start, plain.dimension);
  const gradient = new Float64Array(plain.dimension);
  const scratch = new Float64Array(plain.dimension);
  for (let i = 0; i < MOST_STEPS; i++) {
    const gain = yield* newtonStep(plain, position, bounds, gradient, arrow);
    const moved = updateTaus(plain, position, arrow, scratch);
    if (gain < 1e-4 && moved < 0.02) break;
  }
  // The taus moved last: to the mode given where they are now.
  for (let i = 0; i < MOST_STEPS && (yield* newtonStep(plain, position, bounds, gradient, arrow)) > 1e-5; i++);
}

/** Typical sizes of scales and population sds at a position of the unfolded coordinates. */
function spreadsOf(coordinates: Coordinates, position: Float64Array): Float64Array {
  const spreads = new Float64Array(coordinates.dimension);
  forScales(coordinates, ({ at, transform }, isTau) => {
    spreads[at] = foldAt(isTau, constrain(transform, position[at]));
  });
  return spreads;
}

/** Writes the coordinates of scales and population sds as other transforms have them. */
function refold(from: Coordinates, to: Coordinates, position: Float64Array): void {
  const transforms = new Map<number, Bijection>();
  forScales(to, ({ at, transform }) => transforms.set(at, transform));
  forScales(from, ({ at, transform }) => {
    position[at] = unconstrain(transforms.get(at)!, constrain(transform, position[at]));
  });
}

function forScales({ scales, terms }: Coordinates, visit: (slot: Slot, isTau: boolean) => void): void {
  for (const slot of scales ?? []) if (slot.at >= 0) visit(slot, false);
  for (const slots of terms) if (slots.role === ROLE.partial && slots.tau.at >= 0) visit(slots.tau, true);
}

function startingPoint(h: Hierarchy, scaleOfData: number): Float64Array {
  const { cells, cell, terms, scales, own } = h.coordinates;
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
  for (const slot of own) set(slot, slot.at, null);
  return position;
}

/** How far Newton's steps may go in each coordinate. */
interface Bounds {
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** The coordinates that are not the parameter itself: logs and logits. */
  readonly scaled: readonly number[];
}

/** Steps of logs and logits are no longer: from far away, where coefficients miss the data, Newton's would be off by many orders of magnitude. */
const LONGEST = 1;

/** A bounded parameter this far out is at its bound to the last digit. */
const EDGE = 36;

/**
 * Scales stay above a thousandth of where they start: coefficients that fit every row exactly would draw them to 0 without
 * end. A parameter between two bounds stays where it can be told from them.
 */
function boundsOf({ dimension, scales, own, terms, cells, cell }: Coordinates, start: Float64Array): Bounds {
  const low = new Float64Array(dimension).fill(Number.NEGATIVE_INFINITY);
  const high = new Float64Array(dimension).fill(Number.POSITIVE_INFINITY);
  const scaled: number[] = [];
  const bound = (slot: Slot, at: number): void => {
    if (at < 0) return;
    if (slot.transform.kind !== 'identity') scaled.push(at);
    if (slot.transform.kind !== 'logit') return;
    low[at] = -EDGE;
    high[at] = EDGE;
  };
  for (const slot of scales ?? []) {
    if (slot.at >= 0 && slot.transform.kind === 'log') low[slot.at] = start[slot.at] - 7;
    bound(slot, slot.at);
  }
  for (const slots of terms) {
    if (slots.role === ROLE.complete) bound(slots.slot, slots.slot.at);
    else if (slots.role === ROLE.partial) {
      bound(slots.mu, slots.mu.at);
      bound(slots.tau, slots.tau.at);
    }
  }
  for (let c = 0; c < cells.count; c++) {
    const slots = terms[cells.term[c]];
    if (slots.role === ROLE.own) bound(slots.slot, cell[c]);
  }
  for (const slot of own) bound(slot, slot.at);
  return { low, high, scaled };
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
function* newtonStep(
  h: Hierarchy,
  position: Float64Array,
  { low, high, scaled }: Bounds,
  gradient: Float64Array,
  arrow: Arrow,
): Steps<number> {
  const value = h.evaluate(position, gradient);
  yield;
  fillCurvature(h, position, arrow, true);
  arrow.factor();
  for (const slots of h.coordinates.terms) if (slots.role === ROLE.partial && slots.tau.at >= 0) gradient[slots.tau.at] = 0;
  const step = new Float64Array(h.dimension);
  arrow.solve(gradient, step);
  for (const at of scaled) step[at] = Math.min(LONGEST, Math.max(-LONGEST, step[at]));
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
