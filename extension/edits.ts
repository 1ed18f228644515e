import type { Edit } from 'jsonc-parser';
import { Range, type TextDocument, WorkspaceEdit, workspace } from 'vscode';

/** Makes edits of a document's present text in its editor, where they are one step to undo. */
export async function editDocument(document: TextDocument, edits: readonly Edit[]): Promise<void> {
  const edit = new WorkspaceEdit();
  for (const { offset, length, content } of edits) {
    edit.replace(document.uri, new Range(document.positionAt(offset), document.positionAt(offset + length)), content);
  }
  await workspace.applyEdit(edit);
}
