/** Leave-one-out cross-validation by PSIS and WAIC, from draws, row by row (Vehtari, Gelman & Gabry 2017; Vehtari et al. 2024). */

import { weightOf } from '../../data/table.ts';
import type { Rows } from '../../design/design.ts';
import { exp, log } from '../../math/elementary.ts';
import { meanOf, squaresAbout } from '../diagnose/chains.ts';
import type { Fitted } from '../predict/lookup.ts';
import { firstEqualRows, RowEvaluator } from '../predict/pointwise.ts';
import { Psis, paretoThreshold } from './psis.ts';

/** One number a row each. */
export interface Pointwise {
  /** log p(y_i | y_−i). */
  readonly elpd: Float64Array;
  /** Pareto k-hat; 0 for a row whose elpd is exact. */
  readonly k: Float64Array;
  /** log p(y_i | y), the row left in. */
  readonly lpd: Float64Array;
  /** WAIC's penalty: the variance of the log likelihood over draws. */
  readonly penalty: Float64Array;
  /** Frequency weights: how often a row counts. */
  readonly weight: Float64Array;
}

export interface ElpdEstimate {
  readonly elpd: number;
  readonly se: number;
  /** Effective number of parameters. */
  readonly p: number;
}

/** Leave-one-out over a data set, in steps, so that the caller can report progress and stop. */
export class LooRun {
  readonly pointwise: Pointwise;
  readonly threshold: number;
  /** log p(y | draw) over the rows done, weights included, one a draw: for sensitivity to the likelihood. */
  readonly logLikelihood: Float64Array;
  readonly #evaluator: RowEvaluator;
  readonly #psis: Psis;
  readonly #ofRow: Float64Array;
  readonly #ratios: Float64Array;
  readonly #first: Int32Array | null;
  /** Of the first of equal rows: the weight of all of them. */
  readonly #multiplicity: Float64Array | null;

  /** @param reff effective draws over draws, at most 1, for the length of the tail. */
  constructor(fitted: Fitted, rows: Rows, reff = 1) {
    const { n } = rows;
    this.#evaluator = new RowEvaluator(fitted, rows);
    const { size } = this.#evaluator;
    this.#psis = new Psis(size, reff);
    this.logLikelihood = new Float64Array(size);
    this.#ofRow = new Float64Array(size);
    this.#ratios = new Float64Array(size);
    this.#first = this.#evaluator.family.discrete ? firstEqualRows(rows, rows.weights?.map(leftOut) ?? null) : null;
    this.#multiplicity = this.#first === null ? null : new Float64Array(n);
    this.#first?.forEach((first, row) => {
      this.#multiplicity![first] += weightOf(rows, row);
    });
    this.threshold = paretoThreshold(size);
    this.pointwise = {
      elpd: new Float64Array(n),
      k: new Float64Array(n),
      lpd: new Float64Array(n),
      penalty: new Float64Array(n),
      weight: rows.weights === null ? new Float64Array(n).fill(1) : rows.weights.slice(),
    };
  }

  /** Does rows from `from` up to `to`, in order from row 0. */
  run(from = 0, to = this.pointwise.elpd.length): void {
    const { elpd, k, lpd, penalty, weight } = this.pointwise;
    const own = this.#ofRow;
    for (let row = from; row < to; row++) {
      const first = this.#first === null ? row : this.#first[row];
      if (first < row) {
        for (const column of [elpd, k, lpd, penalty]) column[row] = column[first];
        continue;
      }
      this.#evaluator.logLikelihood(row, own);
      const found = this.leaveOut(own, leftOut(weight[row]));
      elpd[row] = found.elpd;
      k[row] = found.k;
      lpd[row] = found.lpd;
      penalty[row] = squaresAbout(meanOf(own), own) / own.length;
      const times = this.#multiplicity === null ? weight[row] : this.#multiplicity[row];
      for (let s = 0; s < own.length; s++) this.logLikelihood[s] += times * own[s];
    }
  }

  /**
   * elpd, k-hat and lpd of one row from its log likelihood at every draw. `share`: of its observation, what the fit has and loses. With E = exp(−ll − largest) the ratios and w the smoothed ones,
   * elpd = log(Σ w / E) − log(Σ w) − largest, where w / E is 1 but in the tail; and lpd = log(mean(1 / E)) − largest.
   */
  leaveOut(logLikelihood: Float64Array, share = 1): { readonly elpd: number; readonly k: number; readonly lpd: number } {
    const ratios = this.#ratios;
    let largest = Number.NEGATIVE_INFINITY;
    let smallest = Number.POSITIVE_INFINITY;
    for (let s = 0; s < ratios.length; s++) {
      const ratio = -logLikelihood[s];
      ratios[s] = share === 1 ? ratio : share * ratio;
      if (ratio > largest) largest = ratio;
      if (ratio < smallest) smallest = ratio;
    }
    const k = this.#psis.smooth(ratios);
    const { raw, weights } = this.#psis;
    if (share !== 1) return { elpd: logMeanExp(logLikelihood, weights), k, lpd: logMeanExp(logLikelihood) };
    let above = 0;
    let below = 0;
    let inverse = 0;
    for (let s = 0; s < ratios.length; s++) {
      above += weights[s] === raw[s] ? 1 : weights[s] / raw[s];
      below += weights[s];
      inverse += 1 / raw[s];
    }
    const lpd = largest - smallest < SAFE_RANGE ? Math.log(inverse / ratios.length) - largest : logMeanExp(logLikelihood);
    return { elpd: Math.log(above / below) - largest, k, lpd };
  }
}

