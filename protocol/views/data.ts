/** The data before any model. */
import type { GroupedHistogram, ShownRows } from './parts.ts';

/** The response, by group. */
export interface ResponseHistogram {
  readonly kind: 'response_histogram';
  readonly column: string;
  readonly histogram: GroupedHistogram;
}

/** Every pair of columns. */
export interface PairPlot {
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
  readonly rows: ShownRows;
}

/** Where cells are present, missing, and not applicable. */
export interface DataMap {
  readonly kind: 'data_map';
  readonly groups: readonly string[];
  readonly groupRows: readonly number[];
  readonly covariates: readonly string[];
  /** groups × covariates, row-major. */
  readonly mask: Uint8Array;
  readonly present: Uint32Array;
  readonly missing: Uint32Array;
}
