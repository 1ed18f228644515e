/** The log likelihood, row by row, of every draw: in float64 and never all of it at once. */
import { log } from '../math/elementary.ts';
import { HALF_LOG_2PI, LOG_PI, logRising } from '../math/gamma.ts';
import type { Rows } from '../model/design.ts';
import { type FamilyFunctions, familyOf, type RowAuxiliary } from '../model/families.ts';
import { drawsAt, type Fitted, type Lookup, linearPredictor, lookupOf } from './lookup.ts';
import { oneParameterLogLikelihood, oneParameterMoments } from './rowDensities.ts';

type MutableAuxiliary = { -readonly [K in keyof RowAuxiliary]: number };

/** Evaluates rows of a data set, one at a time, at every draw of a fit; buffers are its own. */
export class RowEvaluator {
  readonly size: number;
  readonly family: FamilyFunctions;
  readonly #fitted: Fitted;
  readonly #rows: Rows;
  readonly #lookup: Lookup;
  readonly #x: Float64Array;
  readonly #eta: Float64Array;
  /** Gaussian and Student-t with a sampled scale: the log density at its top, by group; else empty. */
  readonly #height: readonly (Float64Array | null)[];
  readonly #inverseScale: readonly (Float64Array | null)[];
  readonly #nu: Float64Array | null;
  readonly #shape: Float64Array | null;
  readonly #auxiliary: MutableAuxiliary = { trials: 1, scale: 1, nu: Number.POSITIVE_INFINITY, shape: 1 };

  constructor(fitted: Fitted, rows: Rows) {
    const { design, draws, parameters } = fitted;
    this.size = draws.chains * draws.draws;
    this.family = familyOf(design.family);
    this.#fitted = fitted;
    this.#rows = rows;
    this.#lookup = lookupOf(design, parameters);
    this.#x = new Float64Array(design.terms.length);
    this.#eta = new Float64Array(this.size);
    this.#nu = drawsAt(draws, this.#lookup.nu);
    this.#shape = drawsAt(draws, this.#lookup.shape);
    const ofScales = (f: (scale: number, draw: number) => number): (Float64Array | null)[] => {
      const known = new Map<number, Float64Array>();
      return design.groups.map((_, g) => {
        const index = this.#lookup.scale[g];
        if (index >= 0 && !known.has(index)) known.set(index, drawsAt(draws, index)!.map(f));
        return known.get(index) ?? null;
      });
    };
    const nu = this.#nu;
    const located = design.family === 'gaussian' || nu !== null;
    this.#inverseScale = located ? ofScales((scale) => 1 / scale) : [];
    this.#height = located
      ? ofScales((scale, s) => (nu === null ? -HALF_LOG_2PI : logRising(0.5 * nu[s], 0.5) - 0.5 * (log(nu[s]) + LOG_PI)) - log(scale))
      : [];
  }

  /** The linear predictor of a row, offset included, at every draw: a view that the next call overwrites. */
  eta(row: number): Float64Array {
    const { group, x, offset } = this.#rows;
    const { terms } = this.#fitted.design;
    for (let t = 0; t < terms.length; t++) this.#x[t] = terms[t].kind === 'intercept' ? 1 : x[t][row];
    linearPredictor(this.#fitted.draws, this.#lookup, group[row], this.#x, this.#eta);
    if (offset !== null) for (let s = 0; s < this.size; s++) this.#eta[s] += offset[row];
    return this.#eta;
  }

  /** What the row's distribution needs at a draw: an object that the next call overwrites. */
  auxiliary(row: number, draw: number): RowAuxiliary {
    const { trials, se, group } = this.#rows;
    const { draws } = this.#fitted;
    const out = this.#auxiliary;
    const scale = this.#lookup.scale[group[row]];
    if (trials !== null) out.trials = trials[row];
    if (se !== null) out.scale = se[row];
    else if (scale >= 0) out.scale = draws.values[scale * this.size + draw];
    if (this.#nu !== null) out.nu = this.#nu[draw];
    if (this.#shape !== null) out.shape = this.#shape[draw];
    return out;
  }

  /** Writes the mean and the variance of the row's response for every draw. */
  moments(row: number, mean: Float64Array, variance: Float64Array): void {
    const eta = this.eta(row);
    const { se, group } = this.#rows;
    const inverseScale = this.#inverseScale[group[row]];
    if (se === null && inverseScale && this.#nu === null) {
      mean.set(eta);
      for (let s = 0; s < this.size; s++) variance[s] = 1 / (inverseScale[s] * inverseScale[s]);
      return;
    }
    if (oneParameterMoments(this.#fitted.design.family, this.#rows.trials?.[row] ?? 1, eta, mean, variance)) return;
    for (let s = 0; s < this.size; s++) {
      const auxiliary = this.auxiliary(row, s);
      mean[s] = this.family.mean(eta[s], auxiliary);
      variance[s] = this.family.variance(eta[s], auxiliary);
    }
  }

  /** Writes log p(y_row | draw) for every draw; frequency weights left out: it is that of one observation. */
  logLikelihood(row: number, out: Float64Array): void {
    const { y, se, group } = this.#rows;
    const eta = this.eta(row);
    const height = this.#height[group[row]];
    const inverseScale = this.#inverseScale[group[row]];
    if (se === null && height && inverseScale) {
      located(y[row], eta, height, inverseScale, this.#nu, out);
      return;
    }
    if (oneParameterLogLikelihood(this.#fitted.design.family, y[row], this.#rows.trials?.[row] ?? 1, eta, out)) return;
    for (let s = 0; s < this.size; s++) out[s] = this.family.logLikelihood(y[row], eta[s], this.auxiliary(row, s));
  }
}

/** log density of a normal or, with nu, of a Student-t at every draw, from its value at the top. */
function located(
  y: number,
  eta: Float64Array,
  height: Float64Array,
  inverseScale: Float64Array,
  nu: Float64Array | null,
  out: Float64Array,
): void {
  for (let s = 0; s < out.length; s++) {
    const z = (y - eta[s]) * inverseScale[s];
    out[s] = height[s] - (nu === null ? 0.5 * z * z : 0.5 * (nu[s] + 1) * Math.log1p((z * z) / nu[s]));
  }
}

/**
 * Rows that are the same observation (group, covariates, response and all) need evaluating once: for each row the first that equals it.
 * Covariates that are masked in the row's group hold 0 and so never tell rows apart.
 */
export function firstEqualRows(rows: Rows): Int32Array {
  const columns = [rows.y, rows.trials, rows.offset, rows.se, ...rows.x].filter((column) => column !== null && column.length > 0);
  const seen = new Map<string, number>();
  return Int32Array.from(rows.group, (group, row) => {
    let key = `${group}`;
    for (const column of columns) key += ` ${column![row]}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, row);
    return first ?? row;
  });
}
