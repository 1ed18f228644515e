/** The side view Predictions: live predictions of the spec that the user works on. */
import { commands, type Uri, type WebviewView, type WebviewViewProvider, window } from 'vscode';
import type { PageMessage } from '../../protocol/page.ts';
import type { PredictionsMessage, PredictionsSnapshot } from '../../protocol/predictions.ts';
import { isPredictionsMessage } from '../../protocol/received.ts';
import { Disposables } from '../disposable.ts';
import { isStale } from '../fits/store.ts';
import { KEPT, Page, type PageServices } from '../panel/page.ts';
import { onDidChangeSpecInFront, showSpec, specInFront, specLabel } from '../specs.ts';

const ID = 'hmask.predictions';

export class PredictionsView extends Disposables implements WebviewViewProvider {
  #page: Page<PredictionsSnapshot, PredictionsMessage> | null = null;
  /** The spec that was worked on last: shown, or fitted. */
  #uri: Uri | null = specInFront()?.uri ?? null;

  readonly #services: PageServices;

  constructor(services: PageServices) {
    super();
    this.#services = services;
    this.own(window.registerWebviewViewProvider(ID, this, { webviewOptions: KEPT }));
    this.own(onDidChangeSpecInFront((uri) => this.#follow(uri)));
    this.own(
      services.store.onDidChange((key) => {
        if (!key.priorOnly) this.#follow(key.uri);
      }),
    );
  }

  /** Brings the view to the front, for `uri` when it is given. */
  async show(uri?: Uri): Promise<void> {
    this.#follow(uri);
    await commands.executeCommand(`${ID}.focus`);
  }

  resolveWebviewView(view: WebviewView): void {
    const page = new Page<PredictionsSnapshot, PredictionsMessage>(this.#services, view, {
      kind: 'predictions',
      title: 'Predictions',
      snapshot: () => this.#snapshot(),
      spec: () => this.#uri,
      isMessage: isPredictionsMessage,
      receive: (message) => this.#run(message),
    });
    this.#page = page;
    view.onDidDispose(() => {
      this.#page = null;
    });
    view.onDidChangeVisibility(page.push);
  }

  #follow(uri: Uri | undefined): void {
    if (uri) this.#uri = uri;
    this.#page?.push();
  }

  #snapshot(): PredictionsSnapshot {
    if (!this.#uri) return { spec: null, fit: null, stale: false, fitting: false };
    const state = this.#services.store.get({ uri: this.#uri, priorOnly: false });
    return { spec: specLabel(this.#uri), fit: state.fit, stale: isStale(state), fitting: state.progress !== null };
  }

  async #run({ command }: Exclude<PredictionsMessage, PageMessage>): Promise<void> {
    if (command !== 'open_spec') await commands.executeCommand(COMMANDS[command], this.#uri ?? undefined);
    else if (this.#uri) await showSpec(this.#uri);
  }
}

const COMMANDS = { fit: 'hmask.fit', open_results: 'hmask.openResults' } as const;
