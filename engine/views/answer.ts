/** One question about a kept fit → its answer. Pure; a question that cannot be answered throws a `ViewError`. */
import type { RequestOf, ViewKind, ViewOf } from '../../protocol/views.ts';
import { compareView, type NamedState } from './compare.ts';
import { dataMap, pairPlot, responseHistogram } from './data.ts';
import { contrastView, densitiesView, pairView, shrinkageView } from './posterior.ts';
import {
  densityOverlayView,
  looView,
  observedPredictedView,
  pitView,
  residualsView,
  rootogramView,
  rowIntervalsView,
  statisticsView,
} from './predictive.ts';
import { packResults } from './results.ts';
import { energyView, treeDepthView } from './sampler.ts';
import { autocorrelationView, essGrowthView, ranksView, traceView } from './sampling.ts';
import type { ViewState } from './state.ts';
import { structureView } from './structure.ts';
import { conditionalView, inputsView, scenariosView, whatifView } from './whatif.ts';

/** What a question is about. */
interface Asked {
  readonly state: ViewState;
  readonly self: Pick<NamedState, 'fit' | 'title'>;
  readonly others: (fit: string) => NamedState | undefined;
}

type Answers = { readonly [K in ViewKind]: (asked: Asked, request: RequestOf<K>) => ViewOf<K> };

const ANSWERS: Answers = {
  results: ({ state }) => ({ kind: 'results', content: packResults(state) }),
  structure: ({ state }) => structureView(state),
  response_histogram: ({ state }, request) => responseHistogram(state, request),
  pair_plot: ({ state }, request) => pairPlot(state, request),
  data_map: ({ state }) => dataMap(state),
  inputs: ({ state }, { group }) => inputsView(state, group),
  whatif: ({ state }, { group, at, bins }) => whatifView(state, group, at, bins),
  scenarios: ({ state }, { a, b, bins }) => scenariosView(state, a, b, bins),
  conditional: ({ state }, { covariate, groups, at }) => conditionalView(state, covariate, groups, at),
  observed_predicted: ({ state }, { width, group }) => observedPredictedView(state, width, group),
  density_overlay: ({ state }, { group }) => densityOverlayView(state, group),
  row_intervals: ({ state }, { group }) => rowIntervalsView(state, group),
  residuals: ({ state }, { group }) => residualsView(state, group),
  pit: ({ state }, { group }) => pitView(state, group),
  loo: ({ state }, { group }) => looView(state, group),
  statistics: ({ state }, { group }) => statisticsView(state, group),
  rootogram: ({ state }, { group }) => rootogramView(state, group),
  trace: ({ state }, { parameter }) => traceView(state, parameter),
  ranks: ({ state }, { parameter }) => ranksView(state, parameter),
  autocorrelation: ({ state }, { parameter }) => autocorrelationView(state, parameter),
  ess_growth: ({ state }, { parameter }) => essGrowthView(state, parameter),
  energy: ({ state }) => energyView(state),
  tree_depth: ({ state }) => treeDepthView(state),
  densities: ({ state }, { parameters }) => densitiesView(state, parameters),
  pair: ({ state }, { x, y }) => pairView(state, x, y),
  contrast: ({ state }, { a, b }) => contrastView(state, a, b),
  shrinkage: ({ state }, { term }) => shrinkageView(state, term),
  compare: ({ state, self, others }, request) => compareView([{ ...self, state }, ...request.others.flatMap((fit) => others(fit) ?? [])]),
};

/** @param others Kept fits by their ids, for Compare; those that are gone are left out. */
export function answerView<K extends ViewKind>(
  request: RequestOf<K>,
  state: ViewState,
  self: Asked['self'],
  others: Asked['others'],
): ViewOf<K> {
  return (ANSWERS[request.kind] as Answers[K])({ state, self, others }, request);
}
