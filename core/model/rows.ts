/**
 * The rows of a model as the kernels want them: sorted by group, each group's active columns contiguous, masked columns
 * left out, and rows that a family cannot tell apart merged where that shrinks them a lot.
 */
import { FIRST_ADDRESS, type KernelMemory, type KernelName, SCRATCH, SUMS, TABLE_WORDS } from '../kernels/kernels.ts';
import { exp, log } from '../math/elementary.ts';
import type { Cells } from './cells.ts';
import type { Design, Rows } from './design.ts';

/** One group's rows after merging. Arrays have one entry a row (`x`: one array a slope, in the order of its cells). */
export interface GroupRows {
  readonly rows: number;
  readonly x: readonly Float64Array[];
  /** Added to the linear predictor: log exposure, and for a Poisson the log of the weight. */
  readonly offset: Float64Array | null;
  /** Poisson: unused. Bernoulli and binomial: weight × trials, `null` when all are 1. Negative binomial: Σ w y. Student-t: y. */
  readonly first: Float64Array | null;
  /** Negative binomial: Σ w. Student-t: se (or 1) and weight, alternating, `null` when all are 1. */
  readonly second: Float64Array | null;
}

/** Below this share of distinct rows, merging pays for itself. */
const WORTH_MERGING = 0.6;

/** One row's contribution before merging, by family: what is summed when rows are merged, and what must be equal. */
interface Columns {
  /** Must be equal for rows to merge, besides the active x: offset, y, se. */
  readonly keys: readonly Float64Array[];
}

/** Splits the rows by group and merges them. Rows of weight 0 are left out. */
export function groupRows(design: Design, rows: Rows, cells: Cells): GroupRows[] {
  const lists = rowLists(rows, design.groups.length);
  return lists.map((list, g) => {
    const slopes: Float64Array[] = [];
    for (let c = cells.start[g]; c < cells.start[g + 1]; c++) {
      if (design.terms[cells.term[c]].kind === 'slope') slopes.push(rows.x[cells.term[c]]);
    }
    const keys = { keys: keyColumns(design, rows, slopes) };
    const merged = merge(list, keys);
    const pays = merged.count <= WORTH_MERGING * list.length;
    return aggregate(design, rows, slopes, list, pays ? merged : unmerged(list));
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

function keyColumns(design: Design, rows: Rows, slopes: readonly Float64Array[]): Float64Array[] {
  const keys = [...slopes];
  if (rows.offset !== null && design.family !== 'poisson') keys.push(rows.offset);
  if (design.family === 'student_t') {
    keys.push(rows.y);
    if (rows.se !== null) keys.push(rows.se);
  }
  return keys;
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
function merge(list: Int32Array, { keys }: Columns): Merged {
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

function aggregate(design: Design, rows: Rows, slopes: readonly Float64Array[], list: Int32Array, { slot, count }: Merged): GroupRows {
  const { family } = design;
  const whole = count === list.length;
  const first = new Float64Array(count);
  const second = new Float64Array(family === 'student_t' ? 2 * count : count);
  const offset = new Float64Array(count);
  const representative = new Int32Array(count);
  for (let i = list.length - 1; i >= 0; i--) representative[slot[i]] = list[i];
  for (let i = 0; i < list.length; i++) {
    const r = list[i];
    const s = slot[i];
    const w = rows.weights === null ? 1 : rows.weights[r];
    if (family === 'student_t') {
      first[s] = rows.y[r];
      second[2 * s] = rows.se === null ? 1 : rows.se[r];
      second[2 * s + 1] += w;
    } else if (family === 'negative_binomial') {
      first[s] += w * rows.y[r];
      second[s] += w;
    } else if (family === 'poisson') {
      first[s] += rows.offset === null ? w : w * exp(rows.offset[r]);
      offset[s] = (rows.offset === null ? 0 : rows.offset[r]) + log(w);
    } else first[s] += w * (rows.trials === null ? 1 : rows.trials[r]);
  }
  const plain = whole && rows.weights === null;
  const x = slopes.map((column) => Float64Array.from(representative, (r) => column[r]));
  if (family === 'poisson') {
    if (!whole) for (let s = 0; s < count; s++) offset[s] = log(first[s]);
    return { rows: count, x, offset: plain && rows.offset === null ? null : offset, first: null, second: null };
  }
  const offsets = rows.offset === null ? null : Float64Array.from(representative, (r) => rows.offset![r]);
  if (family === 'student_t') return { rows: count, x, offset: offsets, first, second: plain && rows.se === null ? null : second };
  if (family === 'negative_binomial') return { rows: count, x, offset: offsets, first, second };
  return { rows: count, x, offset: offsets, first, second: null };
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

/** The kernel for a family's rows. */
export function kernelFor(design: Design, groups: readonly GroupRows[]): KernelName {
  if (design.family === 'poisson') return 'exponential';
  if (design.family === 'negative_binomial') return 'negativeBinomial';
  if (design.family === 'student_t') return 'studentT';
  return groups.every((g) => g.first === null || g.first.every((m) => m === 1)) ? 'logistic' : 'weightedLogistic';
}
