/** The posterior itself. */
import type { ParameterSummary, Predictive } from '../../core/posterior/report.ts';
import type { Curve } from './parts.ts';

/** Densities beside those of their priors. */
export interface Densities {
  readonly kind: 'densities';
  readonly densities: readonly DensityView[];
}

export interface DensityView {
  readonly parameter: string;
  readonly summary: ParameterSummary;
  readonly posterior: Curve;
  /** `null` where the prior has no density of its own: partial pooling, flat. */
  readonly prior: Curve | null;
}

/** Two parameters against each other. */
export interface Pair {
  readonly kind: 'pair';
  readonly x: string;
  readonly y: string;
  readonly points: { readonly x: Float64Array; readonly y: Float64Array; readonly divergent: Uint8Array };
  readonly correlation: number | null;
  readonly draws: { readonly shown: number; readonly all: number };
}

/** The difference of two parameters, a − b. */
export interface Contrast {
  readonly kind: 'contrast';
  readonly a: string;
  readonly b: string;
  readonly difference: Predictive;
  /** That the difference is above 0. */
  readonly probability: number;
  readonly density: Curve;
  /** How many draws the interval and the density are made of; the mean, the sd and the probability are of all. */
  readonly draws: { readonly shown: number; readonly all: number };
}

/** What partial pooling did to each group’s coefficient. */
export interface Shrinkage {
  readonly kind: 'shrinkage';
  readonly term: string;
  readonly groups: readonly string[];
  readonly rows: readonly number[];
  /** Each group's coefficient as its rows alone would have it (least squares), NaN where they cannot say. */
  readonly alone: Float64Array;
  readonly pooled: Float64Array;
  readonly population: number;
}
