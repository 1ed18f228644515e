/** What the fit says of the rows it was fitted to: replicated responses and predictive means, over thinned draws. */
import { RowEvaluator } from '../../core/posterior/pointwise.ts';
import { thinDraws } from '../../core/posterior/replicate.ts';
import { rngFor } from '../../core/posterior/streams.ts';
import type { ViewState } from './state.ts';

/** Draws over which a row's mean is taken while the engine has not worked it out over all. */
const MEAN_DRAWS = 400;

const evaluatorOf = (state: ViewState, draws: number): RowEvaluator =>
  new RowEvaluator({ ...state, draws: thinDraws(state.draws, draws) }, state.data.rows);

/** The posterior mean of E[y] of each row. */
export function predictiveMeans(state: ViewState, rows: Int32Array): Float64Array {
  const { predicted } = state;
  if (predicted !== null) return Float64Array.from(rows, (i) => predicted[i]);
  const evaluator = evaluatorOf(state, MEAN_DRAWS);
  const { family, size } = evaluator;
  return Float64Array.from(rows, (i) => {
    const eta = evaluator.eta(i);
    let sum = 0;
    for (let s = 0; s < size; s++) sum += family.mean(eta[s], evaluator.auxiliary(i, s));
    return sum / size;
  });
}

/** Replicated responses: one array a replicate, a number a row; the same for the same seed. */
export function replicates(state: ViewState, rows: Int32Array, count: number): Float64Array[] {
  const evaluator = evaluatorOf(state, count);
  const { family, size } = evaluator;
  const streams = Array.from({ length: size }, (_, r) => rngFor(state.report.seed, 'replicate', r));
  const copies = streams.map(() => new Float64Array(rows.length));
  rows.forEach((i, k) => {
    const eta = evaluator.eta(i);
    for (let s = 0; s < size; s++) copies[s][k] = family.draw(streams[s], eta[s], evaluator.auxiliary(i, s));
  });
  return copies;
}
