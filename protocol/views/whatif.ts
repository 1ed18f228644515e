/** Predictions of rows that nobody has seen. */
import type { Predictive } from '../../core/posterior/report.ts';
import type { HistogramBins } from './parts.ts';

/** What a prediction for a group takes. */
export interface Inputs {
  readonly kind: 'inputs';
  readonly group: string;
  readonly inputs: readonly InputRange[];
}

/** One value that a prediction for a group takes: a number, or a level of a text covariate. */
export interface InputRange {
  readonly name: string;
  /** The levels to choose from, the reference first; `null` for a number. */
  readonly levels: readonly string[] | null;
  /** Why it cannot be set, as a sentence; `null` when it can. */
  readonly masked: string | null;
  /** Of numbers: over the group's own cells, else over the whole column. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly integer: boolean;
}

/** One scenario. */
export interface WhatIf {
  readonly kind: 'whatif';
  readonly predictive: Predictive;
  readonly mu: Predictive;
  readonly histogram: HistogramBins;
  readonly ignored: readonly string[];
}

/** Two scenarios and their difference, a − b. */
export interface ScenarioPair {
  readonly kind: 'scenarios';
  readonly a: Predictive;
  readonly b: Predictive;
  readonly difference: Predictive;
  /** Of a new observation, and of the mean, in a against b. */
  readonly probability: number;
  readonly probabilityMu: number;
  readonly histogram: HistogramBins;
}

/** The mean response along a covariate, a curve a group. */
export interface ConditionalEffects {
  readonly kind: 'conditional';
  readonly covariate: string;
  readonly curves: readonly {
    readonly group: string;
    readonly masked: boolean;
    readonly x: Float64Array;
    readonly mean: Float64Array;
    readonly lower: Float64Array;
    readonly upper: Float64Array;
  }[];
}
