/** Composes the extension. It only relays: fits run in the engine's worker, checks in the language server's process. */
import { commands, type ExtensionContext, window, workspace } from 'vscode';
import { registerCommands } from './commands/index.ts';
import { Fitter } from './fits/fitter.ts';
import { Reload } from './fits/reload.ts';
import { FitStore } from './fits/store.ts';
import { LanguageServer } from './language/client.ts';
import { Log } from './log.ts';
import { ResultsPanels } from './panel/results.ts';
import type { Services } from './services.ts';
import { FitsTree } from './views/fits.ts';
import { PredictionsView } from './views/predictions.ts';
import { StatusItem } from './views/status.ts';
import { WorkerEngine } from './workerEngine.ts';

let server: LanguageServer | null = null;

export function activate(context: ExtensionContext): void {
  const own = <T extends { dispose(): void }>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };
  const log = own(new Log());
  const store = own(new FitStore());
  const engine = own(new WorkerEngine(context, log, () => store.lose()));
  const fitter = own(new Fitter(engine, store, log));
  const panels = own(new ResultsPanels({ context, engine, store, log }));
  const predictions = own(new PredictionsView({ context, engine, store, log }));
  const reload = own(new Reload(context, fitter, store));
  panels.restoreWith((spec) => reload.restore(spec));
  own(new FitsTree(store));
  own(new StatusItem(store));
  server = new LanguageServer(context, log, engine, store);
  const services: Services = { context, log, engine, store, fitter, panels, predictions, server };
  context.subscriptions.push(...registerCommands(services));
  own(store.onDidChange(() => setContexts(store)));
  if (workspace.isTrusted) engine.warm();
  void server.start().catch((error: unknown) => {
    log.error(error);
    void window.showErrorMessage('The hmask language server did not start, so specs are not checked; the log says why.');
  });
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** What the manifest's `when` clauses ask for. */
function setContexts(store: FitStore): void {
  void commands.executeCommand('setContext', 'hmask.fitting', store.running().length > 0);
  void commands.executeCommand('setContext', 'hmask.fitted', store.good().length > 0);
}
