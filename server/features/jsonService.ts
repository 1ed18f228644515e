/** What every JSON language server does, by vscode-json-languageservice with the spec's schema. */
import { getLanguageService, type JSONDocument, type SelectionRange, type TextDocument } from 'vscode-json-languageservice';
import type { CompletionList, FoldingRange, Position } from 'vscode-languageserver/node';
import { SCHEMA } from './schema.ts';

const ADDRESS = 'hmask://schema';

const service = getLanguageService({
  // Whatever "$schema" a document names, its schema is this one; nothing is fetched.
  schemaRequestService: () => Promise.resolve(JSON.stringify(SCHEMA)),
  workspaceContext: { resolveRelativePath: () => ADDRESS },
});
service.configure({ validate: false, allowComments: true, schemas: [{ uri: ADDRESS, fileMatch: ['*'], schema: SCHEMA }] });

const parsed = new WeakMap<TextDocument, { version: number; json: JSONDocument }>();

/** Keys and the words of closed sets. */
export async function completeFromSchema(document: TextDocument, position: Position): Promise<CompletionList | null> {
  return service.doComplete(document, position, jsonOf(document));
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
