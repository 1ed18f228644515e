/** What both webviews ask of the extension host: views of a fit, the clipboard, files, edits of the spec. */
import { basename, join } from 'node:path';
import { env, Uri, type Webview, window, workspace } from 'vscode';
import type { FitId } from '../../protocol/engine.ts';
import type { SavedFile } from '../../protocol/panel.ts';
import type { Scenario, ViewRequest, ViewResponse } from '../../protocol/views.ts';
import { editDocument } from '../edits.ts';
import type { Engine } from '../engine.ts';
import { addPrediction } from '../fits/predictions.ts';
import { plainLabel } from '../plain.ts';

/** Hands a question on to the engine, and the answer, or why there is none, back to the webview. */
export async function relayView(webview: Webview, engine: Engine, id: number, fit: FitId, request: ViewRequest): Promise<void> {
  const push = await engine.view(fit, request).then(
    (response: ViewResponse) => ({ kind: 'view', id, response }) as const,
    (error: unknown) => ({ kind: 'view_failed', id, message: error instanceof Error ? error.message : String(error) }) as const,
  );
  await webview.postMessage(push);
}

/** Appends a what-if scenario to the spec, in its open document, where it can be undone. */
export async function writePrediction(uri: Uri, scenario: Scenario): Promise<void> {
  const document = await workspace.openTextDocument(uri);
  await editDocument(document, addPrediction(document.getText(), scenario));
  window.setStatusBarMessage(`$(check) Added to the predictions of ${plainLabel(basename(uri.path))}; not saved yet`, 5000);
}

/** Saves a picture or a table where the user says, by default beside the spec. */
export async function saveFile(spec: Uri, { name, encoding, content }: SavedFile): Promise<void> {
  const defaultUri = Uri.file(join(spec.fsPath, '..', basename(name)));
  const target = await window.showSaveDialog({ defaultUri });
  if (target) await workspace.fs.writeFile(target, Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'));
}

/** Puts text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  await env.clipboard.writeText(text);
  window.setStatusBarMessage('$(check) Copied', 2000);
}
