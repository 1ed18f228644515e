/**
 * What both webviews and the extension host say to each other; each channel adds what is its own. The results of a fit, which may be
 * megabytes, go once to a page, ahead of the first snapshot that names them; snapshots are small and go as often as something changes.
 */
import type { FitReport } from '../core/posterior/report.ts';
import type { FitId } from './engine.ts';
import type { Structure } from './views/structure.ts';
import type { Scenario, ViewRequest, ViewResponse } from './views.ts';

/** What a page must have of a fit to show it. */
export interface Results {
  readonly fit: FitId;
  readonly report: FitReport;
  readonly structure: Structure;
}

/** Results as they travel. */
export interface PackedResults {
  readonly report: FitReport;
  readonly structure: Omit<Structure, 'mask'> & { readonly mask: readonly number[] };
}

/** From the extension host to either webview. */
export type PagePush<Snapshot> =
  /** UTF-8 of the JSON of `PackedResults`: bytes cross as they are, where objects would be written and read at each of the steps between. */
  | { readonly kind: 'results'; readonly fit: FitId; readonly content: Uint8Array }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'view'; readonly id: number; readonly response: ViewResponse }
  | { readonly kind: 'view_failed'; readonly id: number; readonly message: string };

/** The answer to a question of a page. */
export type ViewAnswer = Extract<PagePush<unknown>, { readonly kind: 'view' | 'view_failed' }>;

/** From either webview to the extension host. */
export type PageMessage =
  /** The page is there and wants a snapshot. */
  | { readonly kind: 'ready' }
  /** A snapshot named a fit whose results this page has not got: it was moved to another window, say. */
  | { readonly kind: 'want_results' }
  | { readonly kind: 'view'; readonly id: number; readonly fit: FitId; readonly request: ViewRequest }
  | { readonly kind: 'add_prediction'; readonly scenario: Scenario }
  | { readonly kind: 'copy'; readonly text: string }
  /** Something the page itself did wrong, for the log. */
  | { readonly kind: 'fault'; readonly message: string };
