/**
 * The rows of a model as the kernels want them: sorted by group, each group's active columns contiguous, masked columns
 * left out, and rows that a family cannot tell apart merged where that shrinks them a lot.
 */

import type { Cells } from '../../design/cells.ts';
import type { Design, Rows } from '../../design/design.ts';
import type { KernelColumns, KernelForm } from '../../families/family.ts';
import { FIRST_ADDRESS, type KernelMemory, SCRATCH, SUMS, TABLE_WORDS } from '../../kernels/kernels.ts';

/** One group's rows after merging. Arrays have one entry a row (`x`: one array a slope, in the order of its cells). */
export interface GroupRows extends KernelColumns {
  readonly rows: number;
  readonly x: readonly Float64Array[];
}

/** Below this share of distinct rows, merging pays for itself. */
const WORTH_MERGING = 0.6;

/** Splits the rows by group and merges them. Rows of weight 0 are left out. */
export function groupRows(design: Design, form: KernelForm, rows: Rows, cells: Cells): GroupRows[] {
  const lists = rowLists(rows, design.groups.length);
  return lists.map((list, g) => {
    const slopes: Float64Array[] = [];
    for (let c = cells.start[g]; c < cells.start[g + 1]; c++) {
      if (design.terms[cells.term[c]].kind === 'slope') slopes.push(rows.x[cells.term[c]]);
    }
    const sets = merge(list, [...slopes, ...form.keys(rows)]);
    const { slot, count } = sets.count <= WORTH_MERGING * list.length ? sets : unmerged(list);
    const representative = new Int32Array(count);
    for (let i = list.length - 1; i >= 0; i--) representative[slot[i]] = list[i];
    const x = slopes.map((column) => Float64Array.from(representative, (r) => column[r]));
    return { rows: count, x, ...form.columns(rows, { list, slot, count, representative }) };
  });
}

function rowLists(rows: Rows, groups: number): Int32Array[] {
  const counts = new Int32Array(groups);
  const used = (i: number): boolean => rows.weights === null || rows.weights[i] !== 0;
  for (let i = 0; i < rows.n; i++) if (used(i)) counts[rows.group[i]]++;
  const lists = Array.from(counts, (n) => new Int32Array(n));
  counts.fill(0);
  for (let i = 0; i < rows.n; i++) if (used(i)) lists[rows.group[i]][counts[rows.group[i]]++] = i;
  return lists;
}

/** For each row of a list the number of its set of equal rows, in order of first appearance. */
interface Merged {
  readonly slot: Int32Array;
  readonly count: number;
}

function unmerged(list: Int32Array): Merged {
  return { slot: Int32Array.from(list, (_, i) => i), count: list.length };
}

/** Open addressing over a hash of the keys' bits. */
function merge(list: Int32Array, keys: readonly Float64Array[]): Merged {
  const n = list.length;
  const slot = new Int32Array(n);
  let size = 16;
  while (size < 2 * n) size *= 2;
  const table = new Int32Array(size).fill(-1);
  const number = new Float64Array(1);
  const bits = new Int32Array(number.buffer);
  const firsts = new Int32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    let hash = 0x9e3779b9 | 0;
    for (const key of keys) {
      number[0] = key[list[i]] + 0;
      hash = Math.imul(hash ^ bits[0], 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13) ^ bits[1], 0xc2b2ae35);
      hash ^= hash >>> 16;
    }
    let at = hash & (size - 1);
    while (table[at] >= 0 && !keys.every((key) => key[list[i]] === key[firsts[table[at]]])) at = (at + 1) & (size - 1);
    if (table[at] < 0) {
      firsts[count] = list[i];
      table[at] = count++;
    }
    slot[i] = table[at];
    if (count > WORTH_MERGING * n) return { slot, count: n };
  }
  return { slot, count };
}

/** Where the packed rows and the working arrays lie: addresses in bytes, views in numbers. */
export interface PackedRows {
  readonly table: number;
  readonly scratch: number;
  readonly scales: number;
  readonly betaAddress: number;
  readonly gradientAddress: number;
  readonly sumsAddress: number;
  readonly beta: Float64Array;
  readonly gradient: Float64Array;
  /** Three a group. */
  readonly sums: Float64Array;
  /** One a group. */
  readonly scaleValues: Float64Array;
}

const even = (n: number): number => n + (n & 1);

/** Bytes that `packRows` will lay out. */
export function packedBytes(groups: readonly GroupRows[], cells: number): number {
  let numbers = FIRST_ADDRESS / 8 + SCRATCH + (groups.length * TABLE_WORDS) / 2 + 2 * even(cells) + (SUMS + 1) * groups.length + 16;
  for (const g of groups) numbers += even(g.rows) * (g.x.length + 4);
  return numbers * 8;
}

/** Lays the rows out in a kernel's memory. */
export function packRows(groups: readonly GroupRows[], cells: Cells, memory: KernelMemory): PackedRows {
  const numbers = new Float64Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  let next = FIRST_ADDRESS / 8;
  const take = (n: number): number => {
    const at = next;
    next += even(n);
    return at * 8;
  };
  const scratch = take(SCRATCH);
  const table = take((groups.length * TABLE_WORDS) / 2);
  const beta = take(cells.count);
  const gradient = take(cells.count);
  const sums = take(SUMS * groups.length);
  const scales = take(groups.length);
  const place = (values: Float64Array | null): number => {
    if (values === null) return 0;
    const at = take(values.length);
    numbers.set(values, at / 8);
    return at;
  };
  groups.forEach((g, index) => {
    const stride = even(g.rows) * 8;
    const x = take(even(g.rows) * g.x.length);
    g.x.forEach((column, j) => {
      numbers.set(column, (x + j * stride) / 8);
    });
    const intercept = cells.start[index + 1] - cells.start[index] - g.x.length;
    const row = [g.rows, g.x.length, x, place(g.offset), place(g.first), place(g.second), cells.start[index], intercept, stride];
    words.set(row, table / 4 + index * TABLE_WORDS);
  });
  const view = (address: number, length: number): Float64Array => numbers.subarray(address / 8, address / 8 + length);
  return {
    table,
    scratch,
    scales,
    betaAddress: beta,
    gradientAddress: gradient,
    sumsAddress: sums,
    beta: view(beta, cells.count),
    gradient: view(gradient, cells.count),
    sums: view(sums, SUMS * groups.length),
    scaleValues: view(scales, groups.length),
  };
}

/** Whether `first` weighs no row. */
export const areOnes = (groups: readonly GroupRows[]): boolean => groups.every((g) => g.first === null || g.first.every((m) => m === 1));
