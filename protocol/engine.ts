/**
 * Between the extension host (or the command line) and the engine worker. One request, one answer; progress in between.
 * The engine keeps the fits; what crosses are reports and views, never all draws.
 */

import type { ExportFormat } from '../core/export/index.ts';
import type { CalibrationReport } from '../core/posterior/calibrate/sbc.ts';
import type { FitReport } from '../core/posterior/report.ts';
import type { Problem } from '../core/spec/problem.ts';
import type { SamplerSpec } from '../core/spec/types.ts';
import type { ViewRequest, ViewResponse } from './views.ts';

/** A fit's name within one engine; a new fit of the same spec has a new one. */
export type FitId = string;

/** What an engine may read: files below these folders. The command line gives the spec's own folder. */
export interface SpecSource {
  /** Absolute path of the spec; `data` is relative to it. */
  readonly path: string;
  readonly text: string;
  readonly roots: readonly string[];
}

/** What a first spec is to have; `null`: what is guessed. `group: false` stands for none. */
export interface SpecChoices {
  readonly response: string | null;
  readonly group: string | null | false;
  readonly covariates: readonly string[] | null;
}

/** A column as a person chooses it. */
export interface ColumnOffer {
  readonly name: string;
  /** What it holds: `numbers from 1 to 9, 3 empty`. */
  readonly holds: string;
  /** Whether it can be the response: numbers. */
  readonly isNumeric: boolean;
  /** Why a guess would leave it out of the covariates, as a clause; `null` where it would not. */
  readonly against: string | null;
}

/** A first spec, with what it was chosen from. */
export interface SpecDraft {
  readonly columns: readonly ColumnOffer[];
  /** Why there is no spec: a sentence; `null` where there is one. */
  readonly fault: string | null;
  /** The spec's text, with comments. */
  readonly text: string;
  readonly response: { readonly column: string; readonly reason: string } | null;
  readonly group: { readonly column: string; readonly reason: string } | null;
  readonly covariates: readonly string[];
  /** Columns that the check spoke against, with why. */
  readonly leftOut: readonly { readonly column: string; readonly reason: string }[];
  readonly family: { readonly family: string; readonly reason: string } | null;
}

export type EngineRequest =
  | {
      readonly kind: 'fit';
      readonly id: number;
      readonly source: SpecSource;
      readonly overrides: Partial<SamplerSpec>;
      readonly priorOnly: boolean;
    }
  | { readonly kind: 'continue'; readonly id: number; readonly fit: FitId; readonly draws: number }
  /** Simulation-based calibration of a spec: `rounds` of simulating from the priors and fitting. */
  | { readonly kind: 'calibrate'; readonly id: number; readonly source: SpecSource; readonly rounds: number }
  | { readonly kind: 'check'; readonly id: number; readonly source: SpecSource }
  /** A first spec for a data file, for a spec that lies at `specPath` beside it. */
  | { readonly kind: 'draft'; readonly id: number; readonly specPath: string; readonly file: string; readonly choices: SpecChoices }
  | { readonly kind: 'view'; readonly id: number; readonly fit: FitId; readonly view: ViewRequest }
  | { readonly kind: 'export'; readonly id: number; readonly fit: FitId; readonly format: ExportFormat }
  | { readonly kind: 'forget'; readonly id: number; readonly fit: FitId };

/** Stops the fit or calibration of request `id`; its draws or rounds so far become its answer. */
export interface CancelRequest {
  readonly kind: 'cancel';
  readonly id: number;
}

export interface ChainProgress {
  readonly chain: number;
  readonly phase: 'warmup' | 'sampling' | 'done';
  /** Iterations done, warm-up included. */
  readonly done: number;
  readonly total: number;
  readonly drawsPerSecond: number;
  readonly divergences: number;
}

export type FitPhase = 'reading' | 'compiling' | 'sampling' | 'summarising';

export type EngineAnswer =
  | { readonly kind: 'rounds'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly kind: 'calibrated'; readonly id: number; readonly report: CalibrationReport; readonly stopped: boolean }
  | { readonly kind: 'progress'; readonly id: number; readonly phase: FitPhase; readonly chains: readonly ChainProgress[] }
  | { readonly kind: 'fitted'; readonly id: number; readonly fit: FitId; readonly report: FitReport; readonly problems: readonly Problem[] }
  | { readonly kind: 'refused'; readonly id: number; readonly problems: readonly Problem[] }
  | { readonly kind: 'checked'; readonly id: number; readonly problems: readonly Problem[] }
  | { readonly kind: 'drafted'; readonly id: number; readonly draft: SpecDraft }
  | { readonly kind: 'viewed'; readonly id: number; readonly view: ViewResponse }
  /** The file in parts: UTF-8, one after another. */
  | { readonly kind: 'exported'; readonly id: number; readonly parts: readonly Uint8Array[] }
  | { readonly kind: 'forgotten'; readonly id: number }
  | { readonly kind: 'cancelled'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string };
