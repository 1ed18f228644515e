/**
 * Between the extension host and the side view Predictions. A push is a whole snapshot; live predictions are views
 * of the kept fit, asked for one at a time and handed on to the engine.
 */
import type { FitId } from './engine.ts';
import type { PageMessage, PagePush } from './page.ts';
import type { Values } from './views/parts.ts';

export interface PredictionsSnapshot {
  /** The spec's path as the user knows it; `null` when no spec is open. */
  readonly spec: string | null;
  readonly fit: FitId | null;
  readonly stale: boolean;
  readonly fitting: boolean;
}

/** From the extension host to the view. */
export type PredictionsPush = PagePush<PredictionsSnapshot>;

/** From the view to the extension host. */
export type PredictionsMessage = PageMessage | { readonly kind: 'command'; readonly command: 'fit' | 'open_spec' | 'open_results' };

/** Kept by `setState`. */
export interface PredictionsState {
  readonly spec: string | null;
  readonly group: string | null;
  readonly at: Values;
}