/** Log ratios that spread less than this have reciprocals that neither overflow nor lose digits. */
const SAFE_RANGE = 600;

/** How much of a row is left out with it: one observation of those that its frequency weight counts, or all of it where it is less than one. */
export const leftOut = (weight: number): number => Math.min(1, weight);

/** log of the mean of e^x, of the weighted mean where there are weights. */
export function logMeanExp(x: Float64Array, weights: Float64Array | null = null): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < x.length; i++) if (x[i] > largest) largest = x[i];
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < x.length; i++) {
    const weight = weights === null ? 1 : weights[i];
    sum += weight * exp(x[i] - largest);
    total += weight;
  }
  return largest + log(sum / total);
}

/** Sum over rows of leave-one-out, with the standard error of a sum of that many. */
export function looOf({ elpd, lpd, weight }: Pointwise): ElpdEstimate {
  let p = 0;
  for (let i = 0; i < elpd.length; i++) p += weight[i] * (lpd[i] - elpd[i]);
  return { ...sumOf(elpd, weight), p };
}

/** The widely applicable information criterion, as an elpd. */
export function waicOf({ lpd, penalty, weight }: Pointwise): ElpdEstimate {
  let p = 0;
  for (let i = 0; i < lpd.length; i++) p += weight[i] * penalty[i];
  return {
    ...sumOf(
      lpd.map((value, i) => value - penalty[i]),
      weight,
    ),
    p,
  };
}

/** Σ w x and sqrt(W · variance of x), variance with divisor W, as ArviZ has it. */
export function sumOf(values: Float64Array, weight: Float64Array): { readonly elpd: number; readonly se: number } {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    total += weight[i];
    sum += weight[i] * values[i];
  }
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += weight[i] * (values[i] - sum / total) ** 2;
  return { elpd: sum, se: Math.sqrt(squares) };
}

/** Rows whose k-hat is above the threshold, worst first: those that want an exact answer. */
export function rowsAbove({ k }: Pick<Pointwise, 'k'>, threshold: number): number[] {
  const rows = [...k.keys()].filter((row) => !(k[row] <= threshold));
  return rows.sort((a, b) => k[b] - k[a] || a - b);
}

/**
 * Puts exact answers, from refits without the row or by down-dating, in the place of smoothed ones; their k becomes 0.
 * A refit's answer is `logMeanExp` of the row's log likelihood over the refit's draws.
 */
export function replaceRows(pointwise: Pointwise, exact: ReadonlyMap<number, number>): Pointwise {
  const elpd = pointwise.elpd.slice();
  const k = pointwise.k.slice();
  for (const [row, value] of exact) {
    elpd[row] = value;
    k[row] = 0;
  }
  return { ...pointwise, elpd, k };
}
