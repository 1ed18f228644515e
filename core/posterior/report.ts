/** The answer of a fit: the document of `hmask fit --json`, and what the panel, the hover and the tree show. Plain data. */

import type { PredictionScale } from '../spec/types.ts';

export interface ParameterSummary {
  readonly name: string;
  readonly masked: false;
  /** `null` where the posterior has no mean, or no sd: the data hold the parameter too little, and its prior's tails are too heavy. */
  readonly mean: number | null;
  readonly sd: number | null;
  /** Why there is no mean or sd; absent where there are both. */
  readonly note?: string;
  readonly median: number;
  /** Ends of the spec's interval. */
  readonly lower: number;
  readonly upper: number;
  readonly q5: number;
  readonly q95: number;
  /** `null` without an sd. */
  readonly mcse_mean: number | null;
  readonly mcse_sd: number | null;
  readonly ess_bulk: number;
  readonly ess_tail: number;
  /** `null` where it is not defined: a single chain, constant draws. */
  readonly r_hat: number | null;
}

export interface MaskedParameter {
  readonly name: string;
  readonly masked: true;
}

export interface Predictive {
  readonly mean: number;
  readonly sd: number;
  readonly lower: number;
  readonly upper: number;
}

export interface PredictionReport extends Predictive {
  readonly name: string | null;
  readonly group: string;
  /** The linear predictor's mean on the response's scale. */
  readonly mu: Predictive;
  /** Masked covariates that were given. */
  readonly ignored: readonly string[];
  /** What the numbers are of: the response itself, or its transform, as the model has it. The same where there is no transform. */
  readonly scale: PredictionScale;
  /** What the numbers are for, where the model has it: an exposure, a number of trials, a known standard deviation. */
  readonly exposure?: number;
  readonly trials?: number;
  readonly se?: number;
}

/** One thing that is wrong with a fit, what it means, and what to do. */
export interface Flag {
  readonly id:
    | 'divergences'
    | 'modes'
    | 'r_hat'
    | 'ess'
    | 'bfmi'
    | 'treedepth'
    | 'stuck'
    | 'pareto_k'
    | 'prior_conflict'
    | 'overdispersion'
    | 'stopped'
    | 'heavy_tails'
    | 'too_short';
  readonly severity: 'error' | 'warning' | 'info';
  /** One sentence: what was seen. */
  readonly message: string;
  /** One sentence: what it means and the next step. */
  readonly advice: string;
  /** Parameters concerned, worst first, at most 20. */
  readonly parameters: readonly string[];
  /** What the tool can do about it. */
  readonly action: /** `draws`: this many more a chain. */
    | { readonly kind: 'more_draws'; readonly draws: number }
    | { readonly kind: 'target_accept'; readonly value: number }
    | { readonly kind: 'open_parameter'; readonly parameter: string }
    | null;
}

export interface Verdict {
  /** No flag is a warning or an error. */
  readonly trustworthy: boolean;
  /** One sentence. */
  readonly headline: string;
  /** Worst first. */
  readonly flags: readonly Flag[];
  /** Sentences on what is no fault but may be asked about, such as an R-hat above 1.01 that chance explains. */
  readonly notes?: readonly string[];
}

export interface LooReport {
  readonly elpd: number;
  readonly se: number;
  readonly p: number;
  readonly pareto_k_max: number;
  readonly k_over_threshold: number;
  /**
   * `exact`: every row left out by down-dating the statistics, scales integrated over by quadrature; `integrated`: so too, where weights hold, but over
   * weighted draws of the scales; `psis`: by smoothed importance weights of all parameters.
   */
  readonly method: 'exact' | 'integrated' | 'psis';
  /** Rows above the threshold that were fitted without, so that their share is exact. */
  readonly refits: number;
  /** Rows whose share is rough: importance weights fail on them, and they were not fitted without. */
  readonly doubtful: number;
}

/** The widely applicable information criterion, as an elpd. */
export interface WaicReport {
  readonly elpd: number;
  readonly se: number;
  readonly p: number;
}

/** Leaving out one whole group at a time: how well the model foretells a group it has never seen. */
export interface GroupsOutReport {
  readonly elpd: number;
  readonly se: number;
  /** Monte Carlo standard error of `elpd`; 0 where it is exact. */
  readonly mcse: number;
  readonly method: 'exact' | 'integrated';
  /** `doubtful`: importance weights fail on the group, and a fit without it did not help or took too long. */
  readonly groups: readonly { readonly group: string; readonly elpd: number; readonly doubtful?: true }[];
}

/** The data held against data sets replicated from the fit. */
export interface PredictiveCheckReport {
  /** Share of rows whose response lies in its predictive interval. */
  readonly coverage: number;
  /** `p`: share of replicated data sets with a larger value; near 0 or 1 the model misses it. */
  readonly statistics: readonly {
    readonly name: 'mean' | 'sd' | 'min' | 'max' | 'zeros';
    readonly observed: number;
    readonly lower: number;
    readonly upper: number;
    readonly p: number;
  }[];
}

/** Responses simulated from the priors alone, at the covariates of the data, and the data beside them. */
export interface PriorPredictiveReport {
  /** Interval of all simulated responses together. */
  readonly lower: number;
  readonly upper: number;
  /** Range of the observed responses. */
  readonly observed: { readonly min: number; readonly max: number };
  /** Share of simulated responses within that range. */
  readonly within: number;
}

/** What power-scaling of the prior and of the likelihood says of one parameter (Kallioinen et al. 2024). */
export interface SensitivityRow {
  readonly name: string;
  readonly prior: number;
  readonly likelihood: number;
  readonly reading: 'none' | 'conflict' | 'strong_prior';
  readonly text: string;
  /** Only where the importance weights that the reading rests on fail. */
  readonly doubtful?: true;
}

export interface FitReport {
  readonly spec: string;
  /** `prior`: draws from the priors alone, the data unseen. */
  readonly method: 'nuts' | 'collapsed' | 'prior';
  readonly seed: number;
  readonly rows: { readonly read: number; readonly used: number; readonly dropped: number };
  readonly interval: { readonly kind: 'eti' | 'hdi'; readonly prob: number };
  readonly parameters: readonly (ParameterSummary | MaskedParameter)[];
  readonly sampling: {
    readonly chains: number;
    readonly warmup: number;
    /** Per chain; fewer than asked for when the fit was stopped. */
    readonly draws: number;
    readonly divergences: number;
    readonly max_treedepth_hits: number;
    readonly bfmi: readonly number[];
    readonly gradient_evaluations: number;
    readonly stopped: boolean;
  };
  readonly predictions: readonly PredictionReport[];
  /** `null` when there are too many rows, for prior draws, and where the others leave no posterior (then a note of the verdict says so). */
  readonly loo: LooReport | null;
  readonly waic: WaicReport | null;
  /** Collapsed models only. */
  readonly groups_out: GroupsOutReport | null;
  /** Bayesian R², draws summed up. */
  readonly r2: Predictive | null;
  /** `null` for many rows, or for prior draws. */
  readonly predictive: PredictiveCheckReport | null;
  /** For prior draws only. */
  readonly prior_predictive: PriorPredictiveReport | null;
  /** What each parameter owes to its prior and to the data, or `null` when it was not computed. */
  readonly sensitivity: readonly SensitivityRow[] | null;
  readonly verdict: Verdict;
  readonly timing_ms: { readonly read: number; readonly compile: number; readonly sample: number; readonly summarise: number };
}

export const isMasked = (p: ParameterSummary | MaskedParameter): p is MaskedParameter => p.masked;
