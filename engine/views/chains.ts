/** How one scalar's chains went: trace, ranks, autocorrelation, and how its effective sample size grew. */
import { Sorter } from '../../core/math/sort.ts';
import { meanOf, squaresAbout } from '../../core/posterior/chains.ts';
import { Diagnostician } from '../../core/posterior/diagnostics.ts';
import type { ViewOf } from '../../protocol/views.ts';
import { MOST_MARKS, parameterOf, thin, type ViewState } from './state.ts';

/** Of each chain's line. */
const TRACE_POINTS = 300;
const RANK_BINS = 20;
const MOST_LAGS = 40;
const GROWTH_POINTS = 12;
/** Two-sided 99 % of a normal. */
const Z99 = 2.5758293035489004;

/** Every point stands for `stride` neighbouring draws. */
export function traceView(state: ViewState, name: string): ViewOf<'trace'> {
  const { summary, values } = parameterOf(state, name);
  const { chains, draws, statistics } = state.draws;
  const stride = Math.max(1, Math.ceil(draws / Math.min(TRACE_POINTS, Math.floor(MOST_MARKS / chains))));
  const points = Math.ceil(draws / stride);
  const lines = Array.from({ length: chains }, (_, c) => {
    const mean = new Float64Array(points);
    const lower = new Float64Array(points);
    const upper = new Float64Array(points);
    for (let k = 0; k < points; k++) {
      const part = values.subarray(c * draws + k * stride, c * draws + Math.min(draws, (k + 1) * stride));
      mean[k] = meanOf(part);
      lower[k] = part.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
      upper[k] = part.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    }
    return { mean, lower, upper };
  });
  const bad: number[] = [];
  for (let i = 0; i < statistics.diverging.length; i++) if (statistics.diverging[i] === 1) bad.push(i);
  const divergent = [...thin(Int32Array.from(bad), 200)].map((i) => ({
    chain: Math.floor(i / draws),
    iteration: i % draws,
    value: values[i],
  }));
  const iteration = Uint32Array.from({ length: points }, (_, k) => k * stride);
  return { kind: 'trace', draws: { parameter: name, summary }, iteration, chains: lines, stride, divergent };
}

/** Ranks of each chain's draws among all draws, in bins: even when the chains agree (Vehtari et al. 2021, figure 5). */
export function ranksView(state: ViewState, name: string): ViewOf<'ranks'> {
  const { summary, values } = parameterOf(state, name);
  const { chains, draws } = state.draws;
  const order = new Sorter().order(values);
  const bins = Math.max(1, Math.min(RANK_BINS, draws));
  const counts = Array.from({ length: chains }, () => new Array<number>(bins).fill(0));
  const n = values.length;
  for (let rank = 0; rank < n; rank++) counts[Math.floor(order[rank] / draws)][Math.floor((rank * bins) / n)]++;
  const expected = draws / bins;
  const half = Z99 * Math.sqrt(expected * (1 - 1 / bins));
  return {
    kind: 'ranks',
    draws: { parameter: name, summary },
    bins,
    counts,
    expected,
    lower: Math.max(0, expected - half),
    upper: expected + half,
  };
}

/** The autocorrelation of each chain at lags 0, 1, …; NaN for a chain that never moved. */
export function autocorrelationView(state: ViewState, name: string): ViewOf<'autocorrelation'> {
  const { summary, values } = parameterOf(state, name);
  const { chains, draws } = state.draws;
  const lags = Math.max(0, Math.min(MOST_LAGS, draws - 1));
  const lines = Array.from({ length: chains }, (_, c) => {
    const chain = values.subarray(c * draws, (c + 1) * draws);
    const mean = meanOf(chain);
    const total = squaresAbout(mean, chain);
    return Float64Array.from({ length: lags + 1 }, (_, lag) => {
      let sum = 0;
      for (let i = 0; i + lag < draws; i++) sum += (chain[i] - mean) * (chain[i + lag] - mean);
      return total > 0 ? sum / total : Number.NaN;
    });
  });
  return { kind: 'autocorrelation', draws: { parameter: name, summary }, chains: lines };
}

/** ESS of the first tenth, two tenths, … of every chain: it grows in a straight line when the chains mix. */
export function essGrowthView(state: ViewState, name: string): ViewOf<'ess_growth'> {
  const { summary, values } = parameterOf(state, name);
  const { chains, draws } = state.draws;
  const diagnostician = new Diagnostician();
  const total: number[] = [];
  const bulk: (number | null)[] = [];
  const tail: (number | null)[] = [];
  for (let k = 1; k <= GROWTH_POINTS; k++) {
    const part = Math.floor((draws * k) / GROWTH_POINTS);
    if (part < 4) continue;
    const first = new Float64Array(part * chains);
    for (let c = 0; c < chains; c++) first.set(values.subarray(c * draws, c * draws + part), c * part);
    const d = diagnostician.diagnose(first, chains, part);
    total.push(part * chains);
    bulk.push(finite(d.essBulk));
    tail.push(finite(d.essTail));
  }
  return { kind: 'ess_growth', draws: { parameter: name, summary }, total, bulk, tail, wanted: 100 * chains };
}

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);
