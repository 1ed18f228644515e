/**
 * The spec as the rest of the program reads it: defaults filled in, shapes normalised, names still unresolved
 * (whether a column or a group exists is a question for the data, see core/rules).
 */

/** The names of families; what each is stands in core/families. */
export const FAMILIES = ['gaussian', 'student_t', 'bernoulli', 'binomial', 'poisson', 'negative_binomial'] as const;
export type Family = (typeof FAMILIES)[number];

/** Keys in `priors` of the parameters that some families have of their own. */
export const OWN_KEYS = ['nu', 'shape'] as const;
export type OwnKey = (typeof OWN_KEYS)[number];
export const isOwnKey = (key: string): key is OwnKey => (OWN_KEYS as readonly string[]).includes(key);

export const POOLINGS = ['none', 'partial', 'complete'] as const;
export type Pooling = (typeof POOLINGS)[number];

export const TRANSFORMS = ['none', 'log', 'log10', 'log1p', 'sqrt', 'square', 'center', 'standardize'] as const;
export type Transform = (typeof TRANSFORMS)[number];

export const MISSINGS = ['error', 'drop', 'zero', 'impute'] as const;
export type Missing = (typeof MISSINGS)[number];

export const METHODS = ['auto', 'nuts', 'collapsed'] as const;
export type Method = (typeof METHODS)[number];

export const DISTRIBUTIONS = [
  'normal',
  'student_t',
  'cauchy',
  'laplace',
  'uniform',
  'flat',
  'half_normal',
  'half_student_t',
  'half_cauchy',
  'exponential',
  'gamma',
  'inverse_gamma',
  'lognormal',
] as const;
export type DistributionName = (typeof DISTRIBUTIONS)[number];

/** A prior with its arguments in Stan's parametrisation, in the order of the prior string. */
export interface Distribution {
  readonly dist: DistributionName;
  readonly args: readonly number[];
}

/** A parameter that is fixed at a number instead of being sampled. */
export interface Fixed {
  readonly fixed: number;
}

/** A prior whose numbers are known. */
export type Prior = Distribution | Fixed;

/** A value for each parameter that some family has of its own. */
export const ownPriors = <T>(of: (key: OwnKey) => T): Record<OwnKey, T> =>
  Object.fromEntries(OWN_KEYS.map((key) => [key, of(key)])) as Record<OwnKey, T>;

/** A prior as the spec gives it: `auto` is resolved from the data's scale (core/design/resolve.ts). */
export type PriorChoice = Prior | 'auto';

