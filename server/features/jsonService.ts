/** What every JSON language server does, by vscode-json-languageservice with the spec's schema. */
import { getLanguageService, type JSONDocument, type SelectionRange, type TextDocument } from 'vscode-json-languageservice';
import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  type FoldingRange,
  InsertTextFormat,
  type Position,
} from 'vscode-languageserver/node';
import { SCHEMA } from './schema.ts';

const ADDRESS = 'hmask://schema';

const service = getLanguageService({
  // Whatever "$schema" a document names, its schema is this one; nothing is fetched.
  schemaRequestService: () => Promise.resolve(JSON.stringify(SCHEMA)),
  workspaceContext: { resolveRelativePath: () => ADDRESS },
});
service.configure({ validate: false, allowComments: true, schemas: [{ uri: ADDRESS, fileMatch: ['*'], schema: SCHEMA }] });

const parsed = new WeakMap<TextDocument, { version: number; json: JSONDocument }>();

/** Words of the spec's format that this version refuses. */
const REFUSED = new Set(['"impute"']);

/** Keys and the words of closed sets. */
export async function completeFromSchema(document: TextDocument, position: Position): Promise<CompletionList | null> {
  const list = await service.doComplete(document, position, jsonOf(document));
  return list === null ? null : { ...list, items: list.items.filter((i) => !REFUSED.has(i.label)).map((i) => withValue(document, i)) };
}

/** Where a key may have values of several types, the service leaves them and the colon to be typed: all such may be texts. */
function withValue(document: TextDocument, item: CompletionItem): CompletionItem {
  const edit = item.textEdit;
  if (item.kind !== CompletionItemKind.Property || edit === undefined || !('range' in edit)) return item;
  const { newText, range } = edit;
  const after = document.getText().slice(document.offsetAt(range.end));
  if (newText.trimEnd() !== JSON.stringify(item.label) || /^\s*:/.test(after)) return item;
  const text = `${newText.trimEnd().replaceAll('$', '\\$')}: "$1"`;
  return { ...item, insertText: text, insertTextFormat: InsertTextFormat.Snippet, textEdit: { range, newText: text } };
}

export const foldingRanges = (document: TextDocument): FoldingRange[] => service.getFoldingRanges(document, { rangeLimit: 5000 });

export const selectionRanges = (document: TextDocument, positions: Position[]): SelectionRange[] =>
  service.getSelectionRanges(document, positions, jsonOf(document));

function jsonOf(document: TextDocument): JSONDocument {
  const known = parsed.get(document);
  if (known?.version === document.version) return known.json;
  const json = service.parseJSONDocument(document);
  parsed.set(document, { version: document.version, json });
  return json;
}
