/**
 * Convergence and accuracy of draws: rank-normalised split R-hat, effective sample sizes and Monte Carlo standard errors of
 * Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), and E-BFMI of Betancourt (2016). Every number equals ArviZ 0.23.4's.
 */
import { inverseIncompleteBeta } from '../../math/beta.ts';
import { gammaQ } from '../../math/gamma.ts';
import { Sorter } from '../../math/sort.ts';
import { type Halves, meanOf, splitChains, squaresAbout, wholeChains } from './chains.ts';
import { EssWorkspace } from './ess.ts';
import { quantileOfSorted } from './interval.ts';
import { foldAbout, medianOf, normalScores } from './ranks.ts';

/** Fewer draws a chain than this have no diagnostics: all are NaN. */
const FEWEST_DRAWS = 4;

export interface ScalarDiagnostics {
  readonly mean: number;
  /** With n − 1. */
  readonly sd: number;
  /** NaN for a single chain and for constant draws. The larger of bulk and folded. */
  readonly rHat: number;
  readonly rHatBulk: number;
  readonly rHatFolded: number;
  readonly essBulk: number;
  /** The smaller of those of the 5 % and the 95 % quantile. */
  readonly essTail: number;
  readonly essMean: number;
  readonly essSd: number;
  readonly mcseMean: number;
  /**
   * sqrt(V / E / 4) with c = (x − mean)², E = mean(c), V = (mean(c²) − E²) / ESS, and for ESS that of the mean of c: the definition
   * of ArviZ 0.23.4 (arviz-stats 0.8.0 takes the ESS of the mean of x).
   */
  readonly mcseSd: number;
  /** The draws in ascending order: a view that the next scalar overwrites. */
  readonly sorted: Float64Array;
  /** Their indices in that order, a view as well; `null` when one is not finite. */
  readonly order: Uint32Array | null;
}

/** Computes the diagnostics of one scalar after another in the same buffers. */
export class Diagnostician {
  readonly #sorter = new Sorter();
  readonly #ess = new EssWorkspace();
  #sorted = new Float64Array(0);
  #first = new Float64Array(0);
  #second = new Float64Array(0);
  #orderOfHalves = new Uint32Array(0);
  #foldedOrder = new Uint32Array(0);

  /** @param values chains × draws. When one is NaN or infinite, or there are fewer than four draws a chain, only mean, sd and the order are given. */
  diagnose(values: Float64Array, chains: number, draws: number): ScalarDiagnostics {
    const n = chains * draws;
    this.#reserve(n);
    const order = this.#order(values);
    const sorted = this.#sorted.subarray(0, n);
    const mean = meanOf(values);
    const sd = Math.sqrt(squaresAbout(mean, values) / (n - 1));
    if (order === null || draws < FEWEST_DRAWS) return { ...UNKNOWN, mean, sd, sorted, order };
    const halves = splitChains(chains, draws);
    const bulk = this.#scores(values, order, halves);
    const essBulk = this.#ess.ess(bulk, halves);
    const rHatBulk = chains > 1 ? rHatOf(bulk, halves) : Number.NaN;
    const rHatFolded = chains > 1 ? rHatOf(this.#foldedScores(values, order, halves), halves) : Number.NaN;
    const lower = quantileOfSorted(sorted, 0.05);
    const upper = quantileOfSorted(sorted, 0.95);
    const essTail = smaller(this.#essBelow(values, lower, halves), this.#essBelow(values, upper, halves));
    const essMean = this.#ess.ess(values, halves);
    const squares = this.#squares(values, mean);
    const essSd = this.#ess.ess(squares, halves);
    const variance = meanOf(squares);
    const mcseSd = Math.sqrt(squaresAbout(variance, squares) / n / essSd / variance / 4);
    const mcseMean = sd / Math.sqrt(essMean);
    const rHat = rHatBulk > rHatFolded ? rHatBulk : rHatFolded;
    return { mean, sd, rHat, rHatBulk, rHatFolded, essBulk, essTail, essMean, essSd, mcseMean, mcseSd, sorted, order };
  }

  /** ESS of the estimate of the `prob` quantile. */
  essQuantile(values: Float64Array, chains: number, draws: number, prob: number): number {
    this.#reserve(values.length);
    if (this.#order(values) === null || draws < FEWEST_DRAWS) return Number.NaN;
    const quantile = quantileOfSorted(this.#sorted.subarray(0, values.length), prob);
    return this.#essBelow(values, quantile, splitChains(chains, draws));
  }

  /** Monte Carlo standard error of the `prob` quantile: half the distance of the order statistics at ± 1 sd of the beta for its rank. */
  mcseQuantile(values: Float64Array, chains: number, draws: number, prob: number): number {
    const ess = this.essQuantile(values, chains, draws, prob);
    if (Number.isNaN(ess)) return ess;
    const n = values.length;
    const place = (p: number): number => inverseIncompleteBeta(p, ess * prob + 1, ess * (1 - prob) + 1) * n - 1;
    const low = this.#sorted[Math.floor(Math.max(place(0.1586553), 0))];
    const high = this.#sorted[Math.ceil(Math.min(place(0.8413447), n - 1))];
    return (high - low) / 2;
  }

  /**
   * How likely chains that all sample the same distribution, as autocorrelated within as these, would differ at least as much: the smaller
   * probability of bulk and folded. R-hat exceeds a threshold by chance when draws are few; this tells chance from trouble.
   *
   * Between n · var(half means) and W · τ (τ: draws an effective draw, from within the halves alone, so that disagreement does not excuse
   * itself) the ratio is χ² with one degree less than there are halves, over its degrees.
   */
  chanceOfDisagreement(values: Float64Array, chains: number, draws: number): number {
    this.#reserve(values.length);
    const order = this.#order(values);
    if (order === null || chains < 2 || draws < FEWEST_DRAWS) return Number.NaN;
    const halves = splitChains(chains, draws);
    const bulk = this.#chance(this.#scores(values, order, halves), halves);
    return smaller(bulk, this.#chance(this.#foldedScores(values, order, halves), halves));
  }

  #chance(scores: Float64Array, halves: Halves): number {
    const { starts, length: n } = halves;
    const degrees = starts.length - 1;
    const ratio = n * (rHatOf(scores, halves) ** 2 - 1) + 1;
    for (const start of starts) {
      const mean = meanOf(scores, start, n);
      for (let i = start; i < start + n; i++) scores[i] -= mean;
    }
    const tau = (starts.length * n) / this.#ess.ess(scores, halves);
    return gammaQ(degrees / 2, (degrees * ratio) / tau / 2);
  }

  #reserve(n: number): void {
    if (this.#sorted.length === n) return;
    this.#sorted = new Float64Array(n);
    this.#first = new Float64Array(n);
    this.#second = new Float64Array(n);
    this.#orderOfHalves = new Uint32Array(n);
    this.#foldedOrder = new Uint32Array(n);
  }

  /** The order of the draws, and the draws in it in `#sorted`; `null`, and `#sorted` all NaN, when one is not finite. */
  #order(values: Float64Array): Uint32Array | null {
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) {
        this.#sorted.fill(Number.NaN);
        return null;
      }
    }
    const order = this.#sorter.order(values);
    for (let i = 0; i < order.length; i++) this.#sorted[i] = values[order[i]];
    return order;
  }

  /** Leaves out of the order the middle draws, which belong to no half. */
  #halvesOnly(order: Uint32Array, { starts, length }: Halves): Uint32Array {
    if (starts.length * length === order.length) return order;
    const draws = 2 * length + 1;
    let kept = 0;
    for (let i = 0; i < order.length; i++) if (order[i] % draws !== length) this.#orderOfHalves[kept++] = order[i];
    return this.#orderOfHalves.subarray(0, kept);
  }

