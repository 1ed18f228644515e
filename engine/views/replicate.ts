/** What the fit says of the rows it was fitted to: replicated responses and predictive means. */
import { familyOf } from '../../core/families/index.ts';
import { rngFor } from '../../core/math/streams.ts';
import { observations } from '../../core/posterior/check/observations.ts';
import { thinDraws } from '../../core/posterior/check/replicate.ts';
import { RowEvaluator } from '../../core/posterior/predict/pointwise.ts';
import type { Draws } from '../../core/sampler/types.ts';
import { rowsOf, type ViewState } from './state.ts';

/** Draws over which a row's mean is taken while the engine has not worked it out over more. */
const MEAN_DRAWS = 400;
/** Rows of a replicated data set; beyond, an evenly spaced part of them stands for all. */
const MOST_ROWS = 20_000;
const REPLICATES = 100;

const evaluatorOf = (state: ViewState, draws: number): RowEvaluator =>
  new RowEvaluator({ ...state, draws: thinDraws(state.draws, draws) }, state.data.rows);

/** Whether the mean response is the linear predictor, so that its posterior mean is that of the coefficients. */
export const isLinear = ({ design }: Pick<ViewState, 'design'>): boolean => familyOf(design.family).measured;

/** The posterior mean of E[y] of each row. */
export function predictiveMeans(state: ViewState, rows: Int32Array): Float64Array {
  if (isLinear(state)) return linearMeans(state, rows);
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

/** The linear predictor at the posterior means of the coefficients. */
function linearMeans(state: ViewState, rows: Int32Array): Float64Array {
  const { parameters, report, draws, data } = state;
  const values = new Float64Array(draws.parameters);
  report.parameters.forEach((p, i) => {
    if (!p.masked) values[parameters[i].index] = p.mean ?? p.median;
  });
  const evaluator = new RowEvaluator({ ...state, draws: { ...draws, chains: 1, draws: 1, values } }, data.rows);
  return Float64Array.from(rows, (i) => evaluator.eta(i)[0]);
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

/** A hundred data sets replicated from a fit. */
export interface ReplicatedData {
  /** The rows replicated, each as often as its frequency weight counts it, of `all` observations there are. */
  readonly rows: Int32Array;
  readonly all: number;
  readonly observed: Float64Array;
  /** One a data set, a number a row. */
  readonly copies: readonly Float64Array[];
}

const made = new WeakMap<Draws, { readonly group: string | null; readonly data: ReplicatedData }>();

/** The rows of a group, or of all, replicated: once for all the pictures of them, kept until another group is asked for. */
export function replicatedData(state: ViewState, group: string | null): ReplicatedData {
  const known = made.get(state.draws);
  if (known?.group === group) return known.data;
  const { y, weights } = state.data.rows;
  const { rows, all } = observations(weights, rowsOf(state, group === null ? null : [group]), MOST_ROWS);
  const data = { rows, all, observed: Float64Array.from(rows, (i) => y[i]), copies: replicates(state, rows, REPLICATES) };
  made.set(state.draws, { group, data });
  return data;
}
