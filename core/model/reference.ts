/** What the coordinates of partially pooled coefficients are made with: nothing yet while the mode is looked for, and there what the data say. */

import { isFixed, locationAndSpread } from '../design/priors.ts';
import type { AnchorMoves } from './anchors.ts';
import { type Coordinates, ROLE } from './coordinates.ts';
import type { CoupledReference } from './coupled.ts';
import type { Hierarchy, Reference } from './hierarchy.ts';
import { blockStarts } from './likelihood/likelihood.ts';

/** Coordinates that are affine in coefficients and means while tau is held: all that Newton's steps need. */
export function plainReference({ cells, terms }: Coordinates): Reference {
  return {
    information: new Float64Array(cells.count).fill(1),
    estimate: new Float64Array(cells.count),
    muPrecision: new Float64Array(terms.length).fill(-1),
    muLocation: new Float64Array(terms.length),
    coupled: null,
  };
}

/** Two partially pooled coefficients of a group are coupled when the data, with priors of twice their taus, correlate them by more than the root of this. */
const COUPLED = 0.2;
/** The same for one that is pooled and one that is not, which whitening takes care of unless tau moves much. */
const COUPLED_OWN = 0.5;

/**
 * The groups with coefficients that the data know only together, if there are any: all partially pooled ones of the group, and those
 * that are not pooled and go with them, are then given their coordinates together, about where the mode has them. `blocks`: the information, group
 * by group.
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
    const at = (i: number, j: number): number => blocks[starts[g] + i * k + j];
    const all = Array.from({ length: k }, (_, i) => i);
    const pooled = all.filter((i) => terms[cells.term[from + i]].role === ROLE.partial);
    const widths = all.map((i) => widthOf(h, cells.term[from + i]));
    const correlated = (i: number, j: number, least: number): boolean =>
      at(i, j) ** 2 * widths[i] * widths[j] > least * (1 + at(i, i) * widths[i]) * (1 + at(j, j) * widths[j]);
    const own = all.filter((j) => widths[j] > 0 && !pooled.includes(j) && pooled.some((i) => correlated(i, j, COUPLED_OWN)));
    const coupled = own.length > 0 || pooled.some((i) => pooled.some((j) => j < i && correlated(i, j, COUPLED)));
    if (!coupled) continue;
    const together = [...pooled, ...own];
    for (const i of together) {
      members.push(from + i);
      let sum = h.betaGradient[from + i];
      for (const j of together) {
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

/** The variance of a term's coefficients as far as coupling goes: of twice tau where they are partially pooled, of their prior where they are not; else 0. */
function widthOf(h: Hierarchy, t: number): number {
  const slots = h.coordinates.terms[t];
  if (slots.role === ROLE.partial) return 4 * h.terms[t].tau ** 2;
  if (slots.role !== ROLE.own || isFixed(slots.slot.prior) || slots.slot.transform.kind !== 'identity') return 0;
  const { spread } = locationAndSpread(slots.slot.prior);
  return spread > 0 && Number.isFinite(spread) ? spread * spread : 0;
}

/** Anchors move with completely pooled terms that tell at least this share of what the rows say of partially pooled coefficients. */
const MOVING = 0.1;

/** How the anchors move with completely pooled coefficients; `null` where none matters. */
function anchorMoves(h: Hierarchy, blocks: Float64Array, coupled: CoupledReference | null): AnchorMoves | null {
  const { cells, terms } = h.coordinates;
  const starts = blockStarts(cells);
  const together = new Set(coupled?.cells);
  const at = (c: number, d: number): number => {
    const g = cells.group[c];
    const from = cells.start[g];
    return blocks[starts[g] + (c - from) * (cells.start[g + 1] - from) + d - from];
  };
  const partial = Array.from({ length: cells.count }, (_, c) => c).filter((c) => terms[cells.term[c]].role === ROLE.partial);
  const others = (c: number, t: number): number[] => {
    const found: number[] = [];
    for (let d = cells.start[cells.group[c]]; d < cells.start[cells.group[c] + 1]; d++) if (cells.term[d] === t) found.push(d);
    return found;
  };
  const moving = [...terms.keys()].filter((t) => {
    const slots = terms[t];
    if (slots.role !== ROLE.complete || slots.slot.at < 0) return false;
    let along = 0;
    let whole = 0;
    for (const c of partial) {
      for (const d of others(c, t)) {
        if (at(c, c) > 0) along += at(c, d) ** 2 / at(c, c);
        whole += at(d, d);
      }
    }
    return along > MOVING * whole;
  });
  if (moving.length === 0) return null;
  const slopes = new Float64Array(cells.count * moving.length);
  for (let c = 0; c < cells.count; c++) {
    const isCoupled = together.has(c);
    if (!isCoupled && terms[cells.term[c]].role !== ROLE.partial) continue;
    moving.forEach((t, s) => {
      for (const d of others(c, t)) slopes[c * moving.length + s] = isCoupled ? -at(c, d) : at(c, c) > 0 ? -at(c, d) / at(c, c) : 0;
    });
  }
  return { terms: Int32Array.from(moving), at: Float64Array.from(moving, (t) => h.terms[t].value), slopes };
}

/**
 * What the data say of each partially pooled coefficient, the group's others held: the information at the mode, and the estimate
 * that with it puts the coefficient where it is. Of collinear covariates each is then nearly centred, and what their sum is
 * known to be stays put while tau moves.
 */
export function chooseReference(h: Hierarchy): Reference {
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
  return { information, estimate, muPrecision, muLocation, coupled, moves: anchorMoves(h, blocks, coupled) };
}
