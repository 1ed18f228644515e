/** The precision of a model's posterior at a position: the negative Hessian, positive by construction where it can be. */

import { type Derivatives, isFixed, logDensityOf } from '../design/priors.ts';
import { sqrt } from '../math/elementary.ts';
import type { Arrow } from './arrow.ts';
import { ROLE, type Slot, type TermSlots } from './coordinates.ts';
import type { CoupledGroup } from './coupled.ts';
import type { Hierarchy } from './hierarchy.ts';
import { blockStarts } from './likelihood/likelihood.ts';
import { logDensityUnconstrained, logSlope, slope } from './transforms.ts';

/** How a cell's coefficient moves with the coordinates: its own, and at most two shared ones (−1: none). */
interface CellSlopes {
  own: number;
  first: number;
  second: number;
  byOwn: number;
  byFirst: number;
  bySecond: number;
}

/**
 * Fills the arrow at `position`, where the hierarchy has just been evaluated. With `holdTau`, rows of the population sds are
 * those of the identity: a step then leaves them where they are.
 */
export function fillCurvature(h: Hierarchy, position: Float64Array, arrow: Arrow, holdTau: boolean): void {
  const { cells, terms, start } = h.coordinates;
  const starts = blockStarts(cells);
  const blocks = new Float64Array(starts[starts.length - 1]);
  const logScale = new Float64Array(start.length - 1);
  h.likelihood.information(h.beta, h.parameters, blocks, logScale);
  arrow.clear();
  const d: Derivatives = { value: 0, first: 0, second: 0 };
  const coupled = new Set(h.reference.coupled?.cells);
  const slopes: CellSlopes[] = Array.from({ length: cells.count }, (_, c) => slopesOf(h, c, position, holdTau, coupled));
  const together = new Map(h.coupled.map((group) => [cells.group[group.cells[0]], group]));
  for (let g = 0; g + 1 < start.length; g++) {
    const from = cells.start[g];
    const k = cells.start[g + 1] - from;
    const group = together.get(g);
    if (group !== undefined) {
      addCoupled(h, group, slopes.slice(from, from + k), blocks.subarray(starts[g], starts[g + 1]), arrow);
      continue;
    }
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < k; b++) addPair(arrow, slopes[from + a], slopes[from + b], blocks[starts[g] + a * k + b]);
    }
  }
  for (let c = 0; c < cells.count; c++) {
    const slots = terms[cells.term[c]];
    if (coupled.has(c)) continue;
    if (slots.role === ROLE.partial) addPartial(h, c, position, arrow, holdTau);
    else if (slots.role === ROLE.own && slopes[c].own >= 0) {
      const at = slopes[c].own;
      logDensityUnconstrained(slots.slot.prior, slots.slot.transform, position[at], d);
      arrow.add(at, at, Math.max(0, -d.second));
    }
  }
  addShared(h, position, arrow, holdTau, logScale);
  if (holdTau) return;
  const taus = terms.flatMap((slots) => (slots.role === ROLE.partial && slots.tau.at >= 0 ? [slots.tau.at] : []));
  const moving = Array.from(h.reference.moves?.terms ?? [], (t) => (terms[t] as TermSlots & { role: typeof ROLE.complete }).slot.at);
  const numeric = [...(h.coupled.length > 0 ? taus : []), ...moving];
  if (numeric.length > 0) addRows(h, position, arrow, numeric, new Set(taus));
}

/**
 * A coupled group: what its rows say of all its coefficients, and the prior −½ v·v of the coupled ones. The rows of taus are left to
 * `addTaus`.
 */
function addCoupled(h: Hierarchy, group: CoupledGroup, slopes: readonly CellSlopes[], information: Float64Array, arrow: Arrow): void {
  const { k, inverse, tau, cells } = group;
  const size = slopes.length;
  const first = h.coordinates.cells.start[h.coordinates.cells.group[cells[0]]];
  // Coordinates that move the group's coefficients, and how: rows of `moves` are those of v, then of the coefficients.
  const columns = new Map<number, Float64Array>();
  const column = (at: number): Float64Array => {
    const there = columns.get(at) ?? new Float64Array(k + size);
    columns.set(at, there);
    return there;
  };
  slopes.forEach((s, i) => {
    if (s.own >= 0 && s.byOwn !== 0) column(s.own)[k + i] += s.byOwn;
    if (s.first >= 0 && s.byFirst !== 0) column(s.first)[k + i] += s.byFirst;
  });
  for (let i = 0; i < k; i++) for (let j = i; j < k; j++) column(group.at[j])[i] = inverse[j * k + i];
  for (let j = 0; j < k; j++) {
    const slots = h.coordinates.terms[group.terms[j]];
    if (slots.role !== ROLE.partial || slots.mu.at < 0) continue;
    const { mu } = slots;
    const byMu = column(mu.at);
    byMu[k + cells[j] - first] = h.terms[group.terms[j]].slope;
    group.pulledBy(j, h.terms[group.terms[j]].slope, byMu);
  }
  for (const moved of columns.values()) for (let i = 0; i < k; i++) moved[k + cells[i] - first] += tau[i] * moved[i];
  const entries = [...columns];
  entries.forEach(([at, a], n) => {
    for (let other = 0; other <= n; other++) {
      const [to, b] = entries[other];
      let sum = 0;
      for (let i = 0; i < k; i++) sum += a[i] * b[i];
      for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) sum += a[k + i] * information[i * size + j] * b[k + j];
      arrow.add(at, to, sum);
    }
  });
}

