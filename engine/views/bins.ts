/** Histograms on round edges, whose size does not depend on how many values there are. */
import type { GroupedHistogram, HistogramBins } from '../../protocol/views/parts.ts';

/** A histogram never has more bins: a narrower width is doubled until it fits. */
export const MOST_BINS = 200;
const TARGET = 30;

/** The 1, 2 or 5 times a power of ten that is nearest to `range / target`. */
export function niceWidth(range: number, target: number): number {
  if (!(range > 0) || !Number.isFinite(range)) return 1;
  const raw = range / target;
  const power = 10 ** Math.floor(Math.log10(raw));
  const digit = raw / power;
  return power * (digit < Math.SQRT2 ? 1 : digit < Math.sqrt(10) ? 2 : digit < Math.sqrt(50) ? 5 : 10);
}

export interface Bins {
  /** A whole multiple of `width`. */
  readonly lower: number;
  readonly width: number;
  readonly bins: number;
}

/** The smallest and largest of the finite values; `[0, 0]` when there is none. */
export function extentOf(values: Iterable<number>): [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  return min <= max ? [min, max] : [0, 0];
}

/**
 * Edges at whole multiples of the width that hold every value between min and max.
 * @param width The user's, or `null` for a round one that gives about `target` bins.
 * @param whole Whether values are whole numbers: bins are then not narrower than 1.
 */
export function binsFor(min: number, max: number, width: number | null, whole = false, target = TARGET): Bins {
  let w = width !== null && width > 0 && Number.isFinite(width) ? width : niceWidth(max - min, target);
  if (whole && width === null) w = Math.max(1, w);
  let first = Math.floor(min / w);
  let last = Math.floor(max / w);
  while (last - first + 1 > MOST_BINS) {
    w *= 2;
    first = Math.floor(min / w);
    last = Math.floor(max / w);
  }
  return { lower: first * w, width: w, bins: last - first + 1 };
}

/** Bin of a value inside the edges; −1 outside or for NaN. A value on the last edge belongs to the last bin. */
export function binOf({ lower, width, bins }: Bins, value: number): number {
  const k = Math.floor((value - lower) / width);
  if (k === bins && value <= lower + bins * width) return bins - 1;
  return k >= 0 && k < bins ? k : -1;
}

export function countInto(edges: Bins, values: Iterable<number>): number[] {
  const counts = new Array<number>(edges.bins).fill(0);
  for (const v of values) {
    const k = binOf(edges, v);
    if (k >= 0) counts[k]++;
  }
  return counts;
}

/** A histogram with a given number of bins over the values between two quantile-like limits. */
export function histogramBetween(values: Float64Array, lower: number, upper: number, bins: number): HistogramBins {
  const top = upper > lower ? upper : lower + 1;
  const edges = { lower, width: (top - lower) / bins, bins };
  return { lower, upper: top, counts: countInto(edges, values) };
}

/** Groups shown one by one in a histogram; what lies beyond is added up. */
export const MOST_SERIES = 10;
/** With more groups than this the few shown one by one would say little: all are added up. */
const TOO_MANY = 30;

/**
 * One histogram a group on shared edges: of the groups with most rows, in the design's order, and of all others together; one for
 * all when there are very many groups.
 * @param group Index into `names`, a row each, of the rows in `rows`.
 */
export function groupedHistogram(
  values: Float64Array,
  group: Int32Array,
  rows: Int32Array,
  names: readonly string[],
  width: number | null,
  whole = false,
  target = TARGET,
): GroupedHistogram {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  const counts = new Uint32Array(names.length);
  for (const i of rows) {
    const v = values[i];
    if (!Number.isFinite(v)) continue;
    counts[group[i]]++;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  if (min > max) return { lower: 0, width: width ?? 1, bins: 0, series: [], others: null };
  const edges = binsFor(min, max, width, whole, target);
  const present = names.map((_, g) => g).filter((g) => counts[g] > 0);
  const few = present.length > TOO_MANY ? 0 : present.length <= MOST_SERIES ? present.length : MOST_SERIES - 1;
  const shown = new Set([...present].sort((a, b) => counts[b] - counts[a] || a - b).slice(0, few));
  const inOrder = present.filter((g) => shown.has(g));
  const slot = new Int32Array(names.length).fill(inOrder.length);
  inOrder.forEach((g, k) => {
    slot[g] = k;
  });
  const hidden = present.length - inOrder.length;
  const series = [
    ...inOrder.map((g) => names[g]),
    ...(hidden > 0 ? [few === 0 ? `all ${hidden} groups` : `${hidden} other groups`] : []),
  ].map((name) => ({
    name,
    counts: new Array<number>(edges.bins).fill(0),
  }));
  for (const i of rows) {
    const k = binOf(edges, values[i]);
    if (k >= 0) series[slot[group[i]]].counts[k]++;
  }
  return { ...edges, series, others: hidden > 0 ? series[series.length - 1].name : null };
}
