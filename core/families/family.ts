/**
 * What a family is to the rest of the program: one record holds all that is its own, and nothing else compares families by name. The records
 * are in `index.ts`; CONTRIBUTING.md says how to add one.
 */
import type { ColumnProfile } from '../data/profile.ts';
import type { Rows } from '../data/table.ts';
import type { KernelName } from '../kernels/kernels.ts';
import type { Rng } from '../math/rng.ts';
import type { Family, OwnKey, Prior } from '../spec/types.ts';

/** The family's own parameters, in the order of `FamilyRecord.own`. */
export type Own = Float64Array | readonly number[];

/** What a row's distribution needs besides its linear predictor; a family reads only its own. */
export interface RowAuxiliary {
  /** Binomial. */
  readonly trials: number;
  /** Gaussian and Student-t: `scale`, or the row's `se`. */
  readonly scale: number;
  readonly own: Own;
}

/** The derivatives of one row's log likelihood. */
export interface Score {
  /** In the linear predictor. */
  eta: number;
  /** In log scale. */
  logScale: number;
  /** In each of the family's own parameters. */
  readonly own: Float64Array;
}

/** One row's distribution. */
export interface RowDistribution {
  /** Whether responses are whole numbers. */
  readonly discrete: boolean;
  readonly link: 'identity' | 'logit' | 'log';
  /** log p(y | eta) with all its constants, as Stan defines it; −Infinity for a y that cannot be. `eta` includes the offset. */
  logLikelihood(y: number, eta: number, aux: RowAuxiliary): number;
  /** Writes its derivatives, for a y that can be. */
  score(y: number, eta: number, aux: RowAuxiliary, out: Score): void;
  /** −d²/d eta² where that is positive whatever y, else its expectation. */
  information(y: number, eta: number, aux: RowAuxiliary): number;
  /** The expected information about log scale of rows of this weight; 0 where there is none. */
  scaleInformation(weight: number, own: Own): number;
  /** The linear predictor on the scale of a mean or a chance: identity, logistic or exp. */
  inverseLink(eta: number): number;
  /** E[y]: the inverse link, times the trials for a binomial. For a Student-t its centre, also where nu ≤ 1. */
  mean(eta: number, aux: RowAuxiliary): number;
  /** var y; Infinity for a Student-t with nu ≤ 2. */
  variance(eta: number, aux: RowAuxiliary): number;
  /** A response. */
  draw(rng: Rng, eta: number, aux: RowAuxiliary): number;
  /** P(Y ≤ y). */
  cdf(y: number, eta: number, aux: RowAuxiliary): number;
  /**
   * Whether the log likelihood is concave in eta whatever the own parameters are, and no scale is sampled beside it: there is then one mode of the coefficients.
   * `false` for the Gaussian, concave in eta though it is: its scale makes several modes possible.
   */
  readonly logConcave: boolean;
  /** Which way eta may run without the likelihood of y falling: up (1), down (−1), or neither (0). NaN: the row says nothing. */
  freeSide(y: number, trials: number): number;
}

/** A density of z = (y − eta) / scale: log p = height(own) − log scale − fall(z², own). */
export interface Located {
  height(own: Own): number;
  fall(square: number, own: Own): number;
}

/** A row at all draws of a fit, with what does not change between draws taken out of the loop; nothing here decides draws. */
export interface ManyDraws {
  /** Writes log p(y | eta) for every eta; false, and nothing written, where the row's own function is to be used. */
  logLikelihood(y: number, trials: number, eta: Float64Array, out: Float64Array): boolean;
  /** Writes mean and variance of the response for every eta. */
  moments(trials: number, eta: Float64Array, mean: Float64Array, variance: Float64Array): void;
}

/** The rows of one group as a kernel reads them, after merging; arrays have one entry a row. */
export interface KernelColumns {
  /** Added to the linear predictor. */
  readonly offset: Float64Array | null;
  readonly first: Float64Array | null;
  readonly second: Float64Array | null;
}

/** A set of equal rows: `slot[i]` says to which of `count` sets row `list[i]` belongs, `representative` has a row of each. */
export interface MergedRows {
  readonly list: Int32Array;
  readonly slot: Int32Array;
  readonly count: number;
  readonly representative: Int32Array;
}

/** Totals over the rows, which a likelihood by kernel keeps. */
export interface RowTotals {
  /** Σ w by group. */
  readonly weights: Float64Array;
  /** Σ w y over all. */
  readonly weightedY: number;
  /** Positive responses with their total weights, for sums over Γ functions; empty unless `KernelForm.tally`. */
  readonly tally: { readonly y: Float64Array; readonly weight: Float64Array };
}

