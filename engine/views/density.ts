/** Kernel density estimates on a grid: binned first, so that the cost of smoothing does not depend on the number of values. */
import { meanOf, squaresAbout } from '../../core/posterior/diagnose/chains.ts';
import { quantileOfSorted } from '../../core/posterior/diagnose/interval.ts';
import type { Curve } from '../../protocol/views/parts.ts';

export const GRID = 160;

/** Silverman's rule: 0.9 min(sd, IQR / 1.34) n^(−1/5); 0 when all values are equal. */
export function bandwidthOf(sorted: Float64Array): number {
  const n = sorted.length;
  if (n < 2) return 0;
  const sd = Math.sqrt(squaresAbout(meanOf(sorted), sorted) / (n - 1));
  const iqr = (quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25)) / 1.34;
  return 0.9 * (iqr > 0 ? Math.min(sd, iqr) : sd) * n ** -0.2;
}

/**
 * The density on `points` equally spaced points from lower to upper. Mass within `support` that the kernel would push
 * beyond its end is folded back, so that a scale has no density below 0. Values that are all equal give an empty curve.
 * @param sorted Ascending.
 */
export function densityCurve(
  sorted: Float64Array,
  lower: number,
  upper: number,
  bandwidth: number,
  support = ANYWHERE,
  points = GRID,
): Curve {
  const n = sorted.length;
  if (n === 0 || !(bandwidth > 0) || !(upper > lower)) return { lower, upper, values: new Float64Array(0) };
  // A finer grid than the picture's, wide enough for the kernel's tails.
  const step = Math.min((upper - lower) / (points - 1), bandwidth / 4);
  const reach = Math.ceil((4 * bandwidth) / step);
  const origin = lower - reach * step;
  const cells = Math.ceil((upper - lower) / step) + 2 * reach + 2;
  const mass = new Float64Array(cells);
  const put = (x: number, weight: number): void => {
    const place = (x - origin) / step;
    const k = Math.floor(place);
    if (k < 0 || k + 1 >= cells) return;
    mass[k] += weight * (k + 1 - place);
    mass[k + 1] += weight * (place - k);
  };
  for (const x of sorted) {
    put(x, 1 / n);
    if (x - support.lower < 4 * bandwidth) put(2 * support.lower - x, 1 / n);
    if (support.upper - x < 4 * bandwidth) put(2 * support.upper - x, 1 / n);
  }
  const values = new Float64Array(points);
  const scale = 1 / (bandwidth * Math.sqrt(2 * Math.PI));
  for (let i = 0; i < points; i++) {
    const x = lower + ((upper - lower) * i) / (points - 1);
    if (x < support.lower || x > support.upper) continue;
    const first = Math.max(0, Math.floor((x - 4 * bandwidth - origin) / step));
    const last = Math.min(cells - 1, Math.ceil((x + 4 * bandwidth - origin) / step));
    let sum = 0;
    for (let k = first; k <= last; k++) {
      const z = (origin + k * step - x) / bandwidth;
      sum += mass[k] * Math.exp(-0.5 * z * z);
    }
    values[i] = sum * scale;
  }
  return { lower, upper, values };
}

export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

export const ANYWHERE: Bounds = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