  #scores(values: Float64Array, order: Uint32Array, halves: Halves): Float64Array {
    normalScores(values, this.#halvesOnly(order, halves), this.#first);
    return this.#first;
  }

  #foldedScores(values: Float64Array, order: Uint32Array, halves: Halves): Float64Array {
    const kept = this.#halvesOnly(order, halves);
    const foldedOrder = this.#foldedOrder.subarray(0, kept.length);
    foldAbout(medianOf(values, kept), values, kept, this.#second, foldedOrder);
    normalScores(this.#second, foldedOrder, this.#first);
    return this.#first;
  }

  #essBelow(values: Float64Array, quantile: number, halves: Halves): number {
    for (let i = 0; i < values.length; i++) this.#second[i] = values[i] <= quantile ? 1 : 0;
    return this.#ess.ess(this.#second, halves);
  }

  #squares(values: Float64Array, mean: number): Float64Array {
    for (let i = 0; i < values.length; i++) this.#second[i] = (values[i] - mean) * (values[i] - mean);
    return this.#second;
  }
}

/**
 * Potential scale reduction of `values` over `halves`, without rank normalisation: sqrt((B / W + n − 1) / n). NaN when every half is
 * constant or there is only one.
 */
export function rHatOf(values: Float64Array, { starts, length: n }: Halves): number {
  const m = starts.length;
  let within = 0;
  let grand = 0;
  let squares = 0;
  for (let half = 0; half < m; half++) {
    const mean = meanOf(values, starts[half], n);
    within += squaresAbout(mean, values, starts[half], n) / (n - 1) / m;
    const step = mean - grand;
    grand += step / (half + 1);
    squares += step * (mean - grand);
  }
  return Math.sqrt(((n * squares) / (m - 1) / within + n - 1) / n);
}

/**
 * Energy Bayesian fraction of missing information of each chain: mean squared change of the energy over its variance (with n − 1).
 * @param energy chains × draws. NaN for a chain of constant energy.
 */
export function bfmiOf(energy: Float64Array, chains: number, draws: number): number[] {
  return wholeChains(chains, draws).starts.map((start) => {
    let changes = 0;
    for (let i = start + 1; i < start + draws; i++) changes += (energy[i] - energy[i - 1]) ** 2;
    return changes / squaresAbout(meanOf(energy, start, draws), energy, start, draws);
  });
}

const smaller = (a: number, b: number): number => (a < b ? a : b);

const UNKNOWN = {
  rHat: Number.NaN,
  rHatBulk: Number.NaN,
  rHatFolded: Number.NaN,
  essBulk: Number.NaN,
  essTail: Number.NaN,
  essMean: Number.NaN,
  essSd: Number.NaN,
  mcseMean: Number.NaN,
  mcseSd: Number.NaN,
};
