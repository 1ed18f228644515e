/**
 * What the model's covariates come to within each group: indicators, products and transforms, which the profile of the columns cannot
 * tell. Plain data; the reader of the data makes them, the rules read them.
 */

/** A covariate's values in a group, over the rows that have all its cells. */
export interface SlopeFacts {
  readonly count: number;
  /** NaN where there is no row. */
  readonly min: number;
  readonly max: number;
}

export interface DerivedFacts {
  /** `slopeKey` of each slope. */
  readonly slopes: readonly string[];
  /** By group; a slope's facts by its place in `slopes`. */
  readonly groups: ReadonlyMap<string, readonly SlopeFacts[]>;
  /** Correlations of every pair i < j within a group, packed row by row, over the rows that have both; `null` of very many slopes. */
  readonly correlations: ReadonlyMap<string, readonly number[]> | null;
}
