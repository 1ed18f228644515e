/**
 * Whether coefficients that fit rows exactly leave a scale without a posterior. Where r coefficients go through rows of weight W without a residual, the
 * likelihood with the coefficients integrated out grows as scale^−(W − r) as the scale falls to 0, and the posterior's integral is finite only
 * where the scale's prior vanishes faster: where it is of the order scale^(a − 1), for W − r < a.
 */

import { weightOf } from '../data/table.ts';
import type { Design, ModelData, Rows } from '../design/design.ts';
import { isFixed, supportOf } from '../design/priors.ts';
import { groupStatistics } from '../design/statistics.ts';
import { dot, largestOf } from '../math/linalg.ts';
import { basisOf } from '../math/orthogonal.ts';
import type { Prior } from '../spec/types.ts';

/** Rows that are fitted exactly, and the scale of which runs to 0. */
export interface ExactFit {
  /** The group whose own scale it is; −1 for the scale of all groups. */
  readonly group: number;
  readonly rows: number;
  readonly weight: number;
  /** How many coefficients the rows tell. */
  readonly coefficients: number;
}

/** Residuals are rounding errors below this share of the response's spread, or so many units in the last place of the response. */
const EXACT = 1e-12;
const LAST_PLACES = 4 * Number.EPSILON;

/** The first scale that has no posterior; `null` where there is none, or where rows are too many to be kept. */
export function exactFitOf(design: Design, data: ModelData): ExactFit | null {
  const { scale } = design;
  if (scale === null || isFixed(scale.prior) || !data.complete) return null;
  const least = orderAtZero(scale.prior);
  if (least === Number.POSITIVE_INFINITY) return null;
  const statistics = data.statistics ?? groupStatistics(design, data.rows);
  const suspect = statistics.map(
    ({ residual, yy, weight, meanY }) => residual.squares <= (10 * EXACT) ** 2 * yy + weight * (10 * LAST_PLACES * meanY) ** 2,
  );
  const places = design.groups.map((): number[] => []);
  for (let i = 0; i < data.rows.n; i++) if (weightOf(data.rows, i) !== 0) places[data.rows.group[i]].push(i);
  const units: readonly (readonly [number, number[]])[] =
    scale.by === 'group' ? places.map((at, g) => [g, at] as const) : [[-1, places.flat()]];
  for (const [group, at] of units) {
    if (at.length === 0 || !(group < 0 ? suspect.every(Boolean) : suspect[group])) continue;
    const coefficients = exactRank(design, data.rows, at);
    const weight = at.reduce((sum, i) => sum + weightOf(data.rows, i), 0);
    if (coefficients !== null && weight - coefficients >= least) return { group, rows: at.length, weight, coefficients };
  }
  return null;
}

/** a, where a prior of a positive parameter is of the order x^(a − 1) near 0. */
function orderAtZero(prior: Prior): number {
  if (isFixed(prior) || supportOf(prior, true).lower > 0) return Number.POSITIVE_INFINITY;
  if (prior.dist === 'lognormal' || prior.dist === 'inverse_gamma') return Number.POSITIVE_INFINITY;
  return prior.dist === 'gamma' ? prior.args[0] : 1;
}

/** The rank of the coefficients' columns over these rows where they fit the response exactly, else `null`. */
function exactRank(design: Design, rows: Rows, places: readonly number[]): number | null {
  const y = Float64Array.from(places, (i) => rows.y[i]);
  const groups = [...new Set(places.map((i) => rows.group[i]))];
  const columns: Float64Array[] = [];
  design.terms.forEach((term, t) => {
    const inGroup = (of: (g: number) => boolean): Float64Array =>
      Float64Array.from(places, (i) => {
        const g = rows.group[i];
        if (!of(g) || design.mask[g * design.terms.length + t] === 0) return 0;
        return term.kind === 'intercept' ? 1 : rows.x[t][i];
      });
    if (term.pooling !== 'partial' && isFixed(term.prior)) {
      const { fixed } = term.prior;
      inGroup(() => true).forEach((x, n) => {
        y[n] -= fixed * x;
      });
    } else if (term.pooling === 'complete') columns.push(inGroup(() => true));
    else for (const group of groups) columns.push(inGroup((g) => g === group));
  });
  const basis = basisOf(columns).columns;
  const size = largestOf(y);
  const centre = y.reduce((sum, v) => sum + v, 0) / y.length;
  const spread = y.reduce((most, v) => Math.max(most, Math.abs(v - centre)), 0);
  for (let pass = 0; pass < 2; pass++) {
    for (const q of basis) {
      const along = dot(q, y);
      for (let n = 0; n < y.length; n++) y[n] -= along * q[n];
    }
  }
  return largestOf(y) <= Math.max(EXACT * spread, LAST_PLACES * size) ? basis.length : null;
}
