/** Columns within the SQL condition of `where`. */
import { type CompletionItem, CompletionItemKind, type CompletionList } from 'vscode-languageserver/node';
import { type FeatureContext, toRange } from '../context.ts';
import { columnChoices } from './completionNames.ts';

/** The columns, in place of the word under the cursor; in double quotes where SQL needs them. `null` outside the text. */
export function completeWhere(context: FeatureContext, offset: number): CompletionList | null {
  const { text } = context;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset).replace(/\\./g, '  ');
  if ((before.match(/"/g) ?? []).length % 2 === 0) return null;
  const isWord = (at: number) => /\w/.test(text[at] ?? '');
  let start = offset;
  while (start > lineStart && isWord(start - 1)) start--;
  let end = offset;
  while (isWord(end)) end++;
  const range = toRange(context, { start, end });
  const items = columnChoices(context, 'covariate').map(({ label, detail, documentation }, i): CompletionItem => {
    const sql = /^[A-Za-z_]\w*$/.test(label) ? label : `"${label.replaceAll('"', '""')}"`;
    return {
      label,
      kind: CompletionItemKind.Field,
      ...(detail === undefined ? {} : { detail }),
      ...(documentation === undefined ? {} : { documentation: { kind: 'markdown' as const, value: documentation } }),
      sortText: String(i).padStart(5, '0'),
      textEdit: { range, newText: JSON.stringify(sql).slice(1, -1) },
    };
  });
  return items.length === 0 ? null : { isIncomplete: false, items };
}
