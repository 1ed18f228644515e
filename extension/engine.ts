/** The engine as the extension host uses it. */
import type { CancellationToken, Disposable } from 'vscode';
import type { ExportFormat } from '../core/export/index.ts';
import type { SamplerSpec } from '../core/spec/types.ts';
import type { EngineAnswer, FitId, SpecChoices, SpecDraft, SpecSource } from '../protocol/engine.ts';
import type { ViewRequest, ViewResponse } from '../protocol/views.ts';

/** How a fit ends. */
export type FitOutcome = Extract<EngineAnswer, { readonly kind: 'fitted' | 'refused' | 'cancelled' | 'failed' }>;
export type FitProgress = Extract<EngineAnswer, { readonly kind: 'progress' }>;

/** How a calibration ends. */
export type CalibrationEnding = Extract<EngineAnswer, { readonly kind: 'calibrated' | 'refused' | 'cancelled' | 'failed' }>;
export type CalibrationProgress = Extract<EngineAnswer, { readonly kind: 'rounds' }>;

export interface FitOptions {
  readonly overrides: Partial<SamplerSpec>;
  readonly priorOnly: boolean;
}

export interface Engine extends Disposable {
  /** Starts the worker ahead of the first fit, which is then the sooner done. */
  warm(): void;
  /** Fits a spec. Cancelled through `token`, it keeps the draws so far. */
  fit(source: SpecSource, options: FitOptions, onProgress: (progress: FitProgress) => void, token: CancellationToken): Promise<FitOutcome>;
  /** Adds draws to a kept fit, without new warm-up. */
  continue(fit: FitId, draws: number, onProgress: (progress: FitProgress) => void, token: CancellationToken): Promise<FitOutcome>;
  /** Simulates from the priors and fits, `rounds` times. Cancelled through `token`, it reports the rounds so far. */
  calibrate(
    source: SpecSource,
    rounds: number,
    onProgress: (progress: CalibrationProgress) => void,
    token: CancellationToken,
  ): Promise<CalibrationEnding>;
  /** A first spec for a data file. Rejects with a sentence when the engine is gone. */
  draft(specPath: string, file: string, choices: SpecChoices): Promise<SpecDraft>;
  /** What a picture shows. Rejects with a sentence when the fit is gone or the request makes no sense. */
  view(fit: FitId, request: ViewRequest): Promise<ViewResponse>;
  /** A fit as a file. Rejects with a sentence when the fit is gone. */
  export(fit: FitId, format: ExportFormat): Promise<Uint8Array>;
  /** Frees a fit's memory. */
  forget(fit: FitId): void;
}