export const ENCODINGS = ['utf-8', 'utf-16', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export const DATE_UNITS = ['days', 'hours', 'seconds'] as const;
export type DateUnit = (typeof DATE_UNITS)[number];

/** How a file writes its cells (core/data/cells.ts says what they are then). */
export interface CellRules {
  readonly decimal: '.' | ',';
  /** What parts thousands; a space stands for no-break spaces, too. `null`: nothing does. */
  readonly thousands: string | null;
  /** The spellings of an empty cell, beside nothing at all; `null`: NA, N/A, NaN and null, in any case. */
  readonly na: readonly string[] | null;
}

/** How a data file is to be read, beside its delimiter. */
export interface ReaderSettings extends CellRules {
  /** One ASCII character; from it to the end of the line is no data. */
  readonly comment: string | null;
  /** Lines before the header. */
  readonly skip: number;
  /** `null`: UTF-8, or what a byte order mark says. */
  readonly encoding: Encoding | null;
  /** Columns of dates or times, and the unit of the time since their first value. */
  readonly dates: readonly (readonly [column: string, unit: DateUnit])[];
  /** Of a DuckDB file. */
  readonly table: string | null;
}

export const DEFAULT_READER: ReaderSettings = {
  decimal: '.',
  thousands: null,
  na: null,
  comment: null,
  skip: 0,
  encoding: null,
  dates: [],
  table: null,
};

export interface FileSource {
  readonly kind: 'file';
  /** The one file, or the first name of several. */
  readonly file: string;
  /** Paths, or patterns with `*`, of files that are read as one table; absent: the one file. */
  readonly files?: readonly string[];
  readonly where: string | null;
  /** One ASCII character; `null`: found from the file. */
  readonly delimiter: string | null;
  /** Absent: `DEFAULT_READER`. */
  readonly reader?: ReaderSettings;
}

export interface TrinoSource {
  readonly kind: 'trino';
  readonly server: string;
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
  readonly user: string;
  readonly where: string | null;
}

export type DataSource = FileSource | TrinoSource;

export interface ResponseSpec {
  readonly column: string;
  /** Of text: the levels, for a Bernoulli response failure first; `null`: numbers, or a usual pair such as no and yes (core/design/outcome.ts). */
  readonly levels: readonly string[] | null;
  readonly transform: Transform;
  /** Binomial: a column's name, or the number itself. */
  readonly trials: string | number | null;
  /** Counts: a column whose log is an offset. */
  readonly exposure: string | null;
  /** A column of known standard deviations; there is then no `scale`. */
  readonly se: string | null;
  /** A column of frequency weights. */
  readonly weights: string | null;
}

/** What the intercept and every covariate have in common; `null` means "as the spec says for all". */
export interface TermOptions {
  readonly pooling: Pooling | null;
  readonly prior: PriorChoice | null;
  readonly sd: PriorChoice | null;
}

export interface CovariateSpec extends TermOptions {
  /** The name in `w[name, group]`; by default the column, or its parts, as in `a:b`. */
  readonly name: string;
  /** The columns read: one, or those of a product in its order. */
  readonly columns: readonly string[];
  /** What the list calls them: a column, or the name of the covariate that declares it. */
  readonly parts: readonly string[];
  /** The item's column as the list has it: `a*b` is written once and stands for three covariates. */
  readonly written: string;
  /** Index of the item in the list. */
  readonly item: number;
  readonly transform: Transform;
  /** The levels of a text column, the first being the reference; `null`: from the data. */
  readonly levels: readonly string[] | null;
}

/** One group's row of the mask: entries align with `Spec.covariates`; `null` stands for the automatic mask. */
export type MaskRow = readonly (0 | 1 | null)[];

export interface ScalePrior {
  readonly prior: PriorChoice;
  readonly by: 'all' | 'group';
}

export interface PriorsSpec extends Readonly<Record<OwnKey, PriorChoice>> {
  readonly intercept: PriorChoice;
  readonly weights: PriorChoice;
  readonly scale: ScalePrior;
  readonly intercept_sd: PriorChoice;
  readonly weights_sd: PriorChoice;
}

export interface IntervalSpec {
  readonly kind: 'eti' | 'hdi';
  readonly prob: number;
}

export interface SamplerSpec {
  readonly method: Method;
  readonly chains: number;
  readonly warmup: number;
  /** Per chain, after warm-up. */
  readonly draws: number;
  readonly seed: number;
  readonly target_accept: number;
  readonly max_treedepth: number;
}

/** The response's own scale, or that of its transform, which the model is on. */
export const SCALES = ['response', 'transformed'] as const;
export type PredictionScale = (typeof SCALES)[number];

export interface PredictionSpec {
  readonly name: string | null;
  readonly group: string;
  /** Covariate, column or indicator → a number or a level; covariates that are masked for the group may be given and are ignored. */
  readonly at: ReadonlyMap<string, number | string>;
  /** Counts: `null` for 1. */
  readonly exposure: number | null;
  /** Binomial: `null` for the response's number of trials, or 1 where that is a column. */
  readonly trials: number | null;
  /** With known standard deviations: `null` for their root mean square. */
  readonly se: number | null;
  readonly scale: PredictionScale;
}

export interface Spec {
  readonly data: DataSource;
  readonly response: ResponseSpec;
  /** `null`: one group named `all`. */
  readonly group: string | null;
  /** `null`: no intercept. */
  readonly intercept: TermOptions | null;
  readonly covariates: readonly CovariateSpec[];
  /** Groups in the order of the mask; `'auto'` when there is none. */
  readonly mask: 'auto' | ReadonlyMap<string, MaskRow>;
  readonly family: Family;
  readonly pooling: Pooling;
  readonly priors: PriorsSpec;
  readonly missing: Missing;
  readonly interval: IntervalSpec;
  readonly sampler: SamplerSpec;
  readonly predictions: readonly PredictionSpec[];
}

/** The one group of a spec without `group`. */
export const ALL = 'all';
