/** Rows that sway a fit, and which of them are outliers. */

import { weightOf } from '../../data/table.ts';
import type { Rows } from '../../design/design.ts';
import { exp } from '../../math/elementary.ts';
import type { Fitted } from '../predict/lookup.ts';
import { RowEvaluator } from '../predict/pointwise.ts';
import type { ParetoK } from '../verdict/trial.ts';
import { leftOut, rowsAbove } from './loo.ts';
import { Psis, paretoThreshold } from './psis.ts';

/** Of clean data sets at most this share has a row called an outlier. */
const CHANCE = 0.005;
/** More rows than this above the threshold are not looked into one by one. */
const MOST_ROWS = 500;

/**
 * Rows with k-hat above the threshold, and those among them whose response has a two-sided tail probability below 0.005 over the number of rows
 * given the others.
 * @param k one a row, from `LooRun` over the same fit.
 */
export function influence(fitted: Fitted, rows: Rows, k: Float64Array, reff = 1): ParetoK {
  const threshold = paretoThreshold(fitted.draws.chains * fitted.draws.draws);
  const above = rowsAbove({ k }, threshold);
  const tail = above.length === 0 ? null : new TailProbability(fitted, rows, reff);
  const limit = CHANCE / rows.n;
  const outliers = above.slice(0, MOST_ROWS).filter((row) => tail !== null && tail.of(row) < limit);
  const inFile = (row: number): number => rows.fileRow[row] + 1;
  const largest = k.reduce((most, value) => (value > most ? value : most), Number.NEGATIVE_INFINITY);
  return { threshold, rows: above.map(inFile), largest, outliers: outliers.map(inFile) };
}

/** Twice the smaller of P(≤ y) and P(≥ y) given the other rows, the draws weighted by PSIS; rough, for k is high, and rather too large. */
class TailProbability {
  readonly #evaluator: RowEvaluator;
  readonly #rows: Rows;
  readonly #psis: Psis;
  readonly #logLikelihood: Float64Array;

  constructor(fitted: Fitted, rows: Rows, reff: number) {
    this.#evaluator = new RowEvaluator(fitted, rows);
    this.#rows = rows;
    this.#psis = new Psis(this.#evaluator.size, reff);
    this.#logLikelihood = new Float64Array(this.#evaluator.size);
  }

  of(row: number): number {
    const { family, size } = this.#evaluator;
    const y = this.#rows.y[row];
    this.#evaluator.logLikelihood(row, this.#logLikelihood);
    const share = leftOut(weightOf(this.#rows, row));
    this.#psis.smooth(this.#logLikelihood.map((value) => -share * value));
    const eta = this.#evaluator.eta(row);
    let atMost = 0;
    let atLeast = 0;
    let total = 0;
    for (let s = 0; s < size; s++) {
      const weight = this.#psis.weights[s];
      const below = family.cdf(y, eta[s], this.#evaluator.auxiliary(row, s));
      atMost += weight * below;
      atLeast += weight * (1 - below + (family.discrete ? exp(this.#logLikelihood[s]) : 0));
      total += weight;
    }
    return (2 * Math.min(atMost, atLeast)) / total;
  }
}
