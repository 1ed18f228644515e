/**
 * What a picture or a what-if asks of a kept fit, and what it gets: a closed union with one `kind` a view.
 * Answers hold summaries (bins, quantiles, thinned points: at most about 2,000 marks), never all draws.
 * They cross a JSON channel that keeps typed arrays: NaN is legal in a Float64Array only, user names are never keys.
 */
import type { Comparison } from './views/compare.ts';
import type { DataMap, PairPlot, ResponseHistogram } from './views/data.ts';
import type { Scenario, Values } from './views/parts.ts';
import type { Contrast, Densities, Pair, Shrinkage } from './views/posterior.ts';
import type {
  DensityOverlay,
  LooView,
  ObservedPredicted,
  Pit,
  ReplicatedStatistics,
  Residuals,
  RootogramView,
  RowIntervals,
} from './views/predictive.ts';
import type { Autocorrelation, Energy, EssGrowth, Ranks, Trace, TreeDepth } from './views/sampling.ts';
import type { Structure } from './views/structure.ts';
import type { ConditionalEffects, Inputs, ScenarioPair, WhatIf } from './views/whatif.ts';

export type { Scenario, Values };

export type ViewRequest =
  /** All that a page must have of a fit to show it: UTF-8 of the JSON of `PackedResults`. */
  | { readonly kind: 'results' }
  | { readonly kind: 'structure' }
  | { readonly kind: 'response_histogram'; readonly width: number | null; readonly groups: readonly string[] | null }
  | { readonly kind: 'pair_plot'; readonly columns: readonly string[] | null; readonly groups: readonly string[] | null }
  | { readonly kind: 'data_map' }
  | { readonly kind: 'inputs'; readonly group: string }
  | { readonly kind: 'whatif'; readonly group: string; readonly at: Values; readonly bins: number }
  | { readonly kind: 'scenarios'; readonly a: Scenario; readonly b: Scenario; readonly bins: number }
  | { readonly kind: 'conditional'; readonly covariate: string; readonly groups: readonly string[]; readonly at: Values }
  | { readonly kind: 'observed_predicted'; readonly width: number | null; readonly group: string | null }
  | { readonly kind: 'density_overlay'; readonly group: string | null }
  | { readonly kind: 'row_intervals'; readonly group: string | null }
  | { readonly kind: 'residuals'; readonly group: string | null }
  | { readonly kind: 'pit'; readonly group: string | null }
  | { readonly kind: 'loo'; readonly group: string | null }
  | { readonly kind: 'statistics'; readonly group: string | null }
  | { readonly kind: 'rootogram'; readonly group: string | null }
  | { readonly kind: 'trace'; readonly parameter: string }
  | { readonly kind: 'ranks'; readonly parameter: string }
  | { readonly kind: 'autocorrelation'; readonly parameter: string }
  | { readonly kind: 'ess_growth'; readonly parameter: string }
  | { readonly kind: 'energy' }
  | { readonly kind: 'tree_depth' }
  | { readonly kind: 'densities'; readonly parameters: readonly string[] }
  | { readonly kind: 'pair'; readonly x: string; readonly y: string }
  | { readonly kind: 'contrast'; readonly a: string; readonly b: string }
  | { readonly kind: 'shrinkage'; readonly term: string }
  | { readonly kind: 'compare'; readonly others: readonly string[] };

export type ViewResponse =
  | { readonly kind: 'results'; readonly content: Uint8Array }
  | Structure
  | ResponseHistogram
  | PairPlot
  | DataMap
  | Inputs
  | WhatIf
  | ScenarioPair
  | ConditionalEffects
  | ObservedPredicted
  | DensityOverlay
  | RowIntervals
  | Residuals
  | Pit
  | LooView
  | ReplicatedStatistics
  | RootogramView
  | Trace
  | Ranks
  | Autocorrelation
  | EssGrowth
  | Energy
  | TreeDepth
  | Densities
  | Pair
  | Contrast
  | Shrinkage
  | Comparison;

/** The answer that belongs to a request. */
export type ViewOf<K extends ViewRequest['kind']> = Extract<ViewResponse, { readonly kind: K }>;
