/**
 * The model as data: which terms, which groups, which of their products exist, and with which priors.
 * Made from a spec and a data profile by resolve.ts; read by every density, by the plate diagram and by the panel.
 */
import type { GroupStatistics, Rows, Standardisation } from '../data/table.ts';
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

export type { DistributionName, GroupStatistics, Rows, Standardisation };
