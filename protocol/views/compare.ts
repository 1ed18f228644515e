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
  /** Against the fit on show; `null` for that one itself. */
  readonly changes: SpecChanges | null;
}

/** What is another in a fit's spec, and in how it was run, beside those of the fit on show. */
export interface SpecChanges {
  /** From the spec of the fit on show to this one's; empty when the texts are the same. */
  readonly lines: readonly DiffLine[];
  /** Lines beyond those. */
  readonly more: number;
  /** What both were run with where it differs: the text need not say it. */
  readonly run: readonly { readonly name: string; readonly shown: string; readonly here: string }[];
}

export type DiffLine =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }
  /** Equal lines left out. */
  | { readonly kind: 'gap'; readonly count: number };
