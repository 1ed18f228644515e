/** The fits that are kept: the last good one of each spec, with what happened since, and the few before it. */
import { basename, dirname, resolve } from 'node:path';
import { type Disposable, EventEmitter, RelativePattern, Uri, workspace } from 'vscode';
import type { FitReport } from '../../core/posterior/report.ts';
import type { Problem } from '../../core/spec/problem.ts';
import type { ChainProgress, FitId, FitPhase } from '../../protocol/engine.ts';
import type { CalibrationState } from '../../protocol/panel.ts';
import { Disposables } from '../disposable.ts';
import { specLabel } from '../specs.ts';
import { type EarlierFit, replaceFit } from './earlier.ts';
import { dataFile, fingerprint } from './fingerprint.ts';

/** Which fit of a spec: to its data, or of its priors alone. */
export interface FitKey {
  readonly uri: Uri;
  readonly priorOnly: boolean;
}

export interface SpecFit extends FitKey {
  /** The last good fit; `null` before the first. */
  readonly fit: FitId | null;
  readonly report: FitReport | null;
  readonly fittedAt: Date | null;
  /** The spec's text that the fit is of. */
  readonly text: string | null;
  /** Fits of this spec before a change of it, newest first. */
  readonly earlier: readonly EarlierFit[];
  /** Whether the spec, or its data, changed since. */
  readonly textChanged: boolean;
  readonly dataChanged: boolean;
  /** A fit that runs now. */
  readonly progress: { readonly phase: FitPhase; readonly chains: readonly ChainProgress[] } | null;
  /** Why the latest fit ended without a result, in one sentence. */
  readonly error: string | null;
  readonly problems: readonly Problem[];
}

/** A good fit as it comes from the engine. */
export interface GoodFit {
  readonly fit: FitId;
  readonly report: FitReport;
  readonly problems: readonly Problem[];
  readonly text: string;
  /** Whether it is the fit before with more draws. */
  readonly continued: boolean;
}

export const isStale = (state: SpecFit): boolean => state.textChanged || state.dataChanged;

export const keyText = ({ uri, priorOnly }: FitKey): string => `${priorOnly ? 'priors of ' : ''}${uri.toString()}`;

/** The name of a fit as the user knows it. */
export const fitLabel = ({ uri, priorOnly }: FitKey): string => specLabel(uri) + (priorOnly ? PRIORS_ONLY : '');

/** The time of day of a fit: `14:03`. */
export const clock = (date: Date): string => date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

const PRIORS_ONLY = ' (priors only)';

/** What `fitLabel` made a name of. */
export function keyFromLabel(label: string): { readonly path: string; readonly priorOnly: boolean } {
  const priorOnly = label.endsWith(PRIORS_ONLY);
  return { path: priorOnly ? label.slice(0, -PRIORS_ONLY.length) : label, priorOnly };
}

export class FitStore extends Disposables {
  readonly #states = new Map<string, SpecFit>();
  readonly #calibrations = new Map<string, CalibrationState & { readonly text: string | null }>();
  readonly #dataWatchers = new Map<string, Disposable>();
  readonly #changed = this.own(new EventEmitter<FitKey>());
  /** Fires with the key of every state that changed. */
  readonly onDidChange = this.#changed.event;
  readonly #goodChanged = this.own(new EventEmitter<FitKey>());
  /** Fires when a good fit came or went. */
  readonly onDidChangeGood = this.#goodChanged.event;

