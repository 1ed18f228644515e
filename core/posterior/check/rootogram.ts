/** How often each count occurs, observed and replicated (Kleiber & Zeileis 2016). */
import { equalTailed } from '../diagnose/interval.ts';

export interface RootogramReport {
  /** Bin k holds the counts from k · width to (k + 1) · width − 1; the last also all above. */
  readonly width: number;
  readonly observed: Int32Array;
  /** Mean over replicated data sets, and their 5 % and 95 % quantiles. */
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

const MOST_BINS = 60;

export class Rootogram {
  readonly #width: number;
  readonly #bins: number;
  readonly #observed: Float64Array;
  /** bins × sets. */
  readonly #replicated: Float64Array;
  readonly #sets: number;

  /** @param weights how often each counts; once when left out. Sums of them are rounded in the report. */
  constructor(y: Float64Array, sets: number, weights: Float64Array | null = null) {
    const top = Math.ceil(1.2 * y.reduce((max, value, i) => (weights?.[i] === 0 ? max : Math.max(max, value)), 0)) + 2;
    this.#width = Math.ceil((top + 1) / MOST_BINS);
    this.#bins = Math.ceil((top + 1) / this.#width);
    this.#observed = new Float64Array(this.#bins);
    for (const [i, value] of y.entries()) this.#observed[this.#binOf(value)] += weights?.[i] ?? 1;
    this.#sets = sets;
    this.#replicated = new Float64Array(this.#bins * sets);
  }

  /** A row's response in every replicated data set. */
  add(replicated: Float64Array, weight = 1): void {
    for (let s = 0; s < this.#sets; s++) this.#replicated[this.#binOf(replicated[s]) * this.#sets + s] += weight;
  }

  #binOf(value: number): number {
    return Math.min(Math.floor(value / this.#width), this.#bins - 1);
  }

  report(): RootogramReport {
    const expected = new Float64Array(this.#bins);
    const lower = new Float64Array(this.#bins);
    const upper = new Float64Array(this.#bins);
    for (let k = 0; k < this.#bins; k++) {
      const counts = Float64Array.from(this.#replicated.subarray(k * this.#sets, (k + 1) * this.#sets)).sort();
      expected[k] = counts.reduce((sum, count) => sum + count, 0) / this.#sets;
      ({ lower: lower[k], upper: upper[k] } = equalTailed(counts, 0.9));
    }
    return { width: this.#width, observed: Int32Array.from(this.#observed, Math.round), expected, lower, upper };
  }
}
