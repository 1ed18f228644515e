/** What the fit says of the rows it was fitted to: replicated responses and predictive means, over thinned draws. */
import { type FamilyFunctions, familyOf, type RowAuxiliary } from '../../core/model/families.ts';
import { drawsAt, type Lookup, lookupOf } from '../../core/posterior/lookup.ts';
import { rngFor } from '../../core/posterior/streams.ts';
import { type Draws, drawsOf } from '../../core/sampler/types.ts';
import type { ViewState } from './state.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Gives the linear predictor and what else a row's distribution needs, for a row and a draw. */
export class RowPredictor {
  readonly family: FamilyFunctions;
  readonly auxiliary: Mutable<RowAuxiliary> = { trials: 1, scale: 1, nu: Number.POSITIVE_INFINITY, shape: 1 };
  readonly #state: ViewState;
  readonly #lookup: Lookup;
  readonly #scale: readonly (Float64Array | null)[];
  readonly #nu: Float64Array | null;
  readonly #shape: Float64Array | null;
  readonly #draws: Draws;
  readonly #size: number;

  constructor(state: ViewState) {
    this.#state = state;
    this.#draws = state.draws;
    this.#size = state.draws.chains * state.draws.draws;
    this.#lookup = lookupOf(state.design, state.parameters);
    this.family = familyOf(state.design.family);
    this.#scale = Array.from(this.#lookup.scale, (index) => drawsAt(state.draws, index));
    this.#nu = drawsAt(state.draws, this.#lookup.nu);
    this.#shape = drawsAt(state.draws, this.#lookup.shape);
  }

  /** The linear predictor, offset and all, of row i under draw s; sets `auxiliary` for the same. */
  at(i: number, s: number): number {
    const { rows } = this.#state.data;
    const g = rows.group[i];
    const terms = this.#state.design.terms.length;
    let eta = rows.offset?.[i] ?? 0;
    for (let t = 0; t < terms; t++) {
      const index = this.#lookup.coefficient[g * terms + t];
      if (index < 0) continue;
      const x = this.#state.design.terms[t].kind === 'intercept' ? 1 : rows.x[t][i];
      eta += x * this.#draws.values[index * this.#size + s];
    }
    this.auxiliary.trials = rows.trials?.[i] ?? 1;
    this.auxiliary.scale = rows.se?.[i] ?? this.#scale[g]?.[s] ?? 1;
    if (this.#nu) this.auxiliary.nu = this.#nu[s];
    if (this.#shape) this.auxiliary.shape = this.#shape[s];
    return eta;
  }

  /** `count` evenly spaced draws, as indices; all of them when there are no more. */
  thinDraws(count: number): Int32Array {
    const n = Math.min(count, this.#size);
    return Int32Array.from({ length: n }, (_, k) => Math.floor(((k + 0.5) * this.#size) / n));
  }
}

/** Draws over which a mean of a row is taken where it has no closed form. */
const MEAN_DRAWS = 400;

/** The posterior mean of E[y] of each row. Exact over all draws where the link is the identity. */
export function predictiveMeans(state: ViewState, rows: Int32Array): Float64Array {
  const predictor = new RowPredictor(state);
  if (predictor.family.link === 'identity') return linearMeans(state, rows);
  const draws = predictor.thinDraws(MEAN_DRAWS);
  return Float64Array.from(rows, (i) => {
    let sum = 0;
    for (const s of draws) sum += predictor.family.mean(predictor.at(i, s), predictor.auxiliary);
    return sum / draws.length;
  });
}

function linearMeans({ design, draws, parameters, data }: ViewState, rows: Int32Array): Float64Array {
  const terms = design.terms.length;
  const means = new Map<number, number>();
  const meanAt = (index: number): number => {
    const known = means.get(index);
    if (known !== undefined) return known;
    const values = drawsOf(draws, index);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    means.set(index, mean);
    return mean;
  };
  const { coefficient } = lookupOf(design, parameters);
  return Float64Array.from(rows, (i) => {
    let mean = data.rows.offset?.[i] ?? 0;
    for (let t = 0; t < terms; t++) {
      const index = coefficient[data.rows.group[i] * terms + t];
      if (index >= 0) mean += meanAt(index) * (design.terms[t].kind === 'intercept' ? 1 : data.rows.x[t][i]);
    }
    return mean;
  });
}

/** Replicated responses: one array a replicate, a number a row; the same for the same seed. */
export function replicates(state: ViewState, rows: Int32Array, count: number): Float64Array[] {
  const predictor = new RowPredictor(state);
  return Array.from(predictor.thinDraws(count), (s, r) => {
    const rng = rngFor(state.report.seed, 'replicate', r);
    return Float64Array.from(rows, (i) => {
      const eta = predictor.at(i, s);
      return predictor.family.draw(rng, eta, predictor.auxiliary);
    });
  });
}

/**
 * P(replicated ≤ observed) of each row, averaged over draws; randomised between P(<) and P(≤) for whole numbers, so that it
 * is uniform when the model is right.
 */
export function probabilityIntegrals(state: ViewState, rows: Int32Array, count: number): Float64Array {
  const predictor = new RowPredictor(state);
  const draws = predictor.thinDraws(count);
  const rng = rngFor(state.report.seed, 'pit');
  const { y } = state.data.rows;
  return Float64Array.from(rows, (i) => {
    let at = 0;
    let below = 0;
    for (const s of draws) {
      const eta = predictor.at(i, s);
      at += predictor.family.cdf(y[i], eta, predictor.auxiliary);
      if (predictor.family.discrete) below += predictor.family.cdf(y[i] - 1, eta, predictor.auxiliary);
    }
    const share = predictor.family.discrete ? rng.uniform() : 1;
    return (below + share * (at - below)) / draws.length;
  });
}
