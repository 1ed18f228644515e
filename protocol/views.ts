/**
 * What a picture or a what-if asks of a kept fit, and what it gets: a closed union with one `kind` a view.
 * Answers hold summaries (bins, quantiles, thinned points: at most about 2,000 marks), never all draws.
 */
import type { FitReport, Predictive } from '../core/posterior/report.ts';

export type ViewRequest =
  | { readonly kind: 'report' }
  | { readonly kind: 'whatif'; readonly group: string; readonly at: Readonly<Record<string, number>>; readonly bins: number };

export interface HistogramBins {
  /** counts.length + 1 equally spaced edges from lower to upper. */
  readonly lower: number;
  readonly upper: number;
  readonly counts: readonly number[];
}

export type ViewResponse =
  | { readonly kind: 'report'; readonly report: FitReport }
  | {
      readonly kind: 'whatif';
      readonly predictive: Predictive;
      readonly mu: Predictive;
      readonly histogram: HistogramBins;
      readonly ignored: readonly string[];
    };

/** The answer that belongs to a request. */
export type ViewOf<K extends ViewRequest['kind']> = Extract<ViewResponse, { readonly kind: K }>;
