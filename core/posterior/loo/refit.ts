/** Leaving a row out by fitting again without it, where importance weights fail. */
import type { Rows } from '../../design/design.ts';
import type { Fitted } from '../predict/lookup.ts';
import { RowEvaluator } from '../predict/pointwise.ts';
import { logMeanExp } from './loo.ts';

/** The rows without one; one with a frequency weight above 1 loses one of its observations, as it does under importance weights and by down-dating. */
export function withoutRow(rows: Rows, row: number): Rows {
  if (rows.weights !== null && rows.weights[row] > 1) {
    const weights = rows.weights.slice();
    weights[row] -= 1;
    return { ...rows, weights };
  }
  const drop = <A extends Float64Array | Int32Array>(column: A): A => column.filter((_, i) => i !== row) as A;
  const dropIf = (column: Float64Array | null): Float64Array | null => column && drop(column);
  return {
    ...rows,
    n: rows.n - 1,
    group: drop(rows.group),
    x: rows.x.map((column) => (column.length === 0 ? column : drop(column))),
    y: drop(rows.y),
    trials: dropIf(rows.trials),
    offset: dropIf(rows.offset),
    se: dropIf(rows.se),
    weights: dropIf(rows.weights),
    fileRow: drop(rows.fileRow),
  };
}

/** log p(y_row | the others): for `replaceRows`. `refit` holds draws of the posterior without the row, `rows` all rows. */
export function elpdOfRefit(refit: Fitted, rows: Rows, row: number): number {
  const evaluator = new RowEvaluator(refit, rows);
  const logLikelihood = new Float64Array(evaluator.size);
  evaluator.logLikelihood(row, logLikelihood);
  return logMeanExp(logLikelihood);
}
