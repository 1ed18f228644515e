/** What the priors alone say of the response, at the covariates of the data: a prior predictive check (Gabry et al. 2019) in numbers. */

import type { Rows } from '../model/design.ts';
import { intervalOfSorted } from './interval.ts';
import type { Fitted } from './lookup.ts';
import { CHECK_DEFAULTS, PredictiveCheck, thinDraws } from './replicate.ts';
import type { PriorPredictiveReport } from './report.ts';

/** Data sets simulated, and the rows of each, evenly spaced. */
const SETS = 400;
const MOST_ROWS = 500;

/** `null` without rows. Where a draw of the priors gives no finite response, ends of the interval are infinite. */
export function priorPredictive(prior: Fitted, rows: Rows, seed: number): PriorPredictiveReport | null {
  if (rows.n === 0) return null;
  const { interval } = prior.design;
  const check = new PredictiveCheck({ ...prior, draws: thinDraws(prior.draws, SETS) }, rows, {
    ...CHECK_DEFAULTS,
    interval,
    seed,
    overlays: SETS,
    mostRows: MOST_ROWS,
  });
  const stride = Math.max(1, Math.ceil(rows.n / MOST_ROWS));
  const observed = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  for (let row = 0; row < rows.n; row++) {
    observed.min = Math.min(observed.min, rows.y[row]);
    observed.max = Math.max(observed.max, rows.y[row]);
    if (row % stride === 0) check.add(row);
  }
  const { replicated } = check.report().overlay;
  const inside = replicated.reduce((n, y) => n + (y >= observed.min && y <= observed.max ? 1 : 0), 0);
  return { ...intervalOfSorted(replicated.sort(), interval), observed, within: inside / replicated.length };
}
