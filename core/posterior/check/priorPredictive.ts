/** What the priors alone say of the response, at the covariates of the data: a prior predictive check (Gabry et al. 2019) in numbers. */
import type { Rows } from '../../design/design.ts';
import { rngFor } from '../../math/streams.ts';
import { intervalOfSorted } from '../diagnose/interval.ts';
import type { Fitted } from '../predict/lookup.ts';
import { RowEvaluator } from '../predict/pointwise.ts';
import type { PriorPredictiveReport } from '../report.ts';
import { observations } from './observations.ts';
import { thinDraws } from './replicate.ts';

/** Data sets simulated, and the rows of each, evenly spaced. */
const SETS = 400;
const MOST_ROWS = 500;

/** `null` without rows. Where a draw of the priors gives no finite response, ends of the interval are infinite. */
export function priorPredictive(prior: Fitted, rows: Rows, seed: number): PriorPredictiveReport | null {
  if (rows.n === 0 || rows.weights?.every((w) => w === 0)) return null;
  const evaluator = new RowEvaluator({ ...prior, draws: thinDraws(prior.draws, SETS) }, rows);
  const { family, size } = evaluator;
  const all = Int32Array.from({ length: rows.n }, (_, i) => i);
  const { rows: shown } = observations(rows.weights, all, MOST_ROWS);
  const simulated = new Float64Array(size * shown.length);
  shown.forEach((row, k) => {
    const rng = rngFor(seed, 'replicate', k);
    const eta = evaluator.eta(row);
    for (let s = 0; s < size; s++) simulated[k * size + s] = family.draw(rng, eta[s], evaluator.auxiliary(row, s));
  });
  const counted = rows.weights === null ? rows.y : rows.y.filter((_, i) => rows.weights![i] > 0);
  const min = counted.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const max = counted.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const inside = simulated.reduce((n, y) => n + (y >= min && y <= max ? 1 : 0), 0);
  return { ...intervalOfSorted(simulated.sort(), prior.design.interval), observed: { min, max }, within: inside / simulated.length };
}
