/** How one scalar's chains went: trace, ranks, autocorrelation, and how its effective sample size grew. */
import { meanOf } from '../../core/posterior/diagnose/chains.ts';
import { essGrowth } from '../../core/posterior/diagnose/growth.ts';
import { RANK_BINS } from '../../core/posterior/diagnose/sketch.ts';
import type { ViewOf } from '../../protocol/views.ts';
import { divergentDraws, MOST_MARKS, parameterOf, sketchFor, thin, type ViewState } from './state.ts';

/** Of each chain's line. */
const TRACE_POINTS = 300;
const MOST_DIVERGENT = 200;
const MOST_LAGS = 40;
/** Draws of a chain that are compared with those after them. */
const MOST_COMPARED = 2000;
const GROWTH_POINTS = 12;
/** Two-sided 99 % of a normal. */
const Z99 = 2.5758293035489004;

/** Every point stands for `stride` neighbouring draws. */
export function traceView(state: ViewState, name: string): ViewOf<'trace'> {
  const { summary, values } = parameterOf(state, name);
  const { chains, draws } = state.draws;
  const stride = Math.max(1, Math.ceil(draws / Math.min(TRACE_POINTS, Math.floor(MOST_MARKS / chains))));
  const points = Math.ceil(draws / stride);
  const lines = Array.from({ length: chains }, (_, c) => lineOf(values.subarray(c * draws, (c + 1) * draws), stride, points));
  const divergent = [...thin(divergentDraws(state.draws), MOST_DIVERGENT)].map((i) => ({
    chain: Math.floor(i / draws),
    iteration: i % draws,
    value: values[i],
  }));
  const iteration = Uint32Array.from({ length: points }, (_, k) => k * stride);
  return { kind: 'trace', draws: { parameter: name, summary }, iteration, chains: lines, stride, divergent };
}

function lineOf(chain: Float64Array, stride: number, points: number): ViewOf<'trace'>['chains'][number] {
  const mean = new Float64Array(points);
  const lower = new Float64Array(points);
  const upper = new Float64Array(points);
  for (let k = 0; k < points; k++) {
    const end = Math.min(chain.length, (k + 1) * stride);
    const first = chain[k * stride];
    let [sum, low, high] = [0, first, first];
    for (let i = k * stride; i < end; i++) {
      const value = chain[i];
      sum += value - first;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    mean[k] = first + sum / (end - k * stride);
    lower[k] = low;
    upper[k] = high;
  }
  return { mean, lower, upper };
}

/** Ranks of each chain's draws among all draws, in bins: even when the chains agree (Vehtari et al. 2021, figure 5). */
export function ranksView(state: ViewState, name: string): ViewOf<'ranks'> {
  const { summary } = parameterOf(state, name);
  const { chains, draws } = state.draws;
  const { ranks } = sketchFor(state, name);
  const bins = RANK_BINS;
  const expected = draws / bins;
  const half = Z99 * Math.sqrt(expected * (1 - 1 / bins));
  return {
    kind: 'ranks',
    draws: { parameter: name, summary },
    bins,
    counts: Array.from({ length: chains }, (_, c) => [...ranks.subarray(c * bins, (c + 1) * bins)]),
    expected,
    lower: Math.max(0, expected - half),
    upper: expected + half,
  };
}

/** The autocorrelation of each chain at lags 0, 1, …, from evenly spaced draws and those after them; NaN for a chain that never moved. */
export function autocorrelationView(state: ViewState, name: string): ViewOf<'autocorrelation'> {
  const { summary, values } = parameterOf(state, name);
  const { chains, draws } = state.draws;
  const stride = Math.max(1, Math.floor(draws / MOST_COMPARED));
  const lines = Array.from({ length: chains }, (_, c) => autocorrelationOf(values.subarray(c * draws, (c + 1) * draws), stride));
  return { kind: 'autocorrelation', draws: { parameter: name, summary }, chains: lines, stride };
}

function autocorrelationOf(chain: Float64Array, stride: number): Float64Array {
  const draws = chain.length;
  const mean = meanOf(Float64Array.from({ length: Math.ceil(draws / stride) }, (_, k) => chain[k * stride]));
  const products = new Float64Array(Math.max(0, Math.min(MOST_LAGS, draws - 1)) + 1);
  for (let i = 0; i < draws; i += stride) {
    const from = chain[i] - mean;
    for (let lag = 0; lag < products.length && i + lag < draws; lag++) products[lag] += from * (chain[i + lag] - mean);
  }
  const total = products[0];
  return products.map((sum) => (total > 0 ? sum / total : Number.NaN));
}

/**
 * ESS of the first twelfth, two twelfths, … of every chain: it grows in a straight line when the chains mix. The last is that of the table, and
 * those before it, which come from means of neighbouring draws, are scaled to end there.
 */
export function essGrowthView(state: ViewState, name: string): ViewOf<'ess_growth'> {
  const { summary } = parameterOf(state, name);
  const { chains, draws } = state.draws;
  const { blocks } = sketchFor(state, name);
  const points = essGrowth(blocks, chains, draws, GROWTH_POINTS);
  const last = points.at(-1);
  const upTo = (of: 'bulk' | 'tail', end: number): (number | null)[] => {
    const scale = last && last[of] > 0 && end > 0 ? end / last[of] : 1;
    return points.map((point, k) => finite(k === points.length - 1 ? end : point[of] * scale));
  };
  return {
    kind: 'ess_growth',
    draws: { parameter: name, summary },
    total: points.map((point) => point.total),
    bulk: upTo('bulk', summary.ess_bulk),
    tail: upTo('tail', summary.ess_tail),
    wanted: 100 * chains,
    block: blocks.size,
  };
}

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);
