/** What a verdict is made from. */
import type { Parameter } from '../../design/design.ts';
import type { Mode } from '../../sampler/modes.ts';
import type { Draws } from '../../sampler/types.ts';
import type { Family, SamplerSpec } from '../../spec/types.ts';
import type { Assessment } from '../diagnose/summary.ts';

/** Rows that sway the fit so much that leave-one-out cannot be had from importance weights. See `influence`. */
export interface ParetoK {
  readonly threshold: number;
  /** Rows above the threshold, as the user counts them (1-based in the file), worst first. */
  readonly rows: readonly number[];
  readonly largest: number;
  /**
   * Those of `rows` whose response is also beyond chance given the others. A row that only has a rare covariate sways a sound fit too, and
   * is no fault. All of `rows` when left out.
   */
  readonly outliers?: readonly number[];
  /** Those of `rows` whose leave-one-out was had otherwise: exactly, by a refit, or by weights of the scales alone that hold. */
  readonly exact?: readonly number[];
}

/** Observed against replicated dispersion of counts. */
export interface Dispersion {
  /** Pearson's statistic of the data over its mean in replicated data: 1 where the model is right. */
  readonly ratio: number;
  /** Share of replicated data sets at least as dispersed. */
  readonly p: number;
  readonly family: Family;
}

export interface Trial {
  readonly draws: Draws;
  readonly parameters: readonly Parameter[];
  /** From `assess` of the same draws and parameters. */
  readonly assessment: Assessment;
  /** Those that were found before sampling, the first the one of most mass; empty where none was looked for. */
  readonly modes: readonly Mode[];
  readonly sampler: Pick<SamplerSpec, 'draws' | 'target_accept' | 'max_treedepth'>;
  /** Whether the user stopped the fit before its last draw. */
  readonly stopped: boolean;
  /** Of each chain, when a stop left no time to go through all draws: those that the assessment is of. */
  readonly glance?: number;
  /** `null` where leave-one-out has not been computed. */
  readonly paretoK: ParetoK | null;
  /** Counts only; `null` where it has not been computed. */
  readonly dispersion: Dispersion | null;
  /** Sentences of what the model itself implies, such as means that do not exist. */
  readonly remarks?: readonly string[];
}
