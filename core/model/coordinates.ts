/**
 * The unconstrained coordinates of a model: first, group by group, what only that group has (its coefficients, its log
 * scale), then what groups share (completely pooled coefficients, population means and sds, scale, nu, shape). The
 * precision of the posterior then has the shape of an arrow, see arrow.ts.
 */

import { type Cells, cellsOf } from '../design/cells.ts';
import type { Design } from '../design/design.ts';
import { isFixed } from '../design/priors.ts';
import type { Prior } from '../spec/types.ts';
import { type Bijection, folded, transformFor } from './transforms.ts';

/** A scalar with a prior: where it lies among the coordinates, or the number it is fixed at (`at` is then −1). */
export interface Slot {
  readonly at: number;
  readonly prior: Prior;
  readonly transform: Bijection;
  readonly fixed: number;
}

export const ROLE = { own: 0, complete: 1, partial: 2 } as const;

/** One term: how its cells come by their coefficients. */
export type TermSlots =
  /** `slot.at` is not used: every cell has a coordinate of its own unless the prior is fixed. */
  | { readonly role: typeof ROLE.own; readonly slot: Slot }
  | { readonly role: typeof ROLE.complete; readonly slot: Slot }
  | { readonly role: typeof ROLE.partial; readonly mu: Slot; readonly tau: Slot };

export interface Coordinates {
  readonly cells: Cells;
  readonly dimension: number;
  /** groups + 1: the coordinates of group g are start[g] … start[g + 1] − 1; those from start[groups] on are shared. */
  readonly start: Int32Array;
  /** The coordinate of each cell, −1 for fixed and completely pooled ones. */
  readonly cell: Int32Array;
  readonly terms: readonly TermSlots[];
  /** One slot for all groups, or one a group; `null` where there is no scale. */
  readonly scales: readonly Slot[] | null;
  readonly scaleByGroup: boolean;
  /** Those of the family's own. */
  readonly own: readonly Slot[];
}

/** @param spreads typical sizes of scales and population sds, by coordinate: those whose priors allow it are then folded about 0. */
export function coordinatesOf(design: Design, spreads: Float64Array | null = null): Coordinates {
  const cells = cellsOf(design);
  const groups = design.groups.length;
  const cell = new Int32Array(cells.count).fill(-1);
  const start = new Int32Array(groups + 1);
  const scaleByGroup = design.scale?.by === 'group';
  const scales: Slot[] = [];
  let next = 0;
  const place = (prior: Prior, positive: boolean): Slot => slot(prior, positive, isFixed(prior) ? -1 : next++);
  const placeScale = (prior: Prior): Slot => {
    const plain = place(prior, true);
    return spreads === null || plain.at < 0 ? plain : { ...plain, transform: folded(plain.transform, prior, spreads[plain.at]) };
  };
  for (let g = 0; g < groups; g++) {
    for (let c = cells.start[g]; c < cells.start[g + 1]; c++) {
      const term = design.terms[cells.term[c]];
      if (term.pooling === 'partial' || (term.pooling === 'none' && !isFixed(term.prior))) cell[c] = next++;
    }
    if (scaleByGroup) scales.push(placeScale(design.scale!.prior));
    start[g + 1] = next;
  }
  const used = new Set(cells.term);
  const terms = design.terms.map((term, t): TermSlots => {
    if (term.pooling === 'none') return { role: ROLE.own, slot: slot(term.prior, false, -1) };
    if (term.pooling === 'partial') return { role: ROLE.partial, mu: place(term.prior, false), tau: placeScale(term.sd!) };
    return { role: ROLE.complete, slot: used.has(t) ? place(term.prior, false) : slot(term.prior, false, -1) };
  });
  if (design.scale !== null && !scaleByGroup) scales.push(placeScale(design.scale.prior));
  const own = design.own.map(({ prior }) => place(prior, true));
  return { cells, dimension: next, start, cell, terms, scales: design.scale === null ? null : scales, scaleByGroup, own };
}

function slot(prior: Prior, positive: boolean, at: number): Slot {
  return { at, prior, transform: transformFor(prior, positive), fixed: isFixed(prior) ? prior.fixed : Number.NaN };
}
