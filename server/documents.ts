/** The open specs: their parsed and checked state by version, and their diagnostics as the data come in. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { DataProfile } from '../core/data/profile.ts';
import { hasTooManyCovariates } from '../core/rules/tooManyTerms.ts';
import { type ParsedSpec, parseSpec } from '../core/spec/parse.ts';
import type { FitForgottenParams, FittedParams } from '../protocol/server.ts';
import type { ProfileRequest } from '../sources/index.ts';
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
  /** Whether a file that was not there is looked for again when the timer has run out. */
  again: boolean;
}

/** After the last keystroke, before the data are read again for another group or column. */
const QUIET_MS = 150;
/** What must not rest on data that are gone waits this long for a reading, and then does without any. */
const LONGEST_WAIT_MS = 15_000;

export class Documents {
  /** `false`: specs are checked without their data. */
  trusted = true;
  roots: readonly string[] = [];
  readonly #states = new Map<string, State>();
  readonly #fits = new Map<string, FittedParams>();
  readonly #profiles: Profiles;

  readonly #host: DocumentsHost;

  constructor(io: ProfileIo, host: DocumentsHost) {
    this.#host = host;
    this.#profiles = new Profiles(io);
  }

  changed(document: TextDocument): void {
    const state = this.#states.get(document.uri) ?? { document, context: null, timer: null, again: false };
    const first = !this.#states.has(document.uri);
    this.#states.set(document.uri, state);
    state.document = document;
    state.context = null;
    this.#host.publish(this.#contextOf(state));
    this.#plan(state, first ? 0 : QUIET_MS, false);
  }

  closed(uri: string): void {
    const state = this.#states.get(uri);
    if (state?.timer) clearTimeout(state.timer);
    this.#states.delete(uri);
    this.#profiles.forget(uri);
  }

  /** Data files may have changed: every open spec looks again. */
  dataChanged(): void {
    for (const state of this.#states.values()) this.#plan(state, QUIET_MS, true);
  }

  fitted(params: FittedParams): void {
    // A client that does not say which data were fitted means those of now.
    const dataVersion = params.dataVersion ?? this.get(params.uri)?.profile?.version;
    this.#fits.set(params.uri, { ...params, ...(dataVersion === undefined ? {} : { dataVersion }) });
    this.#invalidate(params.uri);
  }

  fitForgotten({ uri }: FitForgottenParams): void {
    this.#fits.delete(uri);
    this.#invalidate(uri);
  }

  /** Everything about an open document; `null` when it is not open. */
  get(uri: string): FeatureContext | null {
    const state = this.#states.get(uri);
    return state === undefined ? null : this.#contextOf(state);
  }

  /**
   * The same, of the data as they are now, for what changes the text: looks at the data file, and waits while it is read. Data that take
   * too long count as not read. `null` when the text was changed or closed in the meantime, or nobody waits any more.
   */
  async fresh(uri: string, isCancelled: () => boolean): Promise<FeatureContext | null> {
    const state = this.#states.get(uri);
    if (state === undefined) return null;
    const { version } = state.document;
    const done = await within(LONGEST_WAIT_MS, this.#readSoon(state));
    if (this.#states.get(uri) !== state || state.document.version !== version || isCancelled()) return null;
    return done ? this.#contextOf(state) : this.#contextWith(state, null, false);
  }

  #invalidate(uri: string): void {
    const state = this.#states.get(uri);
    if (state !== undefined) state.context = null;
    this.#host.refresh();
  }

  #contextOf(state: State): FeatureContext {
    if (state.context !== null) return state.context;
    const { document } = state;
    const parsed = parseSpec(document.getText());
    const { profile, current } = this.#profiles.held(document.uri, this.requestFor(document.uri, parsed));
    state.context = this.#contextWith(state, this.trusted ? profile : null, current, parsed);
    return state.context;
  }

  #contextWith({ document }: State, profile: DataProfile | null, current: boolean, parsed = parseSpec(document.getText())) {
    return makeContext({ document, parsed, profile, current, fitted: this.#fits.get(document.uri) ?? null, roots: this.roots });
  }

  /** What to read for a document; `null` when nothing can or may be read. A spec outside the workspace reads below its own folder. */
  requestFor(uri: string, { spec }: ParsedSpec): ProfileRequest | null {
    const path = pathOfUri(uri);
    return !this.trusted || spec === null || path === null || hasTooManyCovariates(spec)
      ? null
      : requestOf(spec, path, this.roots.some((root) => isBelow(path, root)) ? this.roots : []);
  }

  #plan(state: State, delay: number, again: boolean): void {
    if (state.timer !== null) clearTimeout(state.timer);
    state.again ||= again;
    state.timer = setTimeout(() => void this.#readNow(state), delay);
  }

  /** Brings the data of a document up to date without further delay. False when that could not be done, which is logged. */
  async #readNow(state: State): Promise<boolean> {
    if (state.timer !== null) clearTimeout(state.timer);
    const { again } = state;
    state.timer = null;
    state.again = false;
    try {
      await this.#readData(state, again);
      return true;
    } catch (error) {
      this.#host.log(`The data could not be read: ${String(error)}`);
      return false;
    }
  }

  /** The same, but not between two keystrokes: a name that is half typed asks for data that nobody wants. */
  async #readSoon(state: State): Promise<boolean> {
    const { version } = state.document;
    if (state.timer !== null) await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    return state.document.version !== version || this.#readNow(state);
  }

  async #readData(state: State, again: boolean): Promise<void> {
    const context = this.#contextOf(state);
    const { uri } = state.document;
    const request = this.requestFor(uri, context.parsed);
    if (request === null || !context.parsed.wellFormed) return;
    const title = `Reading ${request.source.kind === 'file' ? request.source.file : request.source.table}`;
    const news = await this.#profiles.refresh(uri, request, (work) => this.#host.withProgress(title, work), again);
    if (!news || this.#states.get(uri) !== state) return;
    state.context = null;
    this.#host.publish(this.#contextOf(state));
    this.#host.refresh();
  }
}

/** What some work comes to, or false when it does not end in time. */
async function within(milliseconds: number, work: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
