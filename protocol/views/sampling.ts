/** How the chains and the sampler went. */
import type { ParameterSummary } from '../../core/posterior/report.ts';

export interface DrawsView {
  readonly parameter: string;
  readonly summary: ParameterSummary;
}

/** A parameter draw by draw. */
export interface Trace {
  readonly kind: 'trace';
  readonly draws: DrawsView;
  /** Index of the draw within its chain, of each point. */
  readonly iteration: Uint32Array;
  /** One a chain. Every shown point is a mean over `stride` draws with their smallest and largest. */
  readonly chains: readonly { readonly mean: Float64Array; readonly lower: Float64Array; readonly upper: Float64Array }[];
  readonly stride: number;
  /** Iterations that diverged, thinned to 200. */
  readonly divergent: readonly { readonly chain: number; readonly iteration: number; readonly value: number }[];
}

/** Ranks of a parameter’s draws among those of all chains. */
export interface Ranks {
  readonly kind: 'ranks';
  readonly draws: DrawsView;
  readonly bins: number;
  readonly counts: readonly (readonly number[])[];
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
}

/** Autocorrelation of a parameter, one array a chain, from lag 0. */
export interface Autocorrelation {
  readonly kind: 'autocorrelation';
  readonly draws: DrawsView;
  readonly chains: readonly Float64Array[];
  /** Every so many draws one is compared with those after it. */
  readonly stride: number;
}

/** Effective sample size as draws came in. */
export interface EssGrowth {
  readonly kind: 'ess_growth';
  readonly draws: DrawsView;
  /** Draws of all chains together. */
  readonly total: readonly number[];
  readonly bulk: readonly (number | null)[];
  readonly tail: readonly (number | null)[];
  readonly wanted: number;
  /** Neighbouring draws whose means all points but the last come from. */
  readonly block: number;
}

/** Energies about their mean, and their steps. */
export interface Energy {
  readonly kind: 'energy';
  readonly lower: number;
  readonly width: number;
  readonly marginal: readonly number[];
  readonly transition: readonly number[];
  readonly bfmi: readonly number[];
}

/** Draws by the length of their trajectory. */
export interface TreeDepth {
  readonly kind: 'tree_depth';
  /** What `lengths` are: tree depths, or gradients where trajectories have a set length and grow no tree. */
  readonly unit: 'depth' | 'gradients';
  readonly lengths: readonly number[];
  /** Draws of each length, a chain each. */
  readonly chains: readonly (readonly number[])[];
  readonly hits: number;
}
