/** The model held against the rows it was fitted to. */

import type { RootogramReport } from '../../core/posterior/check/rootogram.ts';
import type { LooReport, PredictiveCheckReport } from '../../core/posterior/report.ts';
import type { Curve, HistogramBins, ShownRows } from './parts.ts';

/** The response as observed, as predicted, and as replicated, in bins. */
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

/** The observed density among those of replicated data sets. */
export interface DensityOverlay {
  readonly kind: 'density_overlay';
  readonly observed: Curve;
  readonly replicated: readonly Curve[];
  readonly rows: number;
}

/** The predictive interval of each row. */
export interface RowIntervals {
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
  readonly rows: ShownRows;
}

/** Observed less predicted mean. */
export interface Residuals {
  readonly kind: 'residuals';
  readonly mean: Float64Array;
  readonly residual: Float64Array;
  readonly group: Uint16Array;
  readonly groups: readonly string[];
  readonly rows: ShownRows;
}

/** Each row’s place among its predictions, itself left out. */
export interface Pit {
  readonly kind: 'pit';
  readonly counts: readonly number[];
  /** 90 % of a bin's counts lie from here to there where the model is right. */
  readonly lower: number;
  readonly upper: number;
  /** Whether the whole distribution stays in its 95 % band. */
  readonly within: boolean;
  readonly rows: number;
}

/** The rows that the fit hangs on. */
export interface LooView {
  readonly kind: 'loo';
  readonly loo: LooReport | null;
  /** The 0-based file rows with the largest Pareto k. */
  readonly worst: readonly { readonly row: number; readonly group: string; readonly k: number; readonly elpd: number }[];
  readonly k: HistogramBins | null;
}

/** Statistics of the observed rows among those of replicated data sets. */
export interface ReplicatedStatistics {
  readonly kind: 'statistics';
  readonly statistics: readonly ReplicatedStatistic[];
  /** Replicated data sets that the histograms count. */
  readonly sets: number;
  readonly rows: ShownRows;
}

export type ReplicatedStatistic = PredictiveCheckReport['statistics'][number] & { readonly histogram: HistogramBins };

/** How often each count occurs, observed and replicated. */
export interface RootogramView {
  readonly kind: 'rootogram';
  /** `null` when the response is no count. */
  readonly rootogram: RootogramReport | null;
  readonly rows: ShownRows;
}