/** How a family's rows are summed by a compiled kernel, which leaves `SUMS` sums a group and products X'r by cell. */
export interface KernelForm {
  /** @param ones whether `first` is absent or 1 in every row. */
  kernel(ones: boolean): KernelName;
  /** What must be equal for rows to merge, besides the active x. */
  keys(rows: Rows): Float64Array[];
  /** What equal rows add up to. */
  columns(rows: Rows, merged: MergedRows): KernelColumns;
  /** What a row of weight w adds to the log likelihood that depends on neither coefficients nor parameters. */
  constant(rows: Rows, i: number, w: number): number;
  /** Whether `RowTotals.tally` is needed. */
  readonly tally: boolean;
  /** The information about the linear predictor of row i of a group. */
  information(columns: KernelColumns, i: number, eta: number, scale: number, own: Own): number;
  /** From the kernel's sums to the log likelihood. */
  readonly finish: CanonicalFinish | LocatedFinish;
}

/** log p = y eta − (the kernel's first sum) + `own`: what is linear in the coefficients is kept outside the kernel. */
export interface CanonicalFinish {
  readonly kind: 'canonical';
  /** What own parameters bring beside the sums; writes their derivatives. */
  own(totals: RowTotals, sums: Float64Array, own: Own, gradient: Float64Array): number;
}

/** The kernel sums functions of z = (y − eta) / scale. */
export interface LocatedFinish {
  readonly kind: 'located';
  /** `constant` plus what the sums say; writes d/d log scale by group, and the own parameters' derivatives. */
  total(constant: number, totals: RowTotals, sums: Float64Array, parameters: FamilyParameters, out: FamilyGradient): number;
  /** The gradient by cell is this many times the kernel's products. */
  factor(own: Own): number;
}

/** The family's parameters on their natural scales. */
export interface FamilyParameters {
  /** One a group (all equal when the scale is shared); 1 where there is none. */
  readonly scale: Float64Array;
  readonly own: Float64Array;
}

/** Derivatives with respect to them. */
export interface FamilyGradient {
  /** d/d log scale, one a group. */
  readonly logScale: Float64Array;
  readonly own: Float64Array;
}

/** A parameter of the family's own: always positive, one for all groups. */
export interface OwnParameter {
  /** Its name, and its key in `priors`. */
  readonly key: OwnKey;
  /** What it is, as the end of "the prior of …". */
  readonly description: string;
  /** What `"auto"` stands for. */
  readonly prior: Prior;
  /** The distribution that the likelihood tends to as the parameter grows, so that a flat prior is improper. */
  readonly limit: string;
}

/** Parts of the response beside its column, transform and weights. */
export const RESPONSE_PARTS = ['trials', 'exposure', 'se'] as const;
export type ResponsePart = (typeof RESPONSE_PARTS)[number];

/** What a response cannot be. */
export interface SupportFault {
  /** The bound that is passed, or `fraction` for a value between whole numbers. */
  readonly kind: 'min' | 'max' | 'fraction';
  /** What the family needs, as the end of a sentence: "it needs …". */
  readonly needs: string;
}

export interface FamilyRecord extends RowDistribution {
  readonly name: Family;
  /** Other words for it: lower case, letters and digits only. */
  readonly synonyms: readonly string[];
  /** One line for schema, completion and hovers. */
  readonly description: string;
  /** The parts of the response that it takes. */
  readonly parts: readonly ResponsePart[];
  /** A part that it cannot do without. */
  readonly required: ResponsePart | null;
  /** Responses are measured, not counted: there is a scale (unless `se`), and a transform of the response makes sense. */
  readonly measured: boolean;
  /** Responses may be text, of two levels, failure first; absent: only numbers. */
  readonly texts?: 'two';
  readonly own: readonly OwnParameter[];
  /** Whether responses are counts, which pictures show as bars; `severalTrials`: some row has more than one. */
  counts(severalTrials: boolean): boolean;
  /** The family for counts that vary more than this one's can; `null`: none, or nothing to vary. */
  readonly moreVariable: Family | null;
  /** The first thing about a column of responses that cannot be; `trials`: the most there are. */
  fault(column: ColumnProfile, trials: number): SupportFault | null;
  /** The linear predictor at a response's mean, for the automatic prior of the intercept. */
  centre(responseMean: number, exposureMean: number): number;
  /** How many draws at once are computed; both `null`: one draw at a time. */
  readonly located: Located | null;
  readonly many: ManyDraws | null;
  /** How its likelihood is computed: from sums over a group (`statistics`, for a normal response), by a compiled kernel, or row by row. */
  readonly likelihood: 'statistics' | KernelForm | 'plain';
  /** `mu[i]`, with SCALE and TRIALS to be filled in. */
  readonly notation: { readonly distribution: string; readonly predictor: string };
}
