/** Quantiles and intervals of draws. */
import type { IntervalSpec } from '../../spec/types.ts';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** The spec's interval of unsorted values: equal-tailed or highest-density. NaN ends when there is none or one is NaN. */
export function intervalOf(values: ArrayLike<number>, interval: IntervalSpec): Interval {
  return intervalOfSorted(Float64Array.from(values).sort(), interval);
}

/** The same of values in ascending order. */
export function intervalOfSorted(sorted: Float64Array, { kind, prob }: IntervalSpec): Interval {
  return kind === 'hdi' ? highestDensity(sorted, prob) : equalTailed(sorted, prob);
}

/** The quantile of values in ascending order, interpolating linearly between them (type 7 of Hyndman & Fan 1996). */
export function quantileOfSorted(sorted: Float64Array, prob: number): number {
  const n = sorted.length;
  if (n === 0 || Number.isNaN(sorted[n - 1])) return Number.NaN;
  if (n === 1) return sorted[0];
  const place = n * prob + (1 - prob);
  const k = Math.min(Math.max(Math.floor(place), 1), n - 1);
  const share = Math.min(Math.max(place - k, 0), 1);
  if (share === 0) return sorted[k - 1];
  return (1 - share) * sorted[k - 1] + share * sorted[k];
}

/** As much probability below as above. */
export function equalTailed(sorted: Float64Array, prob: number): Interval {
  return { lower: quantileOfSorted(sorted, (1 - prob) / 2), upper: quantileOfSorted(sorted, (1 + prob) / 2) };
}

/** The shortest interval between two draws that holds a share `prob` of them; the first of equals. */
export function highestDensity(sorted: Float64Array, prob: number): Interval {
  const n = sorted.length;
  if (n === 0 || Number.isNaN(sorted[n - 1])) return { lower: Number.NaN, upper: Number.NaN };
  const inside = Math.min(Math.floor(prob * n), n - 1);
  let best = 0;
  for (let i = 1; i + inside < n; i++) if (sorted[i + inside] - sorted[i] < sorted[best + inside] - sorted[best]) best = i;
  return { lower: sorted[best], upper: sorted[best + inside] };
}
