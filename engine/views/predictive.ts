/** The model held against the rows it was fitted to: histograms, densities, intervals, residuals, PIT, LOO. */
import { familyOf } from '../../core/families/index.ts';
import { observations } from '../../core/posterior/check/observations.ts';
import { thinDraws } from '../../core/posterior/check/replicate.ts';
import { Rootogram } from '../../core/posterior/check/rootogram.ts';
import { areCounts, StatisticsOfReplicates } from '../../core/posterior/check/testStatistics.ts';
import { meanOf } from '../../core/posterior/diagnose/chains.ts';
import { intervalOfSorted, quantileOfSorted } from '../../core/posterior/diagnose/interval.ts';
import { looPit, pitReport } from '../../core/posterior/loo/pit.ts';
import type { HistogramBins } from '../../protocol/views/parts.ts';
import type { ViewOf } from '../../protocol/views.ts';
import { binsFor, countInto, extentOf, histogramBetween } from './bins.ts';
import { bandwidthOf, densityCurve } from './density.ts';
import { correlationOf } from './posterior.ts';
import { predictiveMeans, replicatedData, replicates } from './replicate.ts';
import { rowsOf, thin, type ViewState } from './state.ts';

/** Rows whose intervals are worked out, and those that are drawn. */
const INTERVAL_ROWS = 1000;
const SHOWN_INTERVALS = 400;
const SHOWN_RESIDUALS = 1500;
/** Every second data set, and so many of its rows. */
const OVERLAID = 2;
const OVERLAID_ROWS = 5000;
const INTERVAL_DRAWS = 300;
const PIT_ROWS = 1000;
const PIT_DRAWS = 300;
const WORST = 20;
const STATISTIC_BINS = 16;

const groupOf = (group: string | null): readonly string[] | null => (group === null ? null : [group]);
/** Rows of a group, each as often as its frequency weight counts it. */
const observationsOf = (state: ViewState, group: string | null, most: number): ReturnType<typeof observations> =>
  observations(state.data.rows.weights, rowsOf(state, groupOf(group)), most);
const observedOf = (state: ViewState, rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => state.data.rows.y[i]);

export function observedPredictedView(state: ViewState, width: number | null, group: string | null): ViewOf<'observed_predicted'> {
  const { rows, observed, copies } = replicatedData(state, group);
  const predicted = predictiveMeans(state, rows);
  const [a, b] = extentOf(observed);
  // The priors may allow for anything; what they say is shown over the data's range.
  const [c, d] = state.report.method === 'prior' ? [a, b] : extentOf(predicted);
  const edges = binsFor(Math.min(a, c), Math.max(b, d), width, familyOf(state.design.family).discrete);
  const counts = copies.map((y) => countInto(edges, y));
  const quantile = (k: number, p: number): number => quantileOfSorted(Float64Array.from(counts, (x) => x[k]).sort(), p);
  const each = Array.from({ length: edges.bins }, (_, k) => k);
  return {
    kind: 'observed_predicted',
    lower: edges.lower,
    width: edges.width,
    observed: countInto(edges, observed),
    predicted: countInto(edges, predicted),
    replicatedLower: each.map((k) => quantile(k, 0.05)),
    replicatedUpper: each.map((k) => quantile(k, 0.95)),
    rows: rows.length,
    correlation: rows.length > 1 ? correlationOf(observed, predicted) : null,
    rmse: Math.sqrt(meanOf(observed.map((y, i) => (y - predicted[i]) ** 2))),
  };
}

/** Test statistics of all rows or of one group; the numbers of all rows are the report's own where it has them. */
export function statisticsView(state: ViewState, group: string | null): ViewOf<'statistics'> {
  const { rows, all, observed, copies } = replicatedData(state, group);
  const check = new StatisticsOfReplicates(copies.length, false);
  observed.forEach((y, k) => {
    check.addObserved(y);
    // Means and variances are for the dispersion only, which is not asked for.
    copies.forEach((copy, s) => {
      check.add(s, y, copy[k], 0, 0);
    });
  });
  const { discrete } = familyOf(state.design.family);
  const statistics = check
    .report()
    .filter((s) => Number.isFinite(s.observed) && (discrete || s.name !== 'zeros'))
    .map(({ replicated, ...numbers }) => {
      const histogram = statisticHistogram(replicated, numbers.observed);
      const reported = group === null ? state.report.predictive?.statistics.find((s) => s.name === numbers.name) : undefined;
      return { ...numbers, ...reported, histogram };
    });
  return { kind: 'statistics', statistics, sets: copies.length, rows: { shown: rows.length, used: all } };
}

/** Bins that hold the observed value, too; whole numbers stand in the middle of theirs. */
function statisticHistogram(replicated: Float64Array, observed: number): HistogramBins {
  const whole = Number.isInteger(observed) && replicated.every(Number.isInteger);
  const [low, high] = extentOf([...replicated, observed]);
  const { lower, width, bins } = binsFor(low, high, null, whole, STATISTIC_BINS);
  const shift = whole && width === 1 ? 0.5 : 0;
  return histogramBetween(replicated, lower - shift, lower + bins * width - shift, bins);
}

