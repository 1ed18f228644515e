/**
 * What a picture or a what-if asks of a kept fit, and what it gets: a closed union with one `kind` a view.
 * Answers hold summaries (bins, quantiles, thinned points: at most about 2,000 marks), never all draws.
 * They cross a JSON channel that keeps typed arrays: NaN is legal in a Float64Array only, user names are never keys.
 */
import type { FitReport, LooReport, ParameterSummary, Predictive } from '../core/posterior/report.ts';
import type { Family } from '../core/spec/types.ts';

/** Covariate values by name, as pairs: names come from the user. */
export type Values = readonly (readonly [name: string, value: number])[];

export interface Scenario {
  readonly name: string | null;
  readonly group: string;
  readonly at: Values;
}

export type ViewRequest =
  | { readonly kind: 'report' }
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

export interface HistogramBins {
  /** counts.length + 1 equally spaced edges from lower to upper. */
  readonly lower: number;
  readonly upper: number;
  readonly counts: readonly number[];
}

/** Several histograms on the same edges: `lower + k × width`. */
export interface GroupedHistogram {
  readonly lower: number;
  readonly width: number;
  readonly bins: number;
  readonly series: readonly { readonly name: string; readonly counts: readonly number[] }[];
  /** Groups beyond the ones shown, added up in a last series of this name; `null` when all are shown. */
  readonly others: string | null;
}

/** A curve on equally spaced points from lower to upper. */
export interface Curve {
  readonly lower: number;
  readonly upper: number;
  readonly values: Float64Array;
}

export interface TermView {
  readonly name: string;
  readonly kind: 'intercept' | 'slope';
  readonly pooling: 'none' | 'partial' | 'complete';
  /** As the spec would write them, automatic ones as numbers. */
  readonly prior: string;
  readonly sd: string | null;
  readonly auto: boolean;
}

/** What the panel must know of the model to lay out its tables and pickers. */
export interface Structure {
  readonly kind: 'structure';
  readonly response: string;
  readonly family: Family;
  readonly groupColumn: string | null;
  readonly groups: readonly string[];
  /** Rows used in each group. */
  readonly groupRows: readonly number[];
  readonly terms: readonly TermView[];
  /** groups × terms, row-major: 1 where the coefficient exists. */
  readonly mask: Uint8Array;
  /** Aligned with `FitReport.parameters`: kind, and index into `terms` and `groups` or −1. */
  readonly parameters: readonly {
    readonly kind: 'alpha' | 'w' | 'scale' | 'mu' | 'tau' | 'nu' | 'shape';
    readonly term: number;
    readonly group: number;
  }[];
  /** The model in statistical notation, a line each, plain text. */
  readonly formulas: readonly string[];
  /** The plate diagram for Graphviz. */
  readonly dot: string;
  /** Covariates that a prediction takes, in order. */
  readonly covariates: readonly string[];
  /** The spec's predictions, aligned with `FitReport.predictions`. */
  readonly predictions: readonly Scenario[];
}

/** One number that a prediction for a group takes. */
export interface InputRange {
  readonly name: string;
  /** Why it cannot be set, as a sentence; `null` when it can. */
  readonly masked: string | null;
  /** Over the group's own cells, else over the whole column. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly integer: boolean;
}

export interface DrawsView {
  readonly parameter: string;
  readonly summary: ParameterSummary;
}

export interface DensityView {
  readonly parameter: string;
  readonly summary: ParameterSummary;
  readonly posterior: Curve;
  /** `null` where the prior has no density of its own: partial pooling, flat. */
  readonly prior: Curve | null;
}

export interface ObservedPredicted {
  readonly kind: 'observed_predicted';
  readonly lower: number;
  readonly width: number;
  readonly observed: readonly number[];
  /** Rows whose predictive mean falls into the bin. */
  readonly predicted: readonly number[];
  /** Rows in the bin in replicated data sets: their 5 % and 95 % quantiles. */
  readonly replicatedLower: readonly number[];
  readonly replicatedUpper: readonly number[];
  readonly rows: number;
  /** Correlation of observed and predicted mean, and their root mean squared difference. */
  readonly correlation: number | null;
  readonly rmse: number;
}

