/** How well the model's means follow the response: Bayesian R² and residuals, one pass over the rows. */
import { weightOf } from '../../data/table.ts';
import type { Rows } from '../../design/design.ts';
import type { Steps } from '../../math/steps.ts';
import { meanOf, squaresAbout } from '../diagnose/chains.ts';
import type { Fitted } from '../predict/lookup.ts';
import { RowEvaluator } from '../predict/pointwise.ts';

export interface FitQuality {
  /** Var of the means over var of the means plus the mean residual variance, one a draw (Gelman, Goodrich, Gabry & Vehtari 2019). */
  readonly r2: Float64Array;
  /** Posterior mean of each row's mean. */
  readonly fitted: Float64Array;
  /** Observed minus fitted. */
  readonly residual: Float64Array;
  /** The residual over the predictive sd, noise and uncertainty of the mean together; NaN where that is infinite or 0. */
  readonly standardised: Float64Array;
}

/** A step a row. The variance of a row is the family's own at its mean; a Student-t's with nu ≤ 2 is infinite, and R² then 0. */
export function* fitQuality(fitted: Fitted, rows: Rows): Steps<FitQuality> {
  const evaluator = new RowEvaluator(fitted, rows);
  const { size } = evaluator;
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  const noise = new Float64Array(size);
  const out = { fitted: new Float64Array(rows.n), residual: new Float64Array(rows.n), standardised: new Float64Array(rows.n) };
  const mu = new Float64Array(size);
  const variance = new Float64Array(size);
  let seen = 0;
  for (let row = 0; row < rows.n; row++) {
    const weight = weightOf(rows, row);
    if (weight === 0) continue;
    yield;
    evaluator.moments(row, mu, variance);
    seen += weight;
    const share = weight / seen;
    for (let s = 0; s < size; s++) {
      const step = mu[s] - mean[s];
      mean[s] += share * step;
      squares[s] += weight * step * (mu[s] - mean[s]);
      noise[s] += weight * variance[s];
    }
    const centre = meanOf(mu);
    const spread = Math.sqrt(meanOf(variance) + squaresAbout(centre, mu) / size);
    out.fitted[row] = centre;
    out.residual[row] = rows.y[row] - centre;
    out.standardised[row] = spread > 0 && spread < Number.POSITIVE_INFINITY ? out.residual[row] / spread : Number.NaN;
  }
  const r2 = squares.map((sum, s) => (sum + noise[s] > 0 ? sum / (sum + noise[s]) : 0));
  return { r2, ...out };
}
