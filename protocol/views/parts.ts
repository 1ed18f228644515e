/** What many answers are made of: histograms, curves, covariate values. */

/** Covariate values by name, as pairs: names come from the user. A text covariate takes a level. */
export type Values = readonly (readonly [name: string, value: number | string])[];

export interface Scenario {
  readonly name: string | null;
  readonly group: string;
  readonly at: Values;
}

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

/** How many of the rows that were used a picture shows. */
export interface ShownRows {
  readonly shown: number;
  readonly used: number;
}
