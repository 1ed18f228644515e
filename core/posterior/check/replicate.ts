/**
 * Posterior predictive checks: data sets replicated from the fit beside the one observed (Gelman, Meng & Stern 1996; Gabry, Simpson, Vehtari,
 * Betancourt & Gelman 2019). Rows come one at a time, in any order, so that memory is bounded; over prior draws it is a prior predictive check.
 */
import type { Rows } from '../../design/design.ts';
import { rngFor } from '../../math/streams.ts';
import type { Draws } from '../../sampler/types.ts';
import type { Family, IntervalSpec } from '../../spec/types.ts';
import { intervalOfSorted } from '../diagnose/interval.ts';
import type { Fitted } from '../predict/lookup.ts';
import { RowEvaluator } from '../predict/pointwise.ts';
import type { Dispersion } from '../verdict/trial.ts';
import { copiesOf, firstCopies, shareOf } from './observations.ts';
import { Rootogram, type RootogramReport } from './rootogram.ts';
import { areCounts, canBeOverdispersed, StatisticsOfReplicates, type TestStatistic } from './testStatistics.ts';

export interface CheckOptions {
  readonly interval: IntervalSpec;
  readonly seed: number;
  /** Replicated data sets kept whole, for densities laid over that of the observed. */
  readonly overlays: number;
  /** Rows kept of them, evenly spaced. */
  readonly mostRows: number;
}

export const CHECK_DEFAULTS = { overlays: 50, mostRows: 20_000 } as const;

export interface RowCheck {
  /** Posterior mean of each row's mean. */
  readonly mean: Float64Array;
  /** Interval of a replicated response. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Place of the observed response among the replicated ones: uniform on (0, 1) where the model is right; ties broken at random. */
  readonly pit: Float64Array;
}

export interface PredictiveReport {
  readonly rows: RowCheck;
  /** Share of observations whose response lies in its interval, ends included. */
  readonly coverage: number;
  readonly statistics: readonly TestStatistic[];
  /** Poisson, and binomial with more than one trial; else `null`. */
  readonly dispersion: Dispersion | null;
  readonly overlay: {
    /** The rows kept, ascending. */
    readonly rows: Int32Array;
    /** data sets × rows kept, row-major. */
    readonly replicated: Float64Array;
    readonly sets: number;
  };
  /** Counts only; else `null`. */
  readonly rootogram: RootogramReport | null;
}

/** How many draws to replicate so that about 20 million responses are drawn at the most: from 100 to 1,000. */
export const replicatesFor = (rows: number, draws: number): number =>
  Math.min(draws, Math.max(100, Math.min(1000, Math.floor(2e7 / Math.max(1, rows)))));

/** Evenly spaced draws over all chains, as one chain; the sampler's statistics are those of the first draws and of no use. */
export function thinDraws(draws: Draws, count: number): Draws {
  const size = draws.chains * draws.draws;
  const kept = Math.min(count, size);
  const places = Uint32Array.from({ length: kept }, (_, i) => Math.floor(((i + 0.5) * size) / kept));
  const values = new Float64Array(draws.parameters * kept);
  for (let p = 0; p < draws.parameters; p++) {
    for (let i = 0; i < kept; i++) values[p * kept + i] = draws.values[p * size + places[i]];
  }
  return { ...draws, chains: 1, draws: kept, values };
}

export class PredictiveCheck {
  /** Replicated data sets: one a draw of the fit given (thin it first). */
  readonly size: number;
  readonly #rows: Rows;
  readonly #options: CheckOptions;
  readonly #evaluator: RowEvaluator;
  readonly #report: RowCheck;
  readonly #statistics: StatisticsOfReplicates;
  readonly #rootogram: Rootogram | null;
  readonly #kept: Int32Array;
  readonly #overlay: Float64Array;
  readonly #sets: number;
  readonly #replicated: Float64Array;
  readonly #family: Family;
  readonly #first: Float64Array;
  #covered = 0;
  #seen = 0;

