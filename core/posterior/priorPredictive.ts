/** What the priors alone say of the response, at the covariates of the data: a prior predictive check (Gabry et al. 2019) in numbers. */
import type { Rows } from '../model/design.ts';
import { intervalOfSorted } from './interval.ts';
import type { Fitted } from './lookup.ts';
import { RowEvaluator } from './pointwise.ts';
import { thinDraws } from './replicate.ts';
import type { PriorPredictiveReport } from './report.ts';
import { rngFor } from './streams.ts';

/** Data sets simulated, and the rows of each, evenly spaced. */
const SETS = 400;
const MOST_ROWS = 500;

/** `null` without rows. Where a draw of the priors gives no finite response, ends of the interval are infinite. */
export function priorPredictive(prior: Fitted, rows: Rows, seed: number): PriorPredictiveReport | null {
  if (rows.n === 0) return null;
  const evaluator = new RowEvaluator({ ...prior, draws: thinDraws(prior.draws, SETS) }, rows);
  const { family, size } = evaluator;
  const stride = Math.ceil(rows.n / MOST_ROWS);
  const simulated = new Float64Array(size * Math.ceil(rows.n / stride));
  for (let row = 0, at = 0; row < rows.n; row += stride) {
    const rng = rngFor(seed, 'replicate', row);
    const eta = evaluator.eta(row);
    for (let s = 0; s < size; s++, at++) simulated[at] = family.draw(rng, eta[s], evaluator.auxiliary(row, s));
  }
  const min = rows.y.reduce((a, b) => Math.min(a, b));
  const max = rows.y.reduce((a, b) => Math.max(a, b));
  const inside = simulated.reduce((n, y) => n + (y >= min && y <= max ? 1 : 0), 0);
  return { ...intervalOfSorted(simulated.sort(), prior.design.interval), observed: { min, max }, within: inside / simulated.length };
}
