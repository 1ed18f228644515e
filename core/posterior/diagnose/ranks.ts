/** Normal scores of ranks, and the order of folded draws, in buffers that are used again. */
import { normalQuantile } from '../../math/normal.ts';

const OFFSET = 3 / 8;
let tableSize = 0;
let table = new Float64Array(0);

/** Φ⁻¹((r − 3/8) / (n + 1/4)) for r = 1, 1½, …, n at index 2 (r − 1): average ranks of ties are whole or half numbers. Kept for the last n. */
function scoresOf(n: number): Float64Array {
  if (tableSize === n) return table;
  table = new Float64Array(2 * n);
  for (let i = 0; i < 2 * n - 1; i++) table[i] = normalQuantile((i / 2 + 1 - OFFSET) / (n - 2 * OFFSET + 1));
  tableSize = n;
  return table;
}

/**
 * Writes each value's normal score (Blom 1958) at its place in `out`; ties share their average rank.
 * @param order indices of `values` in ascending order; values not among them take no part.
 */
export function normalScores(values: Float64Array, order: Uint32Array, out: Float64Array): void {
  const n = order.length;
  const scores = scoresOf(n);
  for (let i = 0; i < n; ) {
    const value = values[order[i]];
    let j = i + 1;
    while (j < n && values[order[j]] === value) j++;
    const score = scores[i + j - 1];
    for (; i < j; i++) out[order[i]] = score;
  }
}

/** The median of the values in that order: the middle one, or the mean of the two. */
export function medianOf(values: Float64Array, order: Uint32Array): number {
  const n = order.length;
  const upper = values[order[n >> 1]];
  return n % 2 === 1 ? upper : (values[order[(n >> 1) - 1]] + upper) / 2;
}

/**
 * Writes |value − median| into `folded` and their ascending order into `foldedOrder`, by merging the draws below the median, backwards,
 * with those above it: no second sort.
 */
export function foldAbout(median: number, values: Float64Array, order: Uint32Array, folded: Float64Array, foldedOrder: Uint32Array): void {
  const n = order.length;
  for (let i = 0; i < n; i++) folded[order[i]] = Math.abs(values[order[i]] - median);
  let right = 0;
  while (right < n && values[order[right]] < median) right++;
  let left = right - 1;
  for (let i = 0; i < n; i++) {
    const takeLeft = right >= n || (left >= 0 && folded[order[left]] <= folded[order[right]]);
    foldedOrder[i] = takeLeft ? order[left--] : order[right++];
  }
}
