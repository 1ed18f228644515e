/**
 * Between the extension host and the side view Predictions. A push is a whole snapshot; live predictions are views
 * of the kept fit, asked for one at a time and handed on to the engine.
 */
import type { FitReport } from '../core/posterior/report.ts';
import type { FitId } from './engine.ts';
import type { Scenario, ViewRequest, ViewResponse } from './views.ts';

export interface PredictionsSnapshot {
  /** The spec's path as the user knows it; `null` when no spec is open. */
  readonly spec: string | null;
  readonly fit: FitId | null;
  readonly report: FitReport | null;
  readonly stale: boolean;
  readonly fitting: boolean;
}

/** From the extension host to the view. */
export type PredictionsPush =
  | { readonly kind: 'snapshot'; readonly snapshot: PredictionsSnapshot }
  | { readonly kind: 'view'; readonly id: number; readonly response: ViewResponse }
  | { readonly kind: 'view_failed'; readonly id: number; readonly message: string };

/** From the view to the extension host. */
export type PredictionsMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'view'; readonly id: number; readonly fit: FitId; readonly request: ViewRequest }
  | { readonly kind: 'command'; readonly command: 'fit' | 'open_spec' | 'open_results' }
  | { readonly kind: 'add_prediction'; readonly scenario: Scenario }
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'fault'; readonly message: string };

/** Kept by `setState`. */
export interface PredictionsState {
  readonly spec: string | null;
  readonly group: string | null;
  readonly at: readonly (readonly [name: string, value: number])[];
}