/** Rows of shared coordinates from finite differences: where groups are coupled, or anchors move, no formula of ours has them. */
function addRows(h: Hierarchy, position: Float64Array, arrow: Arrow, rows: readonly number[], taus: ReadonlySet<number>): void {
  const later = new Set(rows);
  for (const at of rows) {
    const row = curvatureAlong(h, position, at);
    const least = taus.has(at) ? 0.05 : 0;
    arrow.clearShared(at);
    later.delete(at);
    for (let i = 0; i < row.length; i++) if (i !== at && !later.has(i)) arrow.add(at, i, row[i]);
    arrow.add(at, at, Math.max(least, row[at]));
  }
}

function slopesOf(h: Hierarchy, c: number, position: Float64Array, holdTau: boolean, coupled: ReadonlySet<number>): CellSlopes {
  const { cells, cell, terms } = h.coordinates;
  const t = cells.term[c];
  const slots = terms[t];
  const state = h.terms[t];
  const own = cell[c];
  if (coupled.has(c)) return { own: -1, first: -1, second: -1, byOwn: 0, byFirst: 0, bySecond: 0 };
  if (slots.role === ROLE.own) {
    const byOwn = own < 0 ? 0 : slope(slots.slot.transform, position[own]);
    return { own, first: -1, second: -1, byOwn, byFirst: 0, bySecond: 0 };
  }
  if (slots.role === ROLE.complete) return { own: -1, first: slots.slot.at, second: -1, byOwn: 0, byFirst: state.slope, bySecond: 0 };
  const w = h.share[c];
  return {
    own,
    first: slots.mu.at,
    second: holdTau ? -1 : slots.tau.at,
    byOwn: state.tau * h.root[c],
    byFirst: w * state.slope,
    bySecond: (w * state.valueByTau + state.tau * w * (2 * h.pull[c] + h.root[c] * position[own])) * state.logTauSlope,
  };
}

/** Adds J_aᵀ w J_b: every ordered pair of cells comes once, so entries off the diagonal are halved where both orders meet. */
function addPair(arrow: Arrow, a: CellSlopes, b: CellSlopes, w: number): void {
  const one = (i: number, j: number, value: number): void => {
    if (i === j) arrow.add(i, j, value);
    else arrow.add(i, j, 0.5 * value);
  };
  for (const [i, di] of [
    [a.own, a.byOwn],
    [a.first, a.byFirst],
    [a.second, a.bySecond],
  ]) {
    if (i < 0 || di === 0) continue;
    const left = w * di;
    one(i, b.own, left * b.byOwn);
    one(i, b.first, left * b.byFirst);
    one(i, b.second, left * b.bySecond);
  }
}

/**
 * What a partially pooled cell's prior −½ q², q = (b − mu) / tau, and its Jacobian ½ log w add. What the bend of b and mu would
 * add is left out: it is weighted with gradients that vanish at the mode.
 */
function addPartial(h: Hierarchy, c: number, position: Float64Array, arrow: Arrow, holdTau: boolean): void {
  const { cells, cell, terms } = h.coordinates;
  const t = cells.term[c];
  const slots = terms[t];
  if (slots.role !== ROLE.partial) return;
  const { slope: bySlope, valueByTau, tau, logTauSlope } = h.terms[t];
  const w = h.share[c];
  const rooted = h.root[c] * position[cell[c]];
  const q = h.pull[c] + rooted;
  // q's derivatives in b's own coordinate, mu and log tau, for b held at what these say.
  const away = -h.reference.information[c] * tau * w;
  const byTau = holdTau ? 0 : (away * valueByTau + w * (2 * h.pull[c] + rooted) - q) * logTauSlope;
  const at = [cell[c], slots.mu.at, holdTau ? -1 : slots.tau.at];
  const slopes = [h.root[c], away * bySlope, byTau];
  for (let i = 0; i < 3; i++) for (let j = 0; j <= i; j++) arrow.add(at[i], at[j], slopes[i] * slopes[j]);
  if (holdTau || slots.tau.at < 0) return;
  const s = logTauSlope;
  arrow.add(cell[c], slots.tau.at, -q * h.root[c] * s);
  arrow.add(slots.mu.at, slots.tau.at, -q * away * bySlope * s);
  arrow.add(slots.tau.at, slots.tau.at, (2 * w * (1 - w) + q * (q - 2 * (w * (2 * h.pull[c] + rooted) + away * valueByTau))) * s * s);
}

