/** Looking at kept fits: open, save, forget. */
import { basename, dirname, join } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { type FitKey, type FitState, fitLabel } from '../fits/store.ts';
import { summaryCsv } from '../fits/summaryCsv.ts';
import type { Services } from '../services.ts';
import { findSpec, type SpecArgument } from '../specs.ts';

/** Brings the results panel of a spec to the front. */
export async function openResults({ panels }: Services, argument?: SpecArgument | FitKey): Promise<void> {
  const key = await findKey(argument);
  if (key) panels.show(key, false);
}

/** Brings the predictions view to the front. */
export async function openPredictions({ predictions }: Services, argument?: SpecArgument): Promise<void> {
  const document = argument ? await findSpec(argument) : undefined;
  await predictions.show(document?.uri);
}

/** Saves the report of a fit: as the JSON of `hmask fit --json`, or the summary table as CSV. */
export async function exportSummary({ store }: Services, argument?: SpecArgument | FitKey): Promise<void> {
  const key = await findKey(argument);
  if (!key) return;
  const { report } = store.get(key);
  if (!report) {
    void window.showInformationMessage('This spec has not been fitted yet, so there is nothing to save.');
    return;
  }
  const defaultUri = Uri.file(join(dirname(key.uri.fsPath), `${basename(key.uri.fsPath, '.hmask.json')}.results.json`));
  const target = await window.showSaveDialog({
    defaultUri,
    filters: { 'Everything, as JSON': ['json'], 'The summary table, as CSV': ['csv'] },
  });
  if (!target) return;
  const content = target.path.endsWith('.csv') ? summaryCsv(report) : `${JSON.stringify(report, null, 2)}\n`;
  await workspace.fs.writeFile(target, Buffer.from(content));
}

/** Drops a fit from memory. */
export async function forgetFit({ store, engine }: Services, state: FitState): Promise<void> {
  const forget = 'Forget It';
  const detail = 'Its draws are dropped; the spec and its data stay as they are.';
  const choice = await window.showWarningMessage(`Forget the fit of ${fitLabel(state)}?`, { modal: true, detail }, forget);
  if (choice !== forget) return;
  for (const fit of store.forget(state)) engine.forget(fit);
}

async function findKey(argument?: SpecArgument | FitKey): Promise<FitKey | undefined> {
  if (typeof argument === 'object' && 'priorOnly' in argument) return argument;
  const document = await findSpec(argument);
  return document && { uri: document.uri, priorOnly: false };
}
