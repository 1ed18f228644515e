/** The results panels, one a fit: each shows a snapshot of the store, and asks the engine for its pictures. */
import { commands, type ExtensionContext, type Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { Problem } from '../../core/spec/problem.ts';
import { unreachable } from '../../protocol/exhaustive.ts';
import type { PanelCommand, PanelMessage, PanelPush, PanelSnapshot, PanelState } from '../../protocol/panel.ts';
import { Disposables } from '../disposable.ts';
import type { Engine } from '../engine.ts';
import { type FitKey, type FitStore, fitLabel, isStale, keyText } from '../fits/store.ts';
import type { Log } from '../log.ts';
import { plainMessage } from '../plain.ts';
import { showSpec } from '../specs.ts';
import { throttle } from '../throttle.ts';
import { fillPage } from './page.ts';
import { copyText, relayView, saveFile, writePrediction } from './requests.ts';

const TYPE = 'hmask.results';

/** Milliseconds between two snapshots while a fit reports its progress. */
const PAUSE = 80;

interface OpenPanel {
  readonly panel: WebviewPanel;
  /** Sends a snapshot, now or soon. */
  readonly push: () => void;
}

/** Panels outlive this object: VS Code keeps them over a reload of the window, and `restoreWith` takes them up again. */
export class ResultsPanels extends Disposables {
  private readonly panels = new Map<string, OpenPanel>();

  constructor(
    private readonly context: ExtensionContext,
    private readonly engine: Engine,
    private readonly store: FitStore,
    private readonly log: Log,
  ) {
    super();
    this.own(store.onDidChange((key) => this.panels.get(keyText(key))?.push()));
    this.own(store.onDidChangeGood(() => this.pushAll()));
  }

  /** Shows the panel of a fit beside the spec; an open one comes to the front. */
  show(key: FitKey, preserveFocus: boolean): void {
    const open = this.panels.get(keyText(key));
    if (open) {
      open.panel.reveal(undefined, preserveFocus);
      return;
    }
    const panel = window.createWebviewPanel(TYPE, title(key), { viewColumn: ViewColumn.Beside, preserveFocus });
    this.attach(panel, key);
  }

  /** Brings panels back after the window was reloaded; `find` gives the fit that a kept state is about. */
  restoreWith(find: (state: PanelState | undefined) => Promise<FitKey | null>): void {
    this.own(
      window.registerWebviewPanelSerializer(TYPE, {
        deserializeWebviewPanel: async (panel, state: PanelState | undefined) => {
          const key = await find(state);
          if (key && !this.panels.has(keyText(key))) this.attach(panel, key);
          else panel.dispose();
        },
      }),
    );
  }

  private attach(panel: WebviewPanel, key: FitKey): void {
    const push = throttle(PAUSE, () => this.push(panel, key));
    this.panels.set(keyText(key), { panel, push });
    panel.onDidDispose(() => {
      push.cancel();
      this.panels.delete(keyText(key));
    });
    panel.onDidChangeViewState(push);
    panel.webview.onDidReceiveMessage((message: PanelMessage) => this.receive(panel, key, message).catch((error) => this.report(error)));
    fillPage(panel.webview, this.context.extensionUri, 'panel', title(key));
  }

  private pushAll(): void {
    for (const { push } of this.panels.values()) push();
  }

  /** A hidden panel is left alone: it asks when it is shown again. */
  private push(panel: WebviewPanel, key: FitKey): void {
    const push: PanelPush = { kind: 'snapshot', snapshot: this.snapshot(key) };
    if (panel.visible) void panel.webview.postMessage(push);
  }

  private snapshot(key: FitKey): PanelSnapshot {
    const state = this.store.get(key);
    const { fit, report, progress, error } = state;
    return {
      spec: fitLabel(key),
      fit,
      report,
      fittedAt: state.fittedAt?.toISOString() ?? null,
      stale: isStale(state),
      progress,
      error,
      problems: state.problems.filter(matters).map(({ severity, code, message }) => ({ severity, code, message })),
      calibration: this.store.calibration(key.uri),
      fits: this.store.good().map((good) => ({ fit: good.fit!, title: fitLabel(good) })),
    };
  }

  private async receive(panel: WebviewPanel, key: FitKey, message: PanelMessage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        return this.push(panel, key);
      case 'view':
        return relayView(panel.webview, this.engine, message.id, message.fit, message.request);
      case 'command':
        return run(message.command, key);
      case 'act':
        return void commands.executeCommand('hmask.act', key, message.action);
      case 'save':
        return saveFile(key.uri, message.file);
      case 'copy':
        return copyText(message.text);
      case 'add_prediction':
        return writePrediction(key.uri, message.scenario);
      case 'fault':
        return this.log.error(`The results panel: ${message.message}`);
      default:
        return unreachable(message);
    }
  }

  private report(error: unknown): void {
    this.log.error(error);
    void window.showErrorMessage(plainMessage(error instanceof Error ? error.message : String(error)));
  }
}

/** What a reader of results must know; the editor shows the rest where it is. */
const matters = ({ severity }: Problem): boolean => severity === 'error' || severity === 'warning';

const title = (key: FitKey): string => `${key.priorOnly ? 'Priors' : 'Results'}: ${fileName(key.uri)}`;

const fileName = (uri: Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);

const COMMANDS: Readonly<Record<Exclude<PanelCommand, 'open_spec'>, string>> = {
  fit: 'hmask.fit',
  cancel: 'hmask.cancel',
  check_priors: 'hmask.checkPriors',
  open_predictions: 'hmask.openPredictions',
  calibrate: 'hmask.calibrate',
  cancel_calibration: 'hmask.cancelCalibration',
};

async function run(command: PanelCommand, key: FitKey): Promise<void> {
  if (command === 'open_spec') return showSpec(key.uri);
  const again = command === 'fit' && key.priorOnly ? 'check_priors' : command;
  await commands.executeCommand(COMMANDS[again], key.uri);
}
