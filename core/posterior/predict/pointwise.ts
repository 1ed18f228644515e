/** The log likelihood, row by row, of every draw: in float64 and never all of it at once. */

import type { Rows } from '../../design/design.ts';
import type { FamilyRecord, Own, RowAuxiliary } from '../../families/family.ts';
import { familyOf } from '../../families/index.ts';
import { log } from '../../math/elementary.ts';
import { drawsAt, type Fitted, type Lookup, linearPredictor, lookupOf } from './lookup.ts';

type MutableAuxiliary = { -readonly [K in keyof RowAuxiliary]: RowAuxiliary[K] };

/** Evaluates rows of a data set, one at a time, at every draw of a fit; buffers are its own. */
export class RowEvaluator {
  readonly size: number;
  readonly family: FamilyRecord;
  readonly #fitted: Fitted;
  readonly #rows: Rows;
  readonly #lookup: Lookup;
  readonly #x: Float64Array;
  readonly #eta: Float64Array;
  /** Of located families with a sampled scale: the log density at its top, by group; else empty. */
  readonly #height: readonly (Float64Array | null)[];
  readonly #inverseScale: readonly (Float64Array | null)[];
  /** One array of draws a parameter of the family's own. */
  readonly #own: readonly Float64Array[];
  readonly #ownAt: Float64Array;
  readonly #auxiliary: MutableAuxiliary;

  constructor(fitted: Fitted, rows: Rows) {
    const { design, draws, parameters } = fitted;
    this.size = draws.chains * draws.draws;
    this.family = familyOf(design.family);
    this.#fitted = fitted;
    this.#rows = rows;
    this.#lookup = lookupOf(design, parameters);
    this.#x = new Float64Array(design.terms.length);
    this.#eta = new Float64Array(this.size);
    this.#own = this.#lookup.own.map((index) => drawsAt(draws, index)!);
    this.#ownAt = new Float64Array(this.#own.length);
    this.#auxiliary = { trials: 1, scale: 1, own: this.#ownAt };
    const ofScales = (f: (scale: number, draw: number) => number): (Float64Array | null)[] => {
      const known = new Map<number, Float64Array>();
      return design.groups.map((_, g) => {
        const index = this.#lookup.scale[g];
        if (index >= 0 && !known.has(index)) known.set(index, drawsAt(draws, index)!.map(f));
        return known.get(index) ?? null;
      });
    };
    const { located } = this.family;
    this.#inverseScale = located === null ? [] : ofScales((scale) => 1 / scale);
    this.#height = located === null ? [] : ofScales((scale, s) => located.height(this.#ownOf(s)) - log(scale));
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
    this.#ownOf(draw);
    return out;
  }

  /** The family's own parameters at a draw: an array that the next call overwrites. */
  #ownOf(draw: number): Own {
    for (let k = 0; k < this.#own.length; k++) this.#ownAt[k] = this.#own[k][draw];
    return this.#ownAt;
  }

  /** Writes the mean and the variance of the row's response for every draw. */
  moments(row: number, mean: Float64Array, variance: Float64Array): void {
    const eta = this.eta(row);
    const { se, group } = this.#rows;
    const inverseScale = this.#inverseScale[group[row]];
    if (se === null && inverseScale && this.#own.length === 0) {
      mean.set(eta);
      for (let s = 0; s < this.size; s++) variance[s] = 1 / (inverseScale[s] * inverseScale[s]);
      return;
    }
    if (this.family.many !== null) {
      this.family.many.moments(this.#rows.trials?.[row] ?? 1, eta, mean, variance);
      return;
    }
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
      const located = this.family.located!;
      for (let s = 0; s < out.length; s++) {
        const z = (y[row] - eta[s]) * inverseScale[s];
        out[s] = height[s] - located.fall(z * z, this.#ownOf(s));
      }
      return;
    }
    if (this.family.many?.logLikelihood(y[row], this.#rows.trials?.[row] ?? 1, eta, out)) return;
    for (let s = 0; s < this.size; s++) out[s] = this.family.logLikelihood(y[row], eta[s], this.auxiliary(row, s));
  }
}

/**
 * Rows that are the same observation (group, covariates, response and all) need evaluating once: for each row the first that equals it.
 * Covariates that are masked in the row's group hold 0 and so never tell rows apart.
 * @param also what else must be equal, one a row.
 */
export function firstEqualRows(rows: Rows, also: Float64Array | null = null): Int32Array {
  const columns = [rows.y, rows.trials, rows.offset, rows.se, also, ...rows.x].filter((column) => column !== null && column.length > 0);
  const seen = new Map<string, number>();
  return Int32Array.from(rows.group, (group, row) => {
    let key = `${group}`;
    for (const column of columns) key += ` ${column![row]}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, row);
    return first ?? row;
  });
}
