/**
 * Between the editor's extension and the language server, beside the Language Server Protocol itself.
 *
 * The extension, which owns the fits, tells the server of each (`hmask/fitted`) and when one is let go (`hmask/fitForgotten`), so
 * that hovers and inlay hints can show posteriors. After a restart of the server it sends all fits that it keeps again.
 * `initializationOptions` are `ServerOptions`; `workspace/didChangeConfiguration` sends `{ settings: { hmask: ServerSettings } }`,
 * and the server also asks for the section `hmask` by `workspace/configuration`. File events for data files
 * (`workspace/didChangeWatchedFiles`) come from the client's watcher or from the server's own registration.
 *
 * Code lenses carry the client commands of `LENS_COMMANDS`; each has one argument, the spec's URI as a string.
 */
import type { FitReport } from '../core/posterior/report.ts';

/** What the client may pass at start; every key is optional. */
export interface ServerOptions {
  /** `false`: the workspace is not trusted, so specs are checked without reading any data. */
  readonly trusted?: boolean;
  /** The URI of the folder with the rules' pages (docs/rules), which codes of diagnostics lead to. */
  readonly docs?: string;
}

/** The section `hmask` of the client's configuration. */
export interface ServerSettings {
  readonly inlayHints?: { readonly enabled?: boolean };
}

export const FITTED = 'hmask/fitted';
export const FIT_FORGOTTEN = 'hmask/fitForgotten';

/** A density for a small picture: counts of equally wide bins from `lower` to `upper`. */
export interface SmallDensity {
  readonly lower: number;
  readonly upper: number;
  readonly counts: readonly number[];
}

/** A fit has ended well enough to be shown. The last one of a spec is what hovers show. */
export interface FittedParams {
  /** Of the spec's document. */
  readonly uri: string;
  readonly report: FitReport;
  /** `hashText` of the text that was fitted: when the open text has another, its results are called stale. */
  readonly specHash: string;
  /** `DataProfile.version` of the data that were fitted, by default of those that the server knows now; other data make the results stale. */
  readonly dataVersion?: string;
  /** Parameter name and the density of its draws; at most the first 2,000 parameters need be sent. */
  readonly densities: readonly (readonly [name: string, density: SmallDensity])[];
}

export interface FitForgottenParams {
  readonly uri: string;
}

export const LENS_COMMANDS = {
  fit: 'hmask.fit',
  checkPriors: 'hmask.checkPriors',
  openResults: 'hmask.openResults',
  openPredictions: 'hmask.openPredictions',
} as const;

/**
 * A short name of a text that both sides compute alike: 64 bits in the manner of FNV-1a, carriage returns and a byte order mark
 * left out of account. Tells texts apart; keeps no secrets.
 */
export function hashText(text: string): string {
  let h1 = 0x811c9dc5;
  let h2 = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x0d || unit === 0xfeff) continue;
    h1 = Math.imul(h1 ^ unit, 0x01000193);
    h2 = Math.imul(h2 ^ unit, 0x5bd1e995);
  }
  return (h1 >>> 0).toString(16).padStart(8, '0') + (h2 >>> 0).toString(16).padStart(8, '0');
}
