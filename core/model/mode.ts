/**
 * Where to start and how the posterior lies there. The joint mode of a hierarchical model is no guide: its density grows
 * without bound as tau → 0 with all coefficients equal. Instead coefficients, means and the family's parameters go to their mode
 * given the population sds by damped Newton steps, and each tau to the mode of its marginal posterior under the Laplace
 * approximation (Tierney & Kadane 1986), by fixed-point steps.
 */

import { log } from '../math/elementary.ts';
import { findModes, LOG_SPREAD, logVolume, type Mode } from '../sampler/modes.ts';
import type { Steps } from '../steps.ts';
import { Arrow } from './arrow.ts';
import { type Coordinates, coordinatesOf, ROLE, type Slot } from './coordinates.ts';
import type { CoupledReference } from './coupled.ts';
import { fillCurvature } from './curvature.ts';
import type { Design } from './design.ts';
import { Hierarchy, type Reference } from './hierarchy.ts';
import { blockStarts, type Likelihood } from './likelihood.ts';
import { listParameters } from './parameters.ts';
import { isFixed, locationAndSpread } from './priors.ts';
import { scalarsOf } from './scalars.ts';
import { constrain, logDensityUnconstrained, SCALE_FOLD, type Transform, unconstrain } from './transforms.ts';

/** What a model's chains are told of where its posterior lies. */
export interface Found {
  readonly reference: Reference;
  /** What scales and population sds are folded with, by coordinate. */
  readonly spreads: Float64Array;
  /** In the coordinates that this reference makes, that of most mass first. */
  readonly modes: readonly Mode[];
  /** Factored precision at the first. */
  readonly precision: Arrow;
}

const MOST_STEPS = 60;

/** A mode in the plain coordinates; its precision is factored once its mass is known. */
interface Place {
  readonly position: Float64Array;
  readonly precision: Arrow;
}

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
  let first: Place | null = null;
  const gradient = new Float64Array(coordinates.dimension);
  const found = yield* findModes<Place>(
    {
      dimension: coordinates.dimension,
      *search(z) {
        const position = begin.slice();
        if (z !== null) {
          first!.precision.upper(z, position);
          for (const at of bounds.scaled) position[at] = Math.min(LOG_SPREAD, Math.max(-LOG_SPREAD, position[at]));
          for (let i = 0; i < position.length; i++)
            position[i] = Math.min(bounds.high[i], Math.max(bounds.low[i], first!.position[i] + position[i]));
        }
        const precision = new Arrow(coordinates.start, coordinates.dimension);
        yield* ascend(plain, position, bounds, precision);
        const place = { position, precision };
        first ??= place;
        return place;
      },
      *logMass({ position, precision }) {
        const value = plain.evaluate(position, gradient);
        yield;
        fillCurvature(plain, position, precision, false);
        precision.factor();
        return value + logVolume(precision.diagonal());
      },
      whiten(place, mode) {
        const z = new Float64Array(coordinates.dimension);
        mode.precision.multiplyTransposed(
          place.position.map((v, i) => v - mode.position[i]),
          z,
        );
        return z;
      },
    },
    starts,
  );
  const places = found!;
  plain.evaluate(places[0].place.position, gradient);
  const reference = chooseReference(plain);
  yield;
  const spreads = spreadsOf(coordinates, places[0].place.position);
  const last = coordinatesOf(design, spreads);
  const hierarchy = new Hierarchy(last, likelihood, reference);
  const scalars = scalarsOf(design, listParameters(design));
  const modes = places.map(({ place, share }): Mode => {
    const position = place.position.slice();
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
  return { reference, spreads, modes, precision };
}

/** Climbs to a mode. */
function* ascend(plain: Hierarchy, position: Float64Array, bounds: Bounds, arrow: Arrow): Steps<void> {
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
    spreads[at] = (isTau ? 1 : SCALE_FOLD) * constrain(transform, position[at]);
  });
  return spreads;
}

/** Writes the coordinates of scales and population sds as other transforms have them. */
function refold(from: Coordinates, to: Coordinates, position: Float64Array): void {
  const transforms = new Map<number, Transform>();
  forScales(to, ({ at, transform }) => transforms.set(at, transform));
  forScales(from, ({ at, transform }) => {
    position[at] = unconstrain(transforms.get(at)!, constrain(transform, position[at]));
  });
}

function forScales({ scales, terms }: Coordinates, visit: (slot: Slot, isTau: boolean) => void): void {
  for (const slot of scales ?? []) if (slot.at >= 0) visit(slot, false);
  for (const slots of terms) if (slots.role === ROLE.partial && slots.tau.at >= 0) visit(slots.tau, true);
}

/** Coordinates that are affine in coefficients and means while tau is held: all that Newton's steps need. */
function plainReference({ cells, terms }: Coordinates): Reference {
  return {
    information: new Float64Array(cells.count).fill(1),
    estimate: new Float64Array(cells.count),
    muPrecision: new Float64Array(terms.length).fill(-1),
    muLocation: new Float64Array(terms.length),
    coupled: null,
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
function boundsOf({ dimension, scales, extra, terms, cells, cell }: Coordinates, start: Float64Array): Bounds {
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
  if (extra !== null) bound(extra, extra.at);
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

/** Two coefficients of a group are coupled when the data, with priors of twice their taus, correlate them by more than the root of this. */
const COUPLED = 0.2;

/**
 * The groups with coefficients that the data know only together, if there are any: all partially pooled ones of the group are then
 * given their coordinates together, about where the mode has them. `blocks`: the information, group by group.
 */
function coupledReference(h: Hierarchy, blocks: Float64Array): CoupledReference | null {
  const { cells, terms } = h.coordinates;
  const starts = blockStarts(cells);
  const start = [0];
  const members: number[] = [];
  const information: number[] = [];
  const score: number[] = [];
  for (let g = 0; g + 1 < cells.start.length; g++) {
    const from = cells.start[g];
    const k = cells.start[g + 1] - from;
    const own = Array.from({ length: k }, (_, i) => i).filter((i) => terms[cells.term[from + i]].role === ROLE.partial);
    const at = (i: number, j: number): number => blocks[starts[g] + i * k + j];
    const wide = (i: number): number => 4 * h.terms[cells.term[from + i]].tau ** 2;
    const coupled = own.some((i) =>
      own.some((j) => j < i && at(i, j) ** 2 * wide(i) * wide(j) > COUPLED * (1 + at(i, i) * wide(i)) * (1 + at(j, j) * wide(j))),
    );
    if (!coupled) continue;
    for (const i of own) {
      members.push(from + i);
      let sum = h.betaGradient[from + i];
      for (const j of own) {
        information.push(at(i, j));
        sum += at(i, j) * h.beta[from + j];
      }
      score.push(sum);
    }
    start.push(members.length);
  }
  if (members.length === 0) return null;
  return {
    start: Int32Array.from(start),
    cells: Int32Array.from(members),
    information: Float64Array.from(information),
    score: Float64Array.from(score),
  };
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
  const coupled = coupledReference(h, blocks);
  const muPrecision = new Float64Array(terms.length).fill(-1);
  const muLocation = new Float64Array(terms.length);
  terms.forEach((slots, t) => {
    if (slots.role !== ROLE.partial || slots.mu.at < 0 || slots.mu.transform.kind !== 'identity' || isFixed(slots.mu.prior)) return;
    if (coupled !== null) return;
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
  return { information, estimate, muPrecision, muLocation, coupled };
}