  constructor() {
    super();
    this.own(workspace.onDidChangeTextDocument(({ document }) => this.#compare(document.uri, document.getText())));
  }

  /** The state of a spec's fit; an empty one when nothing was fitted. */
  get(key: FitKey): SpecFit {
    return this.#states.get(keyText(key)) ?? { ...EMPTY, uri: key.uri, priorOnly: key.priorOnly };
  }

  /** How the calibration of a spec goes or went; `null` before the first. */
  calibration(uri: Uri): CalibrationState | null {
    return this.#calibrations.get(uri.toString()) ?? null;
  }

  /** A calibration starts, goes on, or ends; what was reported before stays until there is another report. */
  calibrated(uri: Uri, change: Partial<CalibrationState & { readonly text: string }>): void {
    const none = { progress: null, report: null, stopped: false, stale: false, error: null, text: null };
    const before = this.#calibrations.get(uri.toString()) ?? none;
    this.#calibrations.set(uri.toString(), { ...before, ...change });
    for (const priorOnly of [false, true]) this.#changed.fire({ uri, priorOnly });
  }

  /** The states with a good fit, newest first. */
  good(): readonly SpecFit[] {
    const good = [...this.#states.values()].filter((state) => state.fit !== null);
    return good.sort((a, b) => b.fittedAt!.getTime() - a.fittedAt!.getTime());
  }

  /** The states in which a fit runs. */
  running(): readonly SpecFit[] {
    return [...this.#states.values()].filter((state) => state.progress !== null);
  }

  /** A fit starts, or goes on. */
  progressed(key: FitKey, phase: FitPhase, chains: readonly ChainProgress[]): void {
    this.#update(key, { progress: { phase, chains }, error: null });
  }

  /** A fit ended well. Returns what it takes the place of and nobody will ask for again. */
  succeeded(key: FitKey, { fit, report, problems, text, continued }: GoodFit): readonly FitId[] {
    const before = this.get(key);
    const { earlier, dropped } = replaceFit(before, continued ? null : text);
    const dataChanged = continued && before.dataChanged;
    this.#update(key, { ...EMPTY, fit, report, problems, text, earlier, dataChanged, fittedAt: new Date() });
    this.#watchData(key, text);
    const document = workspace.textDocuments.find((open) => open.uri.toString() === key.uri.toString());
    if (document) this.#compare(key.uri, document.getText()); // It may have been edited while the fit ran.
    this.#goodChanged.fire(key);
    return dropped;
  }

  /** A fit ended without a result; the last good one stays. */
  ended(key: FitKey, error: string, problems: readonly Problem[] = []): void {
    this.#update(key, { progress: null, error, problems });
  }

  /** Drops what is known of a spec's fits; returns their names in the engine. */
  forget(key: FitKey): readonly FitId[] {
    const { fit, earlier } = this.get(key);
    if (!key.priorOnly) this.#calibrations.delete(key.uri.toString());
    this.#states.delete(keyText(key));
    this.#dataWatchers.get(keyText(key))?.dispose();
    this.#dataWatchers.delete(keyText(key));
    this.#changed.fire(key);
    this.#goodChanged.fire(key);
    return [...(fit === null ? [] : [fit]), ...earlier.map((one) => one.fit)];
  }

  /** The engine died, and with it every fit: what is left of them is a sentence. */
  lose(): void {
    for (const { uri, priorOnly, fit } of [...this.#states.values()]) {
      if (fit === null) continue;
      this.#update({ uri, priorOnly }, { ...EMPTY, error: 'The engine ended unexpectedly and its fits are lost; fit again.' });
      this.#goodChanged.fire({ uri, priorOnly });
    }
  }

  override dispose(): void {
    for (const watcher of this.#dataWatchers.values()) watcher.dispose();
    super.dispose();
  }

  #update(key: FitKey, change: Partial<SpecFit>): void {
    this.#states.set(keyText(key), { ...this.get(key), ...change });
    this.#changed.fire(key);
  }

  #compare(uri: Uri, text: string): void {
    const calibration = this.#calibrations.get(uri.toString());
    if (calibration && calibration.text !== null) {
      const stale = fingerprint(text) !== fingerprint(calibration.text);
      if (stale !== calibration.stale) this.calibrated(uri, { stale });
    }
    for (const priorOnly of [false, true]) {
      const state = this.get({ uri, priorOnly });
      if (state.text === null) continue;
      const textChanged = fingerprint(text) !== fingerprint(state.text);
      if (textChanged !== state.textChanged) this.#update(state, { textChanged });
    }
  }

  #watchData(key: FitKey, text: string): void {
    this.#dataWatchers.get(keyText(key))?.dispose();
    this.#dataWatchers.delete(keyText(key));
    const file = dataFile(text);
    if (file === null) return;
    const path = resolve(dirname(key.uri.fsPath), file);
    const pattern = new RelativePattern(Uri.file(dirname(path)), basename(path).replace(/[*?{}[\]]/g, '?'));
    const watcher = workspace.createFileSystemWatcher(pattern);
    const mark = () => this.#update(key, { dataChanged: true });
    watcher.onDidChange(mark);
    watcher.onDidCreate(mark);
    watcher.onDidDelete(mark);
    this.#dataWatchers.set(keyText(key), watcher);
  }
}

const EMPTY = {
  fit: null,
  report: null,
  fittedAt: null,
  text: null,
  earlier: [],
  textChanged: false,
  dataChanged: false,
  progress: null,
  error: null,
  problems: [],
} as const;
