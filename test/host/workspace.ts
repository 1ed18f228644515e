/** The folder that the tests have open: a copy of examples/manufacturing. */
import assert from 'node:assert/strict';
import { type Diagnostic, extensions, languages, type TextDocument, Uri, window, workspace } from 'vscode';

export const fileIn = (name: string): Uri => Uri.joinPath(workspace.workspaceFolders![0].uri, name);

/** Shows the example's spec, with the extension started. */
export async function showExample(): Promise<TextDocument> {
  const document = await workspace.openTextDocument(fileIn('manufacturing.hmask.json'));
  await window.showTextDocument(document);
  await extensions.getExtension('hmask.hmask')!.activate();
  return document;
}

/** A new spec with this text, shown. */
export async function showSpec(name: string, text: string): Promise<TextDocument> {
  await workspace.fs.writeFile(fileIn(name), Buffer.from(text));
  const document = await workspace.openTextDocument(fileIn(name));
  await window.showTextDocument(document);
  return document;
}

/** Waits until `value` gives something, and returns it. */
export async function eventually<T>(what: string, value: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const end = Date.now() + 120_000; Date.now() < end; await new Promise((done) => setTimeout(done, 50))) {
    const found = await value();
    if (found !== undefined) return found;
  }
  assert.fail(`Not seen: ${what}`);
}

/** The first diagnostic with this code. */
export const diagnostic = (uri: Uri, code: string): Promise<Diagnostic> =>
  eventually(`${code} in ${uri.path}`, () =>
    languages.getDiagnostics(uri).find((d) => (typeof d.code === 'object' ? d.code.value : d.code) === code),
  );
