/**
 * What a picture or a what-if asks of a kept fit, and what it gets: a closed union with one `kind` a view.
 * Answers hold summaries (bins, quantiles, thinned points: at most about 2,000 marks), never all draws.
 * They cross a JSON channel that keeps typed arrays: NaN is legal in a Float64Array only, user names are never keys.
 */
import { finite, type Guard, listOf, object, oneOf, orNull, pairOf, positive, text, whole } from './guard.ts';
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

/** A question by what it asks beside its kind, and its answer, which has the same kind. */
interface Question<Asks, Answer> {
  readonly asks: Asks;
  readonly answer: Answer;
}

type Nothing = Readonly<Record<never, never>>;
type OfGroup = { readonly group: string | null };
type OfParameter = { readonly parameter: string };

/** Every question that may be asked of a fit. `engine/views/answer.ts` has a function for each. */
export interface Views {
  /** All that a page must have of a fit to show it: UTF-8 of the JSON of `PackedResults`. */
  readonly results: Question<Nothing, { readonly kind: 'results'; readonly content: Uint8Array }>;
  readonly structure: Question<Nothing, Structure>;
  readonly response_histogram: Question<{ readonly width: number | null; readonly groups: readonly string[] | null }, ResponseHistogram>;
  readonly pair_plot: Question<{ readonly columns: readonly string[] | null; readonly groups: readonly string[] | null }, PairPlot>;
  readonly data_map: Question<Nothing, DataMap>;
  readonly inputs: Question<{ readonly group: string }, Inputs>;
  readonly whatif: Question<{ readonly group: string; readonly at: Values; readonly bins: number }, WhatIf>;
  readonly scenarios: Question<{ readonly a: Scenario; readonly b: Scenario; readonly bins: number }, ScenarioPair>;
  readonly conditional: Question<
    { readonly covariate: string; readonly groups: readonly string[]; readonly at: Values },
    ConditionalEffects
  >;
  readonly observed_predicted: Question<{ readonly width: number | null; readonly group: string | null }, ObservedPredicted>;
  readonly density_overlay: Question<OfGroup, DensityOverlay>;
  readonly row_intervals: Question<OfGroup, RowIntervals>;
  readonly residuals: Question<OfGroup, Residuals>;
  readonly pit: Question<OfGroup, Pit>;
  readonly loo: Question<OfGroup, LooView>;
  readonly statistics: Question<OfGroup, ReplicatedStatistics>;
  readonly rootogram: Question<OfGroup, RootogramView>;
  readonly trace: Question<OfParameter, Trace>;
  readonly ranks: Question<OfParameter, Ranks>;
  readonly autocorrelation: Question<OfParameter, Autocorrelation>;
  readonly ess_growth: Question<OfParameter, EssGrowth>;
  readonly energy: Question<Nothing, Energy>;
  readonly tree_depth: Question<Nothing, TreeDepth>;
  readonly densities: Question<{ readonly parameters: readonly string[] }, Densities>;
  readonly pair: Question<{ readonly x: string; readonly y: string }, Pair>;
  readonly contrast: Question<{ readonly a: string; readonly b: string }, Contrast>;
  readonly shrinkage: Question<{ readonly term: string }, Shrinkage>;
  readonly compare: Question<{ readonly others: readonly string[] }, Comparison>;
}

export type ViewKind = keyof Views;

/** A question with its kind. */
export type RequestOf<K extends ViewKind> = { readonly kind: K } & Views[K]['asks'];
export type ViewRequest = { [K in ViewKind]: RequestOf<K> }[ViewKind];

/** The answer that belongs to a question. */
export type ViewOf<K extends ViewKind> = Views[K]['answer'];
export type ViewResponse = ViewOf<ViewKind>;

/** More bins are no picture. */
const MOST_BINS = 1_000;

const names = listOf(text);
const values = listOf(pairOf(text, finite));
const group = orNull(text);
/** A scenario, as a webview sends it. */
export const isScenario: Guard<Scenario> = object<Scenario>({ name: orNull(text), group: text, at: values });
const bins = whole(1, MOST_BINS);

/** What each question may hold, as a webview, which may be anybody, sends it. */
export const isViewRequest: Guard<ViewRequest> = oneOf<ViewRequest>({
  results: {},
  structure: {},
  response_histogram: { width: orNull(positive), groups: orNull(names) },
  pair_plot: { columns: orNull(names), groups: orNull(names) },
  data_map: {},
  inputs: { group: text },
  whatif: { group: text, at: values, bins },
  scenarios: { a: isScenario, b: isScenario, bins },
  conditional: { covariate: text, groups: names, at: values },
  observed_predicted: { width: orNull(positive), group },
  density_overlay: { group },
  row_intervals: { group },
  residuals: { group },
  pit: { group },
  loo: { group },
  statistics: { group },
  rootogram: { group },
  trace: { parameter: text },
  ranks: { parameter: text },
  autocorrelation: { parameter: text },
  ess_growth: { parameter: text },
  energy: {},
  tree_depth: {},
  densities: { parameters: names },
  pair: { x: text, y: text },
  contrast: { a: text, b: text },
  shrinkage: { term: text },
  compare: { others: names },
});
