/**
 * The model as data: which terms, which groups, which of their products exist, and with which priors.
 * Made from a spec and a data profile by resolve.ts; read by every density, by the plate diagram and by the panel.
 */
import type { Moments } from '../data/transform.ts';
import type {
  DistributionName,
  Family,
  IntervalSpec,
  Method,
  Missing,
  OwnKey,
  Pooling,
  Prior,
  ResponseSpec,
  Transform,
} from '../spec/types.ts';
import type { Outcomes } from './outcome.ts';

/** How a term's values come from the data's columns. A product has two factors or more. */
export interface Factor {
  readonly column: string;
  /** The name of the covariate that declares it; the column's, where a product alone reads it. */
  readonly name: string;
  readonly transform: Transform;
  /** An indicator of this level of a text column, or `null` for the numbers themselves. */
  readonly level: string | null;
  /** All levels of the text column, the reference first; no cell may be another. `null` for numbers. */
  readonly levels: readonly string[] | null;
}

/** The response as the spec has it, with the spellings of its levels where it is text; of its rows level k is the number k. */
export interface ModelResponse extends Omit<ResponseSpec, 'levels'> {
  readonly levels: Outcomes | null;
}

export interface Term {
  /** `alpha`, or the covariate's name as in `w[name, group]`. */
  readonly name: string;
  readonly kind: 'intercept' | 'slope';
  /** Empty for the intercept. */
  readonly factors: readonly Factor[];
  /** Applied to the product of the factors when there are several; each factor carries its own. */
  readonly transform: Transform;
  readonly pooling: Pooling;
  /** Of the coefficient; under partial pooling of the population mean. */
  readonly prior: Prior;
  /** Under partial pooling, of tau. */
  readonly sd: Prior | null;
  /** Whether `prior` and `sd` came from `"auto"`. */
  readonly auto: { readonly prior: boolean; readonly sd: boolean };
  /** Index of the covariate in the spec that the term comes from; −1 for the intercept. */
  readonly covariate: number;
}

export interface Design {
  readonly family: Family;
  readonly response: ModelResponse;
  readonly groupColumn: string | null;
  readonly groups: readonly string[];
  /** Rows of each group in the data; 0 for a group that only the mask names. */
  readonly groupRows: readonly number[];
  /** The intercept first when there is one. */
  readonly terms: readonly Term[];
  /** groups × terms, row-major; 1 where the coefficient exists. */
  readonly mask: Uint8Array;
  /** Gaussian and Student-t without `se`. */
  readonly scale: { readonly prior: Prior; readonly by: 'all' | 'group'; readonly auto: boolean } | null;
  /** The parameters of the family's own, in its order. */
  readonly own: readonly { readonly key: OwnKey; readonly prior: Prior; readonly auto: boolean }[];
  readonly missing: Missing;
  readonly interval: IntervalSpec;
  readonly method: Method;
}

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

/** What `center` and `standardize` took off and divided by, by column name (or `productKey`); needed to transform new rows alike. */
export type Standardisation = ReadonlyMap<string, Moments>;

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

/** Everything a fit knows of its data. `rows` may be a sample when the data are large and the statistics suffice. */
export interface ModelData {
  readonly rows: Rows;
  /** Whether `rows` holds all rows used. */
  readonly complete: boolean;
  /** Rows read and used, even when `rows` is a sample. */
  readonly counts: { readonly read: number; readonly used: number; readonly dropped: number };
  /** One a group, for Gaussian families; else `null`. */
  readonly statistics: readonly GroupStatistics[] | null;
  readonly standardisation: Standardisation;
}

/** One scalar of the posterior. */
export interface Parameter {
  readonly name: string;
  readonly kind: 'alpha' | 'w' | 'scale' | 'mu' | 'tau' | 'own';
  /** Index into `Design.terms`, or −1. */
  readonly term: number;
  /** Index into `Design.groups`, or −1 for a parameter of all groups. */
  readonly group: number;
  /** A structural zero: no draws. */
  readonly masked: boolean;
  /** Row of `Draws.values`, or −1 when masked. */
  readonly index: number;
  /** The prior, for pictures and power-scaling; `null` for a partially pooled coefficient. */
  readonly prior: Prior | null;
}

export type { DistributionName };
