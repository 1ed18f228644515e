/** What can be saved of a fit. */
import type { Parameter } from '../design/design.ts';
import type { FitReport } from '../posterior/report.ts';
import type { Draws } from '../sampler/types.ts';

/** What of a fit is saved. */
export interface ExportedFit {
  readonly report: FitReport;
  readonly parameters: readonly Parameter[];
  readonly draws: Draws;
}

export interface Format {
  /** As a dialog lists it. */
  readonly title: string;
  /** Of the file, without a dot. */
  readonly extension: string;
  /** What stands after the spec's name in the name of the file that is proposed. */
  readonly suffix: string;
  /** The file's text, in parts. */
  text(fit: ExportedFit): Generator<string>;
}
