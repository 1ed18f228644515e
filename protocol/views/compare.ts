/** Several fits side by side. */
import type { FitReport } from '../../core/posterior/report.ts';

export interface Comparison {
  readonly kind: 'compare';
  readonly fits: readonly ComparedFit[];
}

export interface ComparedFit {
  readonly fit: string;
  readonly title: string;
  readonly report: FitReport;
  /** Against the best fit, over the same rows; `null` when one has no LOO or the rows differ. */
  readonly difference: { readonly elpd: number; readonly se: number } | null;
  readonly weight: number | null;
}