export function rootogramView(state: ViewState, group: string | null): ViewOf<'rootogram'> {
  const { design, data } = state;
  if (!areCounts(design, data.rows)) return { kind: 'rootogram', rootogram: null, rows: { shown: 0, used: data.rows.n } };
  const { rows, all, observed, copies } = replicatedData(state, group);
  const rootogram = new Rootogram(observed, copies.length);
  rows.forEach((_, k) => {
    rootogram.add(Float64Array.from(copies, (y) => y[k]));
  });
  return { kind: 'rootogram', rootogram: rootogram.report(), rows: { shown: rows.length, used: all } };
}

export function densityOverlayView(state: ViewState, group: string | null): ViewOf<'density_overlay'> {
  const data = replicatedData(state, group);
  const places = thin(
    Int32Array.from(data.rows, (_, k) => k),
    OVERLAID_ROWS,
  );
  const sorted = (y: Float64Array): Float64Array => Float64Array.from(places, (k) => y[k]).sort();
  const observed = sorted(data.observed);
  const copies = data.copies.filter((_, s) => s % OVERLAID === 0).map(sorted);
  const bandwidth = bandwidthOf(observed);
  const span = (y: Float64Array): [number, number] => [quantileOfSorted(y, 0.005), quantileOfSorted(y, 0.995)];
  const spans = [span(observed), ...copies.map(span)];
  const lower = Math.min(...spans.map(([low]) => low)) - bandwidth;
  const upper = Math.max(...spans.map(([, high]) => high)) + bandwidth;
  const curve = (y: Float64Array): ReturnType<typeof densityCurve> => densityCurve(y, lower, upper, bandwidth, undefined, OVERLAY_POINTS);
  return { kind: 'density_overlay', observed: curve(observed), replicated: copies.map(curve), rows: places.length };
}

/** A curve is one mark, but its points cross to the webview: 51 × this many. */
const OVERLAY_POINTS = 80;

export function rowIntervalsView(state: ViewState, group: string | null): ViewOf<'row_intervals'> {
  const { rows, all } = observationsOf(state, group, INTERVAL_ROWS);
  const observed = observedOf(state, rows);
  const copies = replicates(state, rows, INTERVAL_DRAWS);
  const means = predictiveMeans(state, rows);
  const intervals = Array.from(rows, (_, k) => intervalOfSorted(Float64Array.from(copies, (y) => y[k]).sort(), state.design.interval));
  const inside = intervals.reduce((n, { lower, upper }, k) => n + (observed[k] >= lower && observed[k] <= upper ? 1 : 0), 0);
  const order = Int32Array.from(rows, (_, k) => k).sort((a, b) => observed[a] - observed[b]);
  const shown = thin(order, SHOWN_INTERVALS);
  const pick = (value: (k: number) => number): Float64Array => Float64Array.from(shown, value);
  return {
    kind: 'row_intervals',
    observed: pick((k) => observed[k]),
    mean: pick((k) => means[k]),
    lower: pick((k) => intervals[k].lower),
    upper: pick((k) => intervals[k].upper),
    group: Uint16Array.from(shown, (k) => state.data.rows.group[rows[k]]),
    groups: state.design.groups,
    prob: state.design.interval.prob,
    coverage: rows.length > 0 ? inside / rows.length : Number.NaN,
    rows: { shown: shown.length, used: all },
  };
}

export function residualsView(state: ViewState, group: string | null): ViewOf<'residuals'> {
  const all = rowsOf(state, groupOf(group));
  const rows = thin(all, SHOWN_RESIDUALS);
  const mean = predictiveMeans(state, rows);
  return {
    kind: 'residuals',
    mean,
    residual: mean.map((m, k) => state.data.rows.y[rows[k]] - m),
    group: Uint16Array.from(rows, (i) => state.data.rows.group[i]),
    groups: state.design.groups,
    rows: { shown: rows.length, used: all.length },
  };
}

/** Each row's place among predictions by all the others (PSIS leave-one-out): uniform where the model is right. */
export function pitView(state: ViewState, group: string | null): ViewOf<'pit'> {
  const { rows } = observationsOf(state, group, PIT_ROWS);
  const fitted = { ...state, draws: thinDraws(state.draws, PIT_DRAWS) };
  const { counts, lower, upper, within } = pitReport(looPit(fitted, state.data.rows, state.report.seed, rows));
  return { kind: 'pit', counts, lower, upper, within, rows: rows.length };
}

export function looView(state: ViewState, group: string | null): ViewOf<'loo'> {
  const { loo, data, design, report } = state;
  if (loo === null) return { kind: 'loo', loo: report.loo, worst: [], k: null };
  const rows = rowsOf(state, groupOf(group));
  const worst = [...rows].sort((a, b) => loo.k[b] - loo.k[a]).slice(0, WORST);
  const k = Float64Array.from(rows, (i) => loo.k[i]).filter(Number.isFinite);
  const [low, high] = extentOf(k);
  const edges = binsFor(Math.min(0, low), Math.max(1, high), 0.05);
  return {
    kind: 'loo',
    loo: report.loo,
    worst: worst.map((i) => ({ row: data.rows.fileRow[i], group: design.groups[data.rows.group[i]], k: loo.k[i], elpd: loo.elpd[i] })),
    k: histogramBetween(k, edges.lower, edges.lower + edges.bins * edges.width, edges.bins),
  };
}