  constructor(fitted: Fitted, rows: Rows, options: CheckOptions) {
    this.#evaluator = new RowEvaluator(fitted, rows);
    this.size = this.#evaluator.size;
    this.#rows = rows;
    this.#first = firstCopies(rows);
    this.#options = options;
    this.#family = fitted.design.family;
    const column = (): Float64Array => new Float64Array(rows.n).fill(Number.NaN);
    this.#report = { mean: column(), lower: column(), upper: column(), pit: column() };
    this.#statistics = new StatisticsOfReplicates(this.size, canBeOverdispersed(fitted.design, rows));
    this.#rootogram = areCounts(fitted.design, rows) ? new Rootogram(rows.y, this.size, rows.weights) : null;
    const stride = Math.max(1, Math.ceil(rows.n / options.mostRows));
    this.#kept = Int32Array.from({ length: Math.ceil(rows.n / stride) }, (_, i) => i * stride);
    this.#sets = Math.min(options.overlays, this.size);
    this.#overlay = new Float64Array(this.#sets * this.#kept.length);
    this.#replicated = new Float64Array(this.size);
  }

  /**
   * One row, replicated as often as its frequency weight counts it; what the report says of the row is of its first copy.
   * @param eta its linear predictor, offset included, at every draw: from a batch product in float32, or computed here when left out.
   */
  add(row: number, eta: ArrayLike<number> = this.#evaluator.eta(row)): void {
    for (let copy = 0; copy < Math.max(1, copiesOf(this.#rows, row)); copy++) this.#addCopy(row, copy, eta);
  }

  #addCopy(row: number, copy: number, eta: ArrayLike<number>): void {
    const { family } = this.#evaluator;
    const rng = rngFor(this.#options.seed, 'replicate', this.#first[row] + copy);
    const y = this.#rows.y[row];
    const weight = shareOf(this.#rows, row, copy);
    const replicated = this.#replicated;
    let mean = 0;
    for (let s = 0; s < this.size; s++) {
      const auxiliary = this.#evaluator.auxiliary(row, s);
      const mu = family.mean(eta[s], auxiliary);
      mean += mu / this.size;
      replicated[s] = family.draw(rng, eta[s], auxiliary);
      this.#statistics.add(s, y, replicated[s], mu, family.variance(eta[s], auxiliary), weight);
    }
    this.#statistics.addObserved(y, weight);
    this.#rootogram?.add(replicated, weight);
    if (copy === 0) this.#keep(row, replicated);
    this.#summarise(row, copy, y, mean, rng.uniform());
  }

  #keep(row: number, replicated: Float64Array): void {
    const stride = this.#kept.length > 1 ? this.#kept[1] : 1;
    if (row % stride !== 0) return;
    for (let set = 0; set < this.#sets; set++) {
      const s = Math.floor(((set + 0.5) * this.size) / this.#sets);
      this.#overlay[set * this.#kept.length + row / stride] = replicated[s];
    }
  }

  #summarise(row: number, copy: number, y: number, mean: number, u: number): void {
    const weight = shareOf(this.#rows, row, copy);
    const sorted = this.#replicated.sort();
    const { lower, upper } = intervalOfSorted(sorted, this.#options.interval);
    this.#seen += weight;
    if (y >= lower && y <= upper) this.#covered += weight;
    if (copy > 0) return;
    let below = 0;
    let equal = 0;
    for (let s = 0; s < sorted.length && sorted[s] <= y; s++) {
      if (sorted[s] < y) below++;
      else equal++;
    }
    this.#report.mean[row] = mean;
    this.#report.lower[row] = lower;
    this.#report.upper[row] = upper;
    this.#report.pit[row] = (below + u * (equal + 1)) / (sorted.length + 1);
  }

  report(): PredictiveReport {
    const dispersion = this.#statistics.dispersion();
    return {
      rows: this.#report,
      coverage: this.#covered / this.#seen,
      statistics: this.#statistics.report(),
      dispersion: dispersion === null ? null : { ...dispersion, family: this.#family },
      overlay: { rows: this.#kept, replicated: this.#overlay, sets: this.#sets },
      rootogram: this.#rootogram?.report() ?? null,
    };
  }
}

/** The whole check in float64, without a batch product: for data sets of moderate size, and for tests. */
export function checkPredictive(fitted: Fitted, rows: Rows, options: CheckOptions): PredictiveReport {
  const check = new PredictiveCheck(fitted, rows, options);
  for (let row = 0; row < rows.n; row++) check.add(row);
  return check.report();
}
