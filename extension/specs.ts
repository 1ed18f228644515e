/** Finds the spec that a command is about, and says what the engine may read for it. */
import { dirname } from 'node:path';
import { commands, Disposable, type TextDocument, Uri, ViewColumn, window, workspace } from 'vscode';
import type { SpecSource } from '../protocol/engine.ts';
import { plainLabel } from './plain.ts';

export const LANGUAGE = 'hmask';

/** What a command may be given: the place of a spec, or something that belongs to one (a fit in the tree). */
export type SpecArgument = Uri | string | { readonly uri: Uri } | undefined;

/**
 * The spec of `argument`; without one the spec in front, else the one that the user picks among the workspace's.
 * `undefined` when there is none, or the user picks none.
 */
export async function findSpec(argument: SpecArgument): Promise<TextDocument | undefined> {
  const uri = toUri(argument);
  if (uri) return workspace.openTextDocument(uri);
  const front = specInFront();
  if (front) return front;
  const picked = await pickSpec();
  return picked && workspace.openTextDocument(picked);
}

/** The spec of the active editor, else of the only visible editor with one. */
export function specInFront(): TextDocument | undefined {
  const active = window.activeTextEditor?.document;
  if (active?.languageId === LANGUAGE) return active;
  const visible = window.visibleTextEditors.map((editor) => editor.document).filter((document) => document.languageId === LANGUAGE);
  return new Set(visible).size === 1 ? visible[0] : undefined;
}

/** Tells when another spec may be in front: also when its editor comes into sight beside a webview that stays active, as after a reload. */
export function onDidChangeSpecInFront(tell: (uri: Uri | undefined) => void): Disposable {
  const look = () => tell(specInFront()?.uri);
  return Disposable.from(window.onDidChangeActiveTextEditor(look), window.onDidChangeVisibleTextEditors(look));
}

/** Brings the spec to the front, in the column where it is open. */
export async function showSpec(uri: Uri): Promise<void> {
  const open = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  await window.showTextDocument(uri, { viewColumn: open?.viewColumn ?? ViewColumn.One, preview: false });
}

/** A spec's path as the user knows it. */
export const specLabel = (uri: Uri): string => workspace.asRelativePath(uri);

/** The spec as the engine takes it: the text as it stands in the editor, and the folders whose files may be read. */
export function specSource(document: TextDocument): SpecSource {
  const folders = workspace.workspaceFolders?.map((folder) => folder.uri.fsPath) ?? [];
  const inside = workspace.getWorkspaceFolder(document.uri) !== undefined;
  return { path: document.uri.fsPath, text: document.getText(), roots: inside ? folders : [dirname(document.uri.fsPath)] };
}

/** The place of what a command was given. */
export function toUri(argument: SpecArgument): Uri | undefined {
  if (argument === undefined || argument instanceof Uri) return argument;
  if (typeof argument !== 'string') return argument.uri;
  return argument.includes('://') || argument.startsWith('file:') ? Uri.parse(argument, true) : Uri.file(argument);
}

async function pickSpec(): Promise<Uri | undefined> {
  const found = await workspace.findFiles('**/*.hmask.json', '**/node_modules/**', 1000);
  if (found.length === 0) {
    const simulate = 'Simulate the Reference Problem';
    const chosen = await window.showInformationMessage(
      'This workspace has no .hmask.json spec yet. Start from the reference problem?',
      simulate,
    );
    if (chosen === simulate) await commands.executeCommand('hmask.simulate');
    return undefined;
  }
  if (found.length === 1) return found[0];
  const items = found.map((uri) => ({ uri, label: plainLabel(specLabel(uri)) })).sort((a, b) => a.label.localeCompare(b.label));
  return (await window.showQuickPick(items, { title: 'Fit Hierarchical Model', placeHolder: 'Which spec?' }))?.uri;
}
