/** Pareto smoothed importance sampling (Vehtari, Simpson, Gelman, Yao & Gabry 2024), as ArviZ 0.23.4 computes it. */
import { selectInPlace } from '../../math/select.ts';
import { fitGeneralisedPareto, generalisedParetoQuantile } from './gpd.ts';

/** Above this k-hat an estimate from `draws` draws cannot be trusted. */
export const paretoThreshold = (draws: number): number => Math.min(1 - 1 / Math.log10(draws), 0.7);

/** Fewer draws in the tail than this admit no fit. */
const SHORTEST_TAIL = 5;
/** log of the smallest normal double: ratios this far below the largest are no tail. */
const LOWEST = -708.3964185322641;

/** Log ratios that spread no more than this are equal: what is left out has no say in the fit. */
const EQUAL = 1e-12;
/** Of the histogram in which the tail's start is found. */
const BINS = 512;

/** Smooths one vector of log ratios after another in the same buffers. */
export class Psis {
  /** Importance weights relative to the largest ratio, not normalised, after `smooth`. */
  readonly weights: Float64Array;
  /** exp(log ratio − largest), before smoothing. */
  readonly raw: Float64Array;
  readonly #tailLength: number;
  readonly #selection: Float64Array;
  readonly #tail: Uint32Array;
  /** How many ratios have taken each place of the tail. */
  readonly #taken: Uint32Array;
  readonly #counts = new Uint32Array(BINS);
  #levels = new Float64Array(0);

  /**
   * @param draws number of ratios a vector.
   * @param reff effective draws over draws; the tail smoothed is the largest ceil(min(S / 5, 3 sqrt(S / reff))).
   */
  constructor(draws: number, reff = 1) {
    this.weights = new Float64Array(draws);
    this.raw = new Float64Array(draws);
    this.#selection = new Float64Array(draws);
    this.#tail = new Uint32Array(draws);
    this.#taken = new Uint32Array(draws);
    this.#tailLength = Math.min(Math.ceil(Math.min(draws / 5, 3 * Math.sqrt(draws / reff))), draws - 1);
  }

  /**
   * Fills `raw` and `weights` from log ratios.
   * @returns k-hat; 0 when all ratios are equal (ArviZ says Infinity), Infinity when the tail is too short to tell, NaN when a ratio is NaN.
   */
  smooth(logRatios: Float64Array): number {
    const { raw, weights } = this;
    const n = raw.length;
    let largest = Number.NEGATIVE_INFINITY;
    let smallest = Number.POSITIVE_INFINITY;
    for (let s = 0; s < n; s++) {
      if (!(logRatios[s] <= largest)) largest = logRatios[s];
      if (logRatios[s] < smallest) smallest = logRatios[s];
    }
    if (!Number.isFinite(largest)) {
      raw.fill(Number.NaN);
      weights.fill(Number.NaN);
      return Number.NaN;
    }
    for (let s = 0; s < n; s++) raw[s] = Math.exp(logRatios[s] - largest);
    weights.set(raw);
    if (largest - smallest < EQUAL) return 0;
    const cutoff = Math.max(this.#beyondTail(logRatios, smallest, largest) - largest, LOWEST);
    let length = 0;
    for (let s = 0; s < n; s++) if (logRatios[s] - largest > cutoff) this.#tail[length++] = s;
    return length < SHORTEST_TAIL ? Number.POSITIVE_INFINITY : this.#smoothTail(length, Math.exp(cutoff));
  }

  /** The largest ratio that is not of the tail: found in a histogram, then among the few in its bin. */
  #beyondTail(logRatios: Float64Array, smallest: number, largest: number): number {
    const n = logRatios.length;
    const lowest = Math.max(smallest, largest + LOWEST);
    const scale = (BINS - 1) / (largest - lowest);
    if (!Number.isFinite(scale)) return largest;
    const counts = this.#counts.fill(0);
    for (let s = 0; s < n; s++) if (logRatios[s] >= lowest) counts[Math.floor((logRatios[s] - lowest) * scale)]++;
    let bin = BINS - 1;
    let above = 0;
    while (bin >= 0 && above + counts[bin] <= this.#tailLength) above += counts[bin--];
    if (bin < 0) return largest + LOWEST;
    let held = 0;
    for (let s = 0; s < n; s++) {
      if (logRatios[s] >= lowest && Math.floor((logRatios[s] - lowest) * scale) === bin) this.#selection[held++] = logRatios[s];
    }
    return selectInPlace(this.#selection.subarray(0, held), held - 1 - (this.#tailLength - above));
  }

  /** Replaces the tail's weights by the quantiles of the fitted Pareto at their ranks; none exceeds the largest raw one. */
  #smoothTail(length: number, base: number): number {
    const { raw, weights } = this;
    const tail = this.#tail.subarray(0, length);
    const sorted = this.#selection.subarray(0, length);
    for (let i = 0; i < length; i++) sorted[i] = raw[tail[i]] - base;
    sorted.sort();
    const pareto = fitGeneralisedPareto(sorted);
    if (!Number.isFinite(pareto.k)) return pareto.k;
    // Equal ratios share a place in the order; the k-th of them met takes the k-th place.
    const taken = this.#taken.fill(0, 0, length);
    const levels = this.#levelsOf(length);
    for (const s of tail) {
      const first = lowerBound(sorted, raw[s] - base);
      const place = first + taken[first]++;
      weights[s] = Math.min(generalisedParetoQuantile(levels[place], pareto) + base, 1);
    }
    return pareto.k;
  }

  /** −log(1 − p) at the middles of `length` equal shares; the length is nearly always the same. */
  #levelsOf(length: number): Float64Array {
    if (this.#levels.length !== length) this.#levels = Float64Array.from({ length }, (_, i) => -Math.log1p(-(i + 0.5) / length));
    return this.#levels;
  }
}

/** The index of the first element that is not below `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