function addShared(h: Hierarchy, position: Float64Array, arrow: Arrow, holdTau: boolean, logScale: Float64Array): void {
  const { terms, scales, scaleByGroup, own } = h.coordinates;
  const d: Derivatives = { value: 0, first: 0, second: 0 };
  const prior = (slot: Slot): void => {
    if (slot.at < 0) return;
    logDensityUnconstrained(slot.prior, slot.transform, position[slot.at], d);
    arrow.add(slot.at, slot.at, Math.max(0, -d.second));
  };
  terms.forEach((slots, t) => {
    if (slots.role === ROLE.complete) prior(slots.slot);
    else if (slots.role === ROLE.partial) {
      if (h.reference.muPrecision[t] < 0) prior(slots.mu);
      else addMean(h, t, arrow, holdTau);
      if (!holdTau) prior(slots.tau);
      else if (slots.tau.at >= 0) arrow.add(slots.tau.at, slots.tau.at, 1);
    }
  });
  const ofScale = new Map<number, number>();
  scales?.forEach((slot, g) => {
    if (slot.at < 0) return;
    prior(slot);
    const inLog = logSlope(slot.transform, position[slot.at]);
    const information = scaleByGroup ? logScale[g] : logScale.reduce((a, b) => a + b, 0);
    arrow.add(slot.at, slot.at, information * inLog * inLog);
    ofScale.set(slot.at, Math.max(0, -d.second) + information * inLog * inLog);
  });
  for (const slot of own) if (slot.at >= 0) addOwn(h, position, arrow, slot.at, ofScale);
}

/**
 * A parameter of the family's own, and how it goes with the scales (a Student-t's tails and scale explain each other): from finite differences,
 * cut back to where the whole stays positive definite.
 */
function addOwn(h: Hierarchy, position: Float64Array, arrow: Arrow, at: number, ofScale: ReadonlyMap<number, number>): void {
  const row = curvatureAlong(h, position, at);
  const own = Math.max(0.05, row[at]);
  let explained = 0;
  for (const [i, diagonal] of ofScale) if (diagonal > 0) explained += (row[i] * row[i]) / diagonal;
  const share = explained > 0.9 * own ? sqrt((0.9 * own) / explained) : 1;
  arrow.add(at, at, own);
  for (const [i, diagonal] of ofScale) if (diagonal > 0) arrow.add(at, i, share * row[i]);
}

/** The prior of a mean whose coordinate is scaled by what is known given tau. */
function addMean(h: Hierarchy, t: number, arrow: Arrow, holdTau: boolean): void {
  const slots = h.coordinates.terms[t];
  if (slots.role !== ROLE.partial || slots.mu.at < 0 || isFixed(slots.mu.prior)) return;
  const state = h.terms[t];
  const d: Derivatives = { value: 0, first: 0, second: 0 };
  logDensityOf(slots.mu.prior, state.value, d);
  const precision = Math.max(0, -d.second);
  const byTau = holdTau ? 0 : state.valueByTau * state.logTauSlope;
  arrow.add(slots.mu.at, slots.mu.at, precision * state.slope * state.slope);
  arrow.add(slots.mu.at, slots.tau.at, precision * state.slope * byTau);
  arrow.add(slots.tau.at, slots.tau.at, precision * byTau * byTau);
}

/** A row of −d² log density, from gradients on both sides; the hierarchy ends where it began. */
function curvatureAlong(h: Hierarchy, position: Float64Array, at: number): Float64Array {
  const step = 1e-3;
  const above = new Float64Array(h.dimension);
  const below = new Float64Array(h.dimension);
  const moved = position.slice();
  moved[at] = position[at] + step;
  h.evaluate(moved, above);
  moved[at] = position[at] - step;
  h.evaluate(moved, below);
  const row = below.map((b, i) => (b - above[i]) / (2 * step));
  h.evaluate(position, above);
  return row.map((v) => (Number.isFinite(v) ? v : 0));
}
