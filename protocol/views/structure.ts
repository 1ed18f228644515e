/** The model's layout. */
import type { Family } from '../../core/spec/types.ts';
import type { Scenario } from './parts.ts';

/** What the panel must know of the model to lay out its tables and pickers. */
export interface Structure {
  readonly kind: 'structure';
  /** With its transform, as the model has it: `log(y)`. */
  readonly response: string;
  /** The response itself, on whose own scale predictions are; of one of two texts the event that it counts, `cured = yes`. */
  readonly outcome: string;
  readonly family: Family;
  /** Whether its responses are counts. */
  readonly counts: boolean;
  readonly groupColumn: string | null;
  readonly groups: readonly string[];
  /** Rows used in each group. */
  readonly groupRows: readonly number[];
  readonly terms: readonly TermView[];
  /** groups × terms, row-major: 1 where the coefficient exists. */
  readonly mask: Uint8Array;
  /** Aligned with `FitReport.parameters`: kind, and index into `terms` and `groups` or −1. */
  readonly parameters: readonly {
    readonly kind: 'alpha' | 'w' | 'scale' | 'mu' | 'tau' | 'own';
    readonly term: number;
    readonly group: number;
  }[];
  /** The model in statistical notation, a line each, plain text. */
  readonly formulas: readonly string[];
  /** The plate diagram for Graphviz. */
  readonly dot: string;
  /** Covariates that a prediction takes, in order. */
  readonly covariates: readonly string[];
  /** The spec's predictions, aligned with `FitReport.predictions`. */
  readonly predictions: readonly Scenario[];
}

export interface TermView {
  readonly name: string;
  readonly kind: 'intercept' | 'slope';
  readonly pooling: 'none' | 'partial' | 'complete';
  /** As the spec would write them, automatic ones as numbers. */
  readonly prior: string;
  readonly sd: string | null;
  readonly auto: boolean;
}
