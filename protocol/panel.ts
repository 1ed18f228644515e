/**
 * Between the extension host and the results panel. A push is a whole snapshot, because a hidden webview loses messages;
 * pictures are asked for one by one, and the extension hands those questions on to the engine.
 */

import type { CalibrationReport } from '../core/posterior/calibrate/sbc.ts';
import type { Flag } from '../core/posterior/report.ts';
import type { Severity } from '../core/spec/problem.ts';
import type { ChainProgress, FitId, FitPhase } from './engine.ts';
import type { PageMessage, PagePush } from './page.ts';
import type { Scenario } from './views.ts';

/** A fit that is kept, for Compare. */
export interface FitTitle {
  readonly fit: FitId;
  readonly title: string;
  /** Of a fit of this panel's spec before a change of it: its time as `14:03`; `null` of all others. */
  readonly before: string | null;
}

/** A calibration of the spec: one that runs, and the last that ended. */
export interface CalibrationState {
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly report: CalibrationReport | null;
  /** Whether the report is of fewer rounds than asked for. */
  readonly stopped: boolean;
  /** Whether the spec changed since the report. */
  readonly stale: boolean;
  /** Why the latest ended without a report, in one sentence. */
  readonly error: string | null;
}

/** Everything the panel shows of itself without asking. */
export interface PanelSnapshot {
  /** The spec's path as the user knows it, below the workspace folder. */
  readonly spec: string;
  /** The last good fit; `null` before the first. */
  readonly fit: FitId | null;
  /** ISO time at which the fit ended. */
  readonly fittedAt: string | null;
  /** Whether the spec or its data changed since. */
  readonly stale: boolean;
  /** A fit that runs now. */
  readonly progress: { readonly phase: FitPhase; readonly chains: readonly ChainProgress[] } | null;
  /** Why the latest fit ended without a result, in one sentence; the last good one stays. */
  readonly error: string | null;
  readonly problems: readonly { readonly severity: Severity; readonly code: string; readonly message: string }[];
  /** `null` before the first. */
  readonly calibration: CalibrationState | null;
  /** The fit on show, those of its spec before it, and those of other specs; each newest first. */
  readonly fits: readonly FitTitle[];
}

/** Commands of the extension that the panel can start. */
export type PanelCommand = 'fit' | 'cancel' | 'open_spec' | 'check_priors' | 'open_predictions' | 'calibrate' | 'cancel_calibration';

/** From the extension host to the panel. */
export type PanelPush = PagePush<PanelSnapshot>;

/** What a picture is saved as: text, or base64 for bytes. */
export interface SavedFile {
  /** A proposal without folder: `forest.svg`. */
  readonly name: string;
  readonly encoding: 'text' | 'base64';
  readonly content: string;
}

/** From the panel to the extension host. */
export type PanelMessage =
  | PageMessage
  | { readonly kind: 'command'; readonly command: PanelCommand }
  | { readonly kind: 'act'; readonly action: NonNullable<Flag['action']> }
  | { readonly kind: 'save'; readonly file: SavedFile };

/** Kept by `setState` and handed to the serializer, so that a reloaded window brings the panel back as it was. */
export interface PanelState {
  readonly spec: string | null;
  readonly section: string;
  readonly selection: { readonly group: string | null; readonly parameter: string | null };
  /** Scroll offsets by section. */
  readonly scroll: readonly (readonly [section: string, top: number])[];
  /** A section's own choices (bin width, switches, sort) by name. */
  readonly choices: readonly (readonly [name: string, value: string | number | boolean | null])[];
  readonly scenarios: readonly Scenario[];
}
