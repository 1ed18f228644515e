/** Probability integral transforms, their histogram and the band of their distribution function. */

import { weightOf } from '../../data/table.ts';
import type { Rows } from '../../design/design.ts';
import { exp } from '../../math/elementary.ts';
import { rngFor } from '../../math/streams.ts';
import { type Band, binomialQuantile, countsBelow, isWithin, simultaneousBand } from '../diagnose/envelope.ts';
import type { Fitted } from '../predict/lookup.ts';
import { RowEvaluator } from '../predict/pointwise.ts';
import { leftOut } from './loo.ts';
import { Psis } from './psis.ts';

export interface PitReport {
  /** Values in equal bins of (0, 1). */
  readonly counts: readonly number[];
  /** 90 % of a bin's counts lie from here to there where the model is right. */
  readonly lower: number;
  readonly upper: number;
  /** Values at or below k / points, k = 1 … points − 1, and the band that all of them stay in with a probability of 95 %. */
  readonly points: number;
  readonly below: Int32Array;
  readonly band: Band;
  readonly within: boolean;
}

/**
 * P(replicated ≤ observed | all rows but this one), weighting the draws by PSIS; for whole numbers a random point between P(< y) and P(≤ y).
 * @param which rows to do; all when left out.
 */
export function looPit(fitted: Fitted, rows: Rows, seed: number, which?: ArrayLike<number>, reff = 1): Float64Array {
  const evaluator = new RowEvaluator(fitted, rows);
  const psis = new Psis(evaluator.size, reff);
  const logLikelihood = new Float64Array(evaluator.size);
  const { family } = evaluator;
  const rng = rngFor(seed, 'pit');
  return Float64Array.from({ length: which?.length ?? rows.n }, (_, i) => {
    const row = which?.[i] ?? i;
    const y = rows.y[row];
    evaluator.logLikelihood(row, logLikelihood);
    const out = leftOut(weightOf(rows, row));
    psis.smooth(logLikelihood.map((value) => -out * value));
    const eta = evaluator.eta(row);
    const share = family.discrete ? 1 - rng.uniform() : 0;
    let sum = 0;
    let total = 0;
    for (let s = 0; s < evaluator.size; s++) {
      const below = family.cdf(y, eta[s], evaluator.auxiliary(row, s)) - (family.discrete ? share * exp(logLikelihood[s]) : 0);
      sum += psis.weights[s] * below;
      total += psis.weights[s];
    }
    return Math.min(1, Math.max(0, sum / total));
  });
}

/** Judges values that should be uniform. */
export function pitReport(values: Float64Array, bins = 20, points = 50): PitReport {
  const n = values.length;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.min(bins - 1, Math.floor(value * bins))]++;
  const below = countsBelow(values, points);
  const band = simultaneousBand(n, points, 0.95);
  return {
    counts,
    lower: binomialQuantile(0.05, n, 1 / bins),
    upper: binomialQuantile(0.95, n, 1 / bins),
    points,
    below,
    band,
    within: isWithin(below, band),
  };
}
