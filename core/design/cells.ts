/** The cells of a model: the products of group and term that exist, group by group and in the order of the terms. */
import type { Design } from './design.ts';

export interface Cells {
  readonly count: number;
  /** groups + 1: group g has the cells start[g] … start[g + 1] − 1. */
  readonly start: Int32Array;
  /** Of each cell. */
  readonly term: Int32Array;
  readonly group: Int32Array;
}

export function cellsOf(design: Design): Cells {
  const groups = design.groups.length;
  const terms = design.terms.length;
  const start = new Int32Array(groups + 1);
  const term: number[] = [];
  const group: number[] = [];
  for (let g = 0; g < groups; g++) {
    for (let t = 0; t < terms; t++) {
      if (design.mask[g * terms + t] === 0) continue;
      term.push(t);
      group.push(g);
    }
    start[g + 1] = term.length;
  }
  return { count: term.length, start, term: Int32Array.from(term), group: Int32Array.from(group) };
}
