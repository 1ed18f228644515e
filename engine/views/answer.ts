/** One question about a kept fit → its answer. Pure; a question that cannot be answered throws a `ViewError`. */
import { unreachable } from '../../protocol/exhaustive.ts';
import type { ViewRequest, ViewResponse } from '../../protocol/views.ts';
import { autocorrelationView, essGrowthView, ranksView, traceView } from './chains.ts';
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
import type { ViewState } from './state.ts';
import { structureView } from './structure.ts';
import { conditionalView, inputsView, scenariosView, whatifView } from './whatif.ts';

/** @param others Kept fits by their ids, for Compare; those that are gone are left out. */
export function answerView(
  request: ViewRequest,
  state: ViewState,
  self: Pick<NamedState, 'fit' | 'title'>,
  others: (fit: string) => NamedState | undefined,
): ViewResponse {
  switch (request.kind) {
    case 'results':
      return { kind: 'results', content: packResults(state) };
    case 'structure':
      return structureView(state);
    case 'response_histogram':
      return responseHistogram(state, request);
    case 'pair_plot':
      return pairPlot(state, request);
    case 'data_map':
      return dataMap(state);
    case 'inputs':
      return inputsView(state, request.group);
    case 'whatif':
      return whatifView(state, request.group, request.at, request.bins);
    case 'scenarios':
      return scenariosView(state, request.a, request.b, request.bins);
    case 'conditional':
      return conditionalView(state, request.covariate, request.groups, request.at);
    case 'observed_predicted':
      return observedPredictedView(state, request.width, request.group);
    case 'density_overlay':
      return densityOverlayView(state, request.group);
    case 'row_intervals':
      return rowIntervalsView(state, request.group);
    case 'residuals':
      return residualsView(state, request.group);
    case 'pit':
      return pitView(state, request.group);
    case 'loo':
      return looView(state, request.group);
    case 'statistics':
      return statisticsView(state, request.group);
    case 'rootogram':
      return rootogramView(state, request.group);
    case 'trace':
      return traceView(state, request.parameter);
    case 'ranks':
      return ranksView(state, request.parameter);
    case 'autocorrelation':
      return autocorrelationView(state, request.parameter);
    case 'ess_growth':
      return essGrowthView(state, request.parameter);
    case 'energy':
      return energyView(state);
    case 'tree_depth':
      return treeDepthView(state);
    case 'densities':
      return densitiesView(state, request.parameters);
    case 'pair':
      return pairView(state, request.x, request.y);
    case 'contrast':
      return contrastView(state, request.a, request.b);
    case 'shrinkage':
      return shrinkageView(state, request.term);
    case 'compare':
      return compareView([{ ...self, state }, ...request.others.flatMap((fit) => others(fit) ?? [])]);
    default:
      return unreachable(request);
  }
}
