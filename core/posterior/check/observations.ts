/** Rows as the observations that their frequency weights stand for: what a data set with weights gives is what the one with its rows repeated gives. */
import { weightOf } from '../../data/table.ts';
import type { Rows } from '../../design/design.ts';

/** How many observations a row stands for: one, or as many as its weight rounded up, the last of which may count in part. */
export const copiesOf = (rows: Rows, row: number): number => Math.ceil(weightOf(rows, row));

/** How much a row's copy counts, from 0 on: 1, or for the last what is left of the weight. 0 for a row of weight 0. */
export const shareOf = (rows: Rows, row: number, copy: number): number =>
  rows.weights === null ? 1 : Math.max(0, Math.min(1, rows.weights[row] - copy));

/** Of each row: how many copies lie before it. Those of the row's own number follow, as in the data set with rows repeated. */
export function firstCopies(rows: Rows): Float64Array {
  const first = new Float64Array(rows.n);
  for (let i = 1; i < rows.n; i++) first[i] = first[i - 1] + copiesOf(rows, i - 1);
  return first;
}

/** Copies of all rows. */
export const countCopies = (rows: Rows): number =>
  rows.weights === null ? rows.n : rows.weights.reduce((sum, w) => sum + Math.ceil(w), 0);

/**
 * Rows by their number, each as often as its weight counts it and in order, evenly thinned to at most `most`. Where weights are no whole numbers, as
 * often as is nearest, of as many observations as weights or rows that have one count.
 */
export function observations(
  weights: Float64Array | null,
  places: Int32Array,
  most: number,
): { readonly rows: Int32Array; readonly all: number } {
  const weightAt = (k: number): number => (weights === null ? 1 : weights[places[k]]);
  let total = 0;
  let positive = 0;
  for (let k = 0; k < places.length; k++) {
    total += weightAt(k);
    if (weightAt(k) > 0) positive++;
  }
  const all = Math.max(positive, Math.round(total));
  const count = Math.min(all, most);
  const rows = new Int32Array(count);
  let k = 0;
  let passed = positive === 0 ? 0 : weightAt(0);
  for (let i = 0; i < count; i++) {
    const at = ((i + 0.5) * total) / count;
    while (k < places.length - 1 && passed <= at) passed += weightAt(++k);
    rows[i] = places[k];
  }
  return { rows, all };
}
