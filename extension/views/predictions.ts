/** The side view Predictions: live predictions of the spec that the user works on. */
import { commands, type ExtensionContext, type Uri, type WebviewView, type WebviewViewProvider, window } from 'vscode';
import { unreachable } from '../../protocol/exhaustive.ts';
import type { PredictionsMessage, PredictionsPush, PredictionsSnapshot } from '../../protocol/predictions.ts';
import { Disposables } from '../disposable.ts';
import type { Engine } from '../engine.ts';
import { type FitStore, isStale } from '../fits/store.ts';
import type { Log } from '../log.ts';
import { fillPage } from '../panel/page.ts';
import { copyText, relayView, writePrediction } from '../panel/requests.ts';
import { plainMessage } from '../plain.ts';
import { showSpec, specInFront, specLabel } from '../specs.ts';
import { throttle } from '../throttle.ts';

const ID = 'hmask.predictions';
/** Milliseconds between two snapshots while a fit reports its progress. */
const PAUSE = 80;

export class PredictionsView extends Disposables implements WebviewViewProvider {
  private view: WebviewView | null = null;
  /** The spec that was worked on last: shown, or fitted. */
  private uri: Uri | null = specInFront()?.uri ?? null;

  constructor(
    private readonly context: ExtensionContext,
    private readonly engine: Engine,
    private readonly store: FitStore,
    private readonly log: Log,
  ) {
    super();
    this.own(window.registerWebviewViewProvider(ID, this));
    this.own(window.onDidChangeActiveTextEditor(() => this.follow(specInFront()?.uri)));
    this.own(
      store.onDidChange((key) => {
        if (!key.priorOnly) this.follow(key.uri);
      }),
    );
  }

  /** Brings the view to the front, for `uri` when it is given. */
  async show(uri?: Uri): Promise<void> {
    this.follow(uri);
    await commands.executeCommand(`${ID}.focus`);
  }

  resolveWebviewView(view: WebviewView): void {
    this.view = view;
    view.onDidDispose(() => {
      this.push.cancel();
      this.view = null;
    });
    view.onDidChangeVisibility(() => this.push());
    view.webview.onDidReceiveMessage((message: PredictionsMessage) => this.receive(view, message).catch((error) => this.report(error)));
    fillPage(view.webview, this.context.extensionUri, 'predictions', 'Predictions');
  }

  private follow(uri: Uri | undefined): void {
    if (uri) this.uri = uri;
    this.push();
  }

  private readonly push = throttle(PAUSE, () => {
    const push: PredictionsPush = { kind: 'snapshot', snapshot: this.snapshot() };
    if (this.view?.visible) void this.view.webview.postMessage(push);
  });

  private snapshot(): PredictionsSnapshot {
    if (!this.uri) return { spec: null, fit: null, report: null, stale: false, fitting: false };
    const state = this.store.get({ uri: this.uri, priorOnly: false });
    const { fit, report, progress } = state;
    return { spec: specLabel(this.uri), fit, report, stale: isStale(state), fitting: progress !== null };
  }

  private async receive(view: WebviewView, message: PredictionsMessage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        return this.push();
      case 'view':
        return relayView(view.webview, this.engine, message.id, message.fit, message.request);
      case 'command':
        return this.run(message.command);
      case 'add_prediction':
        return this.uri ? writePrediction(this.uri, message.scenario) : undefined;
      case 'copy':
        return copyText(message.text);
      case 'fault':
        return this.log.error(`The predictions view: ${message.message}`);
      default:
        return unreachable(message);
    }
  }

  private async run(command: Extract<PredictionsMessage, { kind: 'command' }>['command']): Promise<void> {
    if (command !== 'open_spec') await commands.executeCommand(COMMANDS[command], this.uri ?? undefined);
    else if (this.uri) await showSpec(this.uri);
  }

  private report(error: unknown): void {
    this.log.error(error);
    void window.showErrorMessage(plainMessage(error instanceof Error ? error.message : String(error)));
  }
}

const COMMANDS = { fit: 'hmask.fit', open_results: 'hmask.openResults' } as const;
