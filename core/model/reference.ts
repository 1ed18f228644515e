/** What the coordinates of partially pooled coefficients are made with: nothing yet while the mode is looked for, and there what the data say. */
import { type Coordinates, ROLE } from './coordinates.ts';
import type { CoupledReference } from './coupled.ts';
import type { Hierarchy, Reference } from './hierarchy.ts';
import { blockStarts } from './likelihood.ts';
import { isFixed, locationAndSpread } from './priors.ts';

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
  return { information, estimate, muPrecision, muLocation, coupled };
}