export type ViewResponse =
  | { readonly kind: 'report'; readonly report: FitReport }
  | Structure
  | { readonly kind: 'response_histogram'; readonly column: string; readonly histogram: GroupedHistogram }
  | {
      readonly kind: 'pair_plot';
      readonly columns: readonly string[];
      /** Columns that could be shown. */
      readonly available: readonly string[];
      readonly groups: readonly string[];
      /** Index into `groups` of each row shown. */
      readonly group: Uint16Array;
      /** One a column, NaN where masked. */
      readonly values: readonly Float64Array[];
      /** One a column, for the diagonal. */
      readonly histograms: readonly GroupedHistogram[];
      readonly rows: { readonly shown: number; readonly used: number };
    }
  | {
      readonly kind: 'data_map';
      readonly groups: readonly string[];
      readonly groupRows: readonly number[];
      readonly covariates: readonly string[];
      /** groups × covariates, row-major. */
      readonly mask: Uint8Array;
      readonly present: Uint32Array;
      readonly missing: Uint32Array;
    }
  | { readonly kind: 'inputs'; readonly group: string; readonly inputs: readonly InputRange[] }
  | {
      readonly kind: 'whatif';
      readonly predictive: Predictive;
      readonly mu: Predictive;
      readonly histogram: HistogramBins;
      readonly ignored: readonly string[];
    }
  | {
      readonly kind: 'scenarios';
      readonly a: Predictive;
      readonly b: Predictive;
      readonly difference: Predictive;
      /** Of a new observation, and of the mean, in a against b. */
      readonly probability: number;
      readonly probabilityMu: number;
      readonly histogram: HistogramBins;
    }
  | {
      readonly kind: 'conditional';
      readonly covariate: string;
      readonly curves: readonly {
        readonly group: string;
        readonly masked: boolean;
        readonly x: Float64Array;
        readonly mean: Float64Array;
        readonly lower: Float64Array;
        readonly upper: Float64Array;
      }[];
    }
  | ObservedPredicted
  | { readonly kind: 'density_overlay'; readonly observed: Curve; readonly replicated: readonly Curve[]; readonly rows: number }
  | {
      readonly kind: 'row_intervals';
      /** Sorted by observed value; thinned. */
      readonly observed: Float64Array;
      readonly mean: Float64Array;
      readonly lower: Float64Array;
      readonly upper: Float64Array;
      readonly group: Uint16Array;
      readonly groups: readonly string[];
      readonly prob: number;
      /** Share of all rows whose observation lies in its interval. */
      readonly coverage: number;
      readonly rows: { readonly shown: number; readonly used: number };
    }
  | {
      readonly kind: 'residuals';
      readonly mean: Float64Array;
      readonly residual: Float64Array;
      readonly group: Uint16Array;
      readonly groups: readonly string[];
      readonly rows: { readonly shown: number; readonly used: number };
    }
  | {
      readonly kind: 'pit';
      readonly counts: readonly number[];
      /** 90 % of a bin's counts lie from here to there where the model is right. */
      readonly lower: number;
      readonly upper: number;
      /** Whether the whole distribution stays in its 95 % band. */
      readonly within: boolean;
      readonly rows: number;
    }
  | {
      readonly kind: 'loo';
      readonly loo: LooReport | null;
      /** The 0-based file rows with the largest Pareto k. */
      readonly worst: readonly { readonly row: number; readonly group: string; readonly k: number; readonly elpd: number }[];
      readonly k: HistogramBins | null;
    }
  | {
      readonly kind: 'trace';
      readonly draws: DrawsView;
      /** Index of the draw within its chain, of each point. */
      readonly iteration: Uint32Array;
      /** One a chain. Every shown point is a mean over `stride` draws with their smallest and largest. */
      readonly chains: readonly { readonly mean: Float64Array; readonly lower: Float64Array; readonly upper: Float64Array }[];
      readonly stride: number;
      /** Iterations that diverged, thinned to 200. */
      readonly divergent: readonly { readonly chain: number; readonly iteration: number; readonly value: number }[];
    }
  | {
      readonly kind: 'ranks';
      readonly draws: DrawsView;
      readonly bins: number;
      readonly counts: readonly (readonly number[])[];
      readonly expected: number;
      readonly lower: number;
      readonly upper: number;
    }
  | { readonly kind: 'autocorrelation'; readonly draws: DrawsView; readonly chains: readonly Float64Array[] }
  | {
      readonly kind: 'ess_growth';
      readonly draws: DrawsView;
      /** Draws of all chains together. */
      readonly total: readonly number[];
      readonly bulk: readonly (number | null)[];
      readonly tail: readonly (number | null)[];
      readonly wanted: number;
    }
  | {
      readonly kind: 'energy';
      readonly lower: number;
      readonly width: number;
      readonly marginal: readonly number[];
      readonly transition: readonly number[];
      readonly bfmi: readonly number[];
    }
  | {
      readonly kind: 'tree_depth';
      readonly depths: readonly number[];
      readonly chains: readonly (readonly number[])[];
      readonly hits: number;
    }
  | { readonly kind: 'densities'; readonly densities: readonly DensityView[] }
  | {
      readonly kind: 'pair';
      readonly x: string;
      readonly y: string;
      readonly points: { readonly x: Float64Array; readonly y: Float64Array; readonly divergent: Uint8Array };
      readonly correlation: number | null;
      readonly draws: { readonly shown: number; readonly all: number };
    }
  | {
      readonly kind: 'contrast';
      readonly a: string;
      readonly b: string;
      readonly difference: Predictive;
      readonly probability: number;
      readonly density: Curve;
    }
  | {
      readonly kind: 'shrinkage';
      readonly term: string;
      readonly groups: readonly string[];
      readonly rows: readonly number[];
      /** Each group's coefficient as its rows alone would have it (least squares), NaN where they cannot say. */
      readonly alone: Float64Array;
      readonly pooled: Float64Array;
      readonly population: number;
    }
  | { readonly kind: 'compare'; readonly fits: readonly ComparedFit[] };

export interface ComparedFit {
  readonly fit: string;
  readonly title: string;
  readonly report: FitReport;
  /** Against the best fit, over the same rows; `null` when one has no LOO or the rows differ. */
  readonly difference: { readonly elpd: number; readonly se: number } | null;
  readonly weight: number | null;
}

/** The answer that belongs to a request. */
export type ViewOf<K extends ViewRequest['kind']> = Extract<ViewResponse, { readonly kind: K }>;
