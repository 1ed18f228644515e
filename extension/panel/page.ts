/** One webview of ours: what it starts from, what is pushed to it, and what every page asks for alike. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExtensionContext, Uri, type WebviewPanel, type WebviewView, window } from 'vscode';
import type { FitId } from '../../protocol/engine.ts';
import { webviewHtml } from '../../protocol/html.ts';
import type { PageMessage, PagePush } from '../../protocol/page.ts';
import { numberOfQuestion } from '../../protocol/received.ts';
import { Disposables } from '../disposable.ts';
import type { Engine } from '../engine.ts';
import type { FitStore } from '../fits/store.ts';
import type { Log } from '../log.ts';
import { plainMessage } from '../plain.ts';
import { throttle } from '../throttle.ts';
import { copyText, relayView, writePrediction } from './requests.ts';

/** What a page needs of the extension. */
export interface PageServices {
  readonly context: ExtensionContext;
  readonly log: Log;
  readonly engine: Engine;
  readonly store: FitStore;
}

/** What makes a page the one it is. `Message` is what it may send, `PageMessage` included. */
export interface PageContent<Snapshot, Message> {
  readonly kind: 'panel' | 'predictions';
  readonly title: string;
  /** All that it shows now. */
  snapshot(): Snapshot;
  /** The spec that predictions are written to. */
  spec(): Uri | null;
  /** Whether something that came from the page is a message of its. */
  isMessage(message: unknown): message is Message;
  /** What not every page sends. */
  receive(message: Exclude<Message, PageMessage>): Promise<unknown> | undefined;
}

/** A page that is hidden stays as it is: shown again it is there at once, and is told what has changed meanwhile. */
export const KEPT = { retainContextWhenHidden: true } as const;

/** Milliseconds between two snapshots while a fit reports its progress. */
const PAUSE = 80;

export class Page<Snapshot extends { readonly fit: FitId | null }, Message extends { readonly kind: string }> extends Disposables {
  /** The fit whose results the page has. */
  #sent: FitId | null = null;
  #sending: Promise<void> = Promise.resolve();
  #disposed = false;

  readonly #services: PageServices;
  readonly #surface: WebviewPanel | WebviewView;
  readonly #content: PageContent<Snapshot, Message>;

  constructor(services: PageServices, surface: WebviewPanel | WebviewView, content: PageContent<Snapshot, Message>) {
    super();
    this.#services = services;
    this.#surface = surface;
    this.#content = content;
    const { webview } = surface;
    surface.onDidDispose(() => this.dispose());
    webview.onDidReceiveMessage((message: unknown) => this.#take(message).catch((error) => this.#report(error)));
    this.#fill();
    this.push(); // VS Code keeps what comes before the page is there.
  }

  /** Sends a snapshot, now or soon; to a hidden page when it is shown again, if then asked once more. */
  readonly push = throttle(PAUSE, () => {
    // One after the other: the results of a fit go ahead of the first snapshot that names it.
    this.#sending = this.#sending.then(() => this.#send()).catch((error) => this.#report(error));
  });

  override dispose(): void {
    this.#disposed = true;
    this.push.cancel();
    super.dispose();
  }

  #fill(): void {
    const { webview } = this.#surface;
    const { kind, title } = this.#content;
    const folder = Uri.joinPath(this.#services.context.extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    webview.html = webviewHtml({
      nonce: randomBytes(18).toString('base64'),
      cspSource: webview.cspSource,
      script: textOf(join(folder.fsPath, `${kind}.js`)),
      style: textOf(join(folder.fsPath, `${kind}.css`)),
      charts: textOf(join(folder.fsPath, 'charts.js')),
      librariesUri: `${webview.asWebviewUri(folder)}/`,
      title,
      kind,
    });
  }

  async #send(): Promise<void> {
    if (this.#disposed || !this.#surface.visible) return;
    const { fit } = this.#content.snapshot();
    if (fit !== null && fit !== this.#sent) {
      const view = await this.#services.engine.view(fit, { kind: 'results' });
      if (this.#disposed) return;
      if (view.kind === 'results') this.#post({ kind: 'results', fit, content: view.content });
      this.#sent = fit;
    }
    this.#post({ kind: 'snapshot', snapshot: this.#content.snapshot() });
  }

  #post(push: PagePush<Snapshot>): void {
    void this.#surface.webview.postMessage(push);
  }

  /** What is no message is dropped, with a line in the log; a question gets its answer, that it is none. */
  async #take(message: unknown): Promise<void> {
    if (this.#content.isMessage(message)) return this.#receive(message);
    this.#services.log.error(`The page ${this.#content.kind} sent what is no message of its.`);
    const id = numberOfQuestion(message);
    if (id !== null) this.#post({ kind: 'view_failed', id, message: 'This cannot be asked of a fit.' });
  }

  async #receive(message: Message | PageMessage): Promise<void> {
    if (!isShared(message)) {
      await this.#content.receive(message as Exclude<Message, PageMessage>);
      return;
    }
    switch (message.kind) {
      case 'want_results':
        this.#sent = null;
        return this.push();
      case 'ready':
        return this.push();
      case 'view':
        return relayView(this.#surface.webview, this.#services.engine, message.id, message.fit, message.request);
      case 'add_prediction': {
        const spec = this.#content.spec();
        return spec === null ? undefined : writePrediction(spec, message.scenario);
      }
      case 'copy':
        return copyText(message.text);
      case 'fault':
        return this.#services.log.error(`The page ${this.#content.kind}: ${message.message}`);
    }
  }

  #report(error: unknown): void {
    this.#services.log.error(error);
    void window.showErrorMessage(plainMessage(error instanceof Error ? error.message : String(error)));
  }
}

const SHARED: ReadonlySet<string> = new Set<PageMessage['kind']>(['ready', 'want_results', 'view', 'add_prediction', 'copy', 'fault']);

const isShared = (message: { readonly kind: string }): message is PageMessage => SHARED.has(message.kind);

const texts = new Map<string, string>();

/** A file of ours, read once. */
function textOf(file: string): string {
  const text = texts.get(file) ?? readFileSync(file, 'utf8');
  texts.set(file, text);
  return text;
}
