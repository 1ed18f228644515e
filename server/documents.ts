/** The open specs: their parsed and checked state by version, and their diagnostics as the data come in. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type ParsedSpec, parseSpec } from '../core/spec/parse.ts';
import type { FitForgottenParams, FittedParams } from '../protocol/server.ts';
import type { ProfileRequest } from '../sources/duckdb.ts';
import { type FeatureContext, makeContext } from './context.ts';
import { type ProfileIo, Profiles, requestOf } from './data/profiles.ts';
import { isBelow, pathOfUri } from './features/dataFile.ts';

export interface DocumentsHost {
  /** Shows a document's problems. */
  publish(context: FeatureContext): void;
  /** Runs work that reads the named data, with progress shown. */
  withProgress<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** Told when hints, lenses and tokens of a document have become old for a reason other than its text. */
  refresh(): void;
  log(message: string): void;
}

interface State {
  document: TextDocument;
  context: FeatureContext | null;
  timer: NodeJS.Timeout | null;
}

/** After the last keystroke, before the data are read again for another group or column. */
const QUIET_MS = 150;

export class Documents {
  /** `false`: specs are checked without their data. */
  trusted = true;
  roots: readonly string[] = [];
  private readonly states = new Map<string, State>();
  private readonly fits = new Map<string, FittedParams>();
  private readonly profiles: Profiles;

  constructor(
    io: ProfileIo,
    private readonly host: DocumentsHost,
  ) {
    this.profiles = new Profiles(io);
  }

  changed(document: TextDocument): void {
    const state = this.states.get(document.uri) ?? { document, context: null, timer: null };
    const first = !this.states.has(document.uri);
    this.states.set(document.uri, state);
    state.document = document;
    state.context = null;
    this.host.publish(this.contextOf(state));
    this.plan(state, first ? 0 : QUIET_MS);
  }

  closed(uri: string): void {
    const state = this.states.get(uri);
    if (state?.timer) clearTimeout(state.timer);
    this.states.delete(uri);
    this.profiles.forget(uri);
  }

  /** Data files may have changed: every open spec looks again. */
  dataChanged(): void {
    for (const state of this.states.values()) this.plan(state, QUIET_MS);
  }

  fitted(params: FittedParams): void {
    this.fits.set(params.uri, params);
    this.invalidate(params.uri);
  }

  fitForgotten({ uri }: FitForgottenParams): void {
    this.fits.delete(uri);
    this.invalidate(uri);
  }

  /** Everything about an open document; `null` when it is not open. */
  get(uri: string): FeatureContext | null {
    const state = this.states.get(uri);
    return state === undefined ? null : this.contextOf(state);
  }

  private invalidate(uri: string): void {
    const state = this.states.get(uri);
    if (state !== undefined) state.context = null;
    this.host.refresh();
  }

  private contextOf(state: State): FeatureContext {
    if (state.context !== null) return state.context;
    const { document } = state;
    const parsed = parseSpec(document.getText());
    const { profile, current } = this.profiles.held(document.uri, this.requestFor(document.uri, parsed));
    state.context = makeContext({
      document,
      parsed,
      profile: this.trusted ? profile : null,
      current,
      fitted: this.fits.get(document.uri) ?? null,
      roots: this.roots,
    });
    return state.context;
  }

  /** What to read for a document; `null` when nothing can or may be read. A spec outside the workspace reads below its own folder. */
  private requestFor(uri: string, { spec }: ParsedSpec): ProfileRequest | null {
    const path = pathOfUri(uri);
    return !this.trusted || spec === null || path === null
      ? null
      : requestOf(spec, path, this.roots.some((root) => isBelow(path, root)) ? this.roots : []);
  }

  private plan(state: State, delay: number): void {
    if (state.timer !== null) clearTimeout(state.timer);
    state.timer = setTimeout(() => {
      state.timer = null;
      void this.readData(state).catch((error: unknown) => this.host.log(`The data could not be read: ${String(error)}`));
    }, delay);
  }

  private async readData(state: State): Promise<void> {
    const context = this.contextOf(state);
    const { uri } = state.document;
    const request = this.requestFor(uri, context.parsed);
    if (request === null || !context.parsed.wellFormed) return;
    const title = `Reading ${request.source.kind === 'file' ? request.source.file : request.source.table}`;
    const news = await this.profiles.refresh(uri, request, (work) => this.host.withProgress(title, work));
    if (!news || this.states.get(uri) !== state) return;
    state.context = null;
    this.host.publish(this.contextOf(state));
    this.host.refresh();
  }
}
