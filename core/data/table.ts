/** The data of a fit: rows as columns of numbers, and what sums them up. */
import type { Moments } from './transform.ts';

/** The rows used, in file order, ready for a density. Masked cells hold 0 and are never read. */
export interface Rows {
  /** Rows used. */
  readonly n: number;
  /** Rows in the file after `where`. */
  readonly read: number;
  /** Rows left out by `missing: "drop"`. */
  readonly dropped: number;
  /** Index into `Design.groups`. */
  readonly group: Int32Array;
  /** One column a term; the intercept's is an empty array. */
  readonly x: readonly Float64Array[];
  readonly y: Float64Array;
  /** Binomial. */
  readonly trials: Float64Array | null;
  /** log(exposure), for counts. */
  readonly offset: Float64Array | null;
  readonly se: Float64Array | null;
  readonly weights: Float64Array | null;
  /** 0-based row of the file each used row came from. */
  readonly fileRow: Int32Array;
}

/** How many observations used row `i` stands for: its weight, or 1 where the spec has no weights. */
export const weightOf = (rows: Rows, i: number): number => (rows.weights === null ? 1 : rows.weights[i]);

/**
 * Sufficient statistics of a Gaussian group over its active slopes (the terms with mask 1, intercept left out),
 * accumulated about the group's weighted means. `k` is the number of active slopes.
 */
export interface GroupStatistics {
  readonly rows: number;
  /** Sum of weights: the number of rows when there are none; sum of w / se² under `se`. */
  readonly weight: number;
  /** Sum of −½ log(2π se²) w under `se`, else 0: what a density over rows has and the statistics would lose. */
  readonly constant: number;
  readonly meanY: number;
  /** k weighted means. */
  readonly meanX: Float64Array;
  /** Weighted sum of squares of y about its mean. */
  readonly yy: number;
  /** k weighted cross-products with y. */
  readonly xy: Float64Array;
  /** k × k, row-major, weighted. */
  readonly xx: Float64Array;
  /** Slopes near the least-squares fit of the group alone; sums about it keep the digits of noise that is small beside the signal. */
  readonly fit: Float64Array;
  /** Of the residuals y − x·fit: the mean, the sum of squares about it, and the k cross-products with x, all weighted. */
  readonly residual: { readonly mean: number; readonly squares: number; readonly xy: Float64Array };
}

/** What `center` and `standardize` took off and divided by, by column name (or `productKey`); needed to transform new rows alike. */
export type Standardisation = ReadonlyMap<string, Moments>;
