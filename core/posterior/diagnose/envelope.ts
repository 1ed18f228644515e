/**
 * Bands that the whole empirical distribution function of uniform values stays in with a given probability (Säilynoja, Bürkner & Vehtari
 * 2022, "Graphical test for discrete uniformity and its applications in goodness-of-fit evaluation and multiple sample comparison").
 */
import { exp, log, log1p } from '../../math/elementary.ts';
import { betaI, logChoose } from '../../math/gamma.ts';

export interface Band {
  /** Counts of values at or below k / points, for k = 1 … points − 1: the band holds lower[k − 1] … upper[k − 1], ends included. */
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  /** 1 − probability of each pointwise interval. */
  readonly gamma: number;
}

/** The level hardly changes beyond this many values, and computing it there would take long. */
const MOST_VALUES = 1000;
const BISECTIONS = 24;

/** The band of `n` values judged at `points` − 1 places. */
export function simultaneousBand(n: number, points: number, prob: number): Band {
  const size = Math.min(n, MOST_VALUES);
  let low = 0;
  let high = 1 - prob;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = low === 0 ? high * 0.5 ** (i + 1) : 0.5 * (low + high);
    if (staysWithin(size, points, pointwise(size, points, middle)) >= prob) low = middle;
    else high = middle;
    if (low > 0 && high - low < 1e-4 * low) break;
  }
  return { ...pointwise(n, points, low), gamma: low };
}

function pointwise(n: number, points: number, gamma: number): { lower: Int32Array; upper: Int32Array } {
  const places = Array.from({ length: points - 1 }, (_, i) => (i + 1) / points);
  return {
    lower: Int32Array.from(places, (p) => binomialQuantile(gamma / 2, n, p)),
    upper: Int32Array.from(places, (p) => binomialQuantile(1 - gamma / 2, n, p)),
  };
}

/** The smallest r with P(R ≤ r) ≥ q for R ~ Binomial(n, p). */
export function binomialQuantile(q: number, n: number, p: number): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (binomialCdf(middle, n, p) >= q) high = middle;
    else low = middle + 1;
  }
  return low;
}

const binomialCdf = (r: number, n: number, p: number): number => (r >= n ? 1 : betaI(n - r, r + 1, 1 - p, p));

/** Probability that the counts of n uniform values at k / points stay within: forward over k, the counts being a Markov chain of binomial steps. */
function staysWithin(n: number, points: number, { lower, upper }: { lower: Int32Array; upper: Int32Array }): number {
  let from = 0;
  let chances = Float64Array.of(1);
  for (let k = 0; k < points - 1; k++) {
    const next = new Float64Array(upper[k] - lower[k] + 1);
    const p = 1 / (points - k);
    for (let i = 0; i < chances.length; i++) addStep(chances[i], from + i, n, p, lower[k], next);
    chances = next;
    from = lower[k];
  }
  return chances.reduce((sum, c) => sum + c, 0);
}

/** Adds chance · P(D = d) to next[r + d − lower] for D ~ Binomial(n − r, p). */
function addStep(chance: number, r: number, n: number, p: number, lower: number, next: Float64Array): void {
  const left = n - r;
  const first = Math.max(0, lower - r);
  if (first > left || chance === 0) return;
  let term = chance * exp(logChoose(left, first) + first * log(p) + (left - first) * log1p(-p));
  const odds = p / (1 - p);
  for (let d = first; d <= left && r + d - lower < next.length; d++) {
    next[r + d - lower] += term;
    term *= ((left - d) / (d + 1)) * odds;
  }
}

/** Counts of values at or below k / points, k = 1 … points − 1. */
export function countsBelow(values: Float64Array, points: number): Int32Array {
  const counts = new Int32Array(points);
  for (const value of values) counts[Math.min(points - 1, Math.max(0, Math.ceil(value * points) - 1))]++;
  for (let k = 1; k < points; k++) counts[k] += counts[k - 1];
  return counts.subarray(0, points - 1);
}

/** Whether the empirical distribution function stays in the band. */
export function isWithin(counts: Int32Array, { lower, upper }: Band): boolean {
  return counts.every((count, k) => count >= lower[k] && count <= upper[k]);
}
