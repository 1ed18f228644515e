/** Looking at kept fits: open, save, forget. */
import { basename, dirname, join } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { type ExportFormat, FORMATS } from '../../core/export/index.ts';
import { type FitKey, fitLabel, type SpecFit } from '../fits/store.ts';
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

/** Saves a fit in one of the formats of `core/export`. */
export async function exportSummary({ store, engine }: Services, argument?: SpecArgument | FitKey): Promise<void> {
  const key = await findKey(argument);
  if (!key) return;
  const { report, fit } = store.get(key);
  if (!report || fit === null) {
    void window.showInformationMessage('This spec has not been fitted yet, so there is nothing to save.');
    return;
  }
  const formats = Object.entries(FORMATS).map(([format, { title }]) => ({ label: title, format: format as ExportFormat }));
  const chosen = await window.showQuickPick(formats, { title: 'Save a Fit', placeHolder: 'What of it?' });
  if (!chosen) return;
  const { suffix, extension } = FORMATS[chosen.format];
  const name = `${basename(key.uri.fsPath, '.hmask.json')}.${suffix}.${extension}`;
  const target = await window.showSaveDialog({
    defaultUri: Uri.file(join(dirname(key.uri.fsPath), name)),
    filters: { [chosen.label]: [extension] },
  });
  if (target) await workspace.fs.writeFile(target, await engine.export(fit, chosen.format));
}

/** Drops a fit from memory. */
export async function forgetFit({ store, engine }: Services, state: SpecFit): Promise<void> {
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
