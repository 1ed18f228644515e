/** The results panels, one a fit: each shows a snapshot of the store, and asks the engine for its pictures. */
import { commands, type Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { Problem } from '../../core/spec/problem.ts';
import { unreachable } from '../../protocol/exhaustive.ts';
import type { PageMessage } from '../../protocol/page.ts';
import type { FitTitle, PanelCommand, PanelMessage, PanelSnapshot } from '../../protocol/panel.ts';
import { isPanelMessage, specOfState } from '../../protocol/received.ts';
import { Disposables } from '../disposable.ts';
import { clock, type FitKey, type FitStore, fitLabel, isStale, keyText, type SpecFit } from '../fits/store.ts';
import { showSpec } from '../specs.ts';
import { KEPT, Page, type PageServices } from './page.ts';
import { saveFile } from './requests.ts';

const TYPE = 'hmask.results';

/** Panels outlive this object: VS Code keeps them over a reload of the window, and `restoreWith` takes them up again. */
export class ResultsPanels extends Disposables {
  readonly #panels = new Map<string, { readonly panel: WebviewPanel; readonly page: Page<PanelSnapshot, PanelMessage> }>();

  readonly #services: PageServices;

  constructor(services: PageServices) {
    super();
    this.#services = services;
    const { store } = services;
    this.own(store.onDidChange((key) => this.#panels.get(keyText(key))?.page.push()));
    this.own(
      store.onDidChangeGood(() => {
        for (const { page } of this.#panels.values()) page.push();
      }),
    );
  }

  /** Shows the panel of a fit beside the spec; an open one comes to the front. */
  show(key: FitKey, preserveFocus: boolean): void {
    const open = this.#panels.get(keyText(key));
    if (open) {
      open.panel.reveal(undefined, preserveFocus);
      return;
    }
    this.#attach(window.createWebviewPanel(TYPE, title(key), { viewColumn: ViewColumn.Beside, preserveFocus }, KEPT), key);
  }

  /** Brings panels back after the window was reloaded; `find` gives the fit of the spec that a kept state names. */
  restoreWith(find: (spec: string | null) => Promise<FitKey | null>): void {
    this.own(
      window.registerWebviewPanelSerializer(TYPE, {
        deserializeWebviewPanel: async (panel, state: unknown) => {
          const key = await find(specOfState(state));
          if (key && !this.#panels.has(keyText(key))) this.#attach(panel, key);
          else panel.dispose();
        },
      }),
    );
  }

  #attach(panel: WebviewPanel, key: FitKey): void {
    const page = new Page<PanelSnapshot, PanelMessage>(this.#services, panel, {
      kind: 'panel',
      title: title(key),
      snapshot: () => snapshotOf(key, this.#services.store),
      spec: () => key.uri,
      isMessage: isPanelMessage,
      receive: (message) => receive(message, key),
    });
    this.#panels.set(keyText(key), { panel, page });
    panel.onDidDispose(() => this.#panels.delete(keyText(key)));
    panel.onDidChangeViewState(page.push);
  }
}

function snapshotOf(key: FitKey, store: FitStore): PanelSnapshot {
  const state = store.get(key);
  const { fit, progress, error } = state;
  return {
    spec: fitLabel(key),
    fit,
    fittedAt: state.fittedAt?.toISOString() ?? null,
    stale: isStale(state),
    progress,
    error,
    problems: state.problems.filter(matters).map(({ severity, code, message }) => ({ severity, code, message })),
    calibration: store.calibration(key.uri),
    fits: titlesOf(state, store.good()),
  };
}

/** What Compare can set side by side with a fit, itself first; fits of its own spec go by their time. */
function titlesOf(shown: SpecFit, good: readonly SpecFit[]): FitTitle[] {
  const title = (state: SpecFit): FitTitle => ({ fit: state.fit!, title: fitLabel(state), before: null });
  const earlier = shown.earlier.map(({ fit, fittedAt }, i): FitTitle => {
    const at = clock(fittedAt);
    return { fit, title: `${i === 0 ? 'Previous fit' : 'Earlier fit'}, ${at}`, before: at };
  });
  const others = good.filter((state) => state.fit !== shown.fit);
  return [...(shown.fit === null ? [] : [title(shown)]), ...earlier, ...others.map(title)];
}

async function receive(message: Exclude<PanelMessage, PageMessage>, key: FitKey): Promise<unknown> {
  switch (message.kind) {
    case 'command':
      return run(message.command, key);
    case 'act':
      return commands.executeCommand('hmask.act', key, message.action);
    case 'save':
      return saveFile(key.uri, message.file);
    default:
      return unreachable(message);
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
