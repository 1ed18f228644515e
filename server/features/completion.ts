import { getLocation } from 'jsonc-parser';
import { type CompletionItem, CompletionItemKind, type CompletionList, InsertTextFormat } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { newLine } from '../../core/spec/edits.ts';
import type { Path } from '../../core/spec/json.ts';
import type { FeatureContext } from '../context.ts';
import { toRange } from '../context.ts';
import type { Choice, Files } from './choice.ts';
import { dateChoices, filesChoices, missingChoices, settingChoices } from './completionData.ts';
import {
  columnChoices,
  covariateKeyChoices,
  fileChoices,
  groupChoices,
  levelChoices,
  maskRowChoices,
  productChoices,
} from './completionNames.ts';
import { atChoices, predictionChoices, wholeAtChoices } from './completionPredictions.ts';
import { priorChoices } from './completionPriors.ts';
import { completeWhere } from './completionWhere.ts';
import { isPriorPath, isWhere } from './place.ts';

/**
 * What fits at the cursor: the data's columns, groups, levels and files, priors, a group's whole mask row. Inside strings
 * as well. Keys and closed sets of words come from the schema: see `completeFromSchema`.
 */
export function complete(context: FeatureContext, offset: number, files: Files): CompletionList | null {
  const location = getLocation(context.text, offset);
  const { path } = location;
  // Behind an object in a list, the library still speaks of a key.
  const atKey = location.isAtPropertyKey && typeof path.at(-1) === 'string';
  if (isWhere(path) && !atKey) return completeWhere(context, offset);
  const place = replaced(context.text, offset);
  const typed = context.text.slice(place.start, offset);
  const choices = atKey ? keyChoices(context, path, typed) : valueChoices(context, path, files, typed);
  if (choices === null || choices.length === 0) return null;
  const colon = atKey && !/^\s*:/.test(context.text.slice(place.end));
  const items = choices.map((choice, i) => toItem(context.document, toRange(context, place), choice, i, atKey, colon));
  return { isIncomplete: false, items };
}

/** `typed`: the token before the cursor, with its opening quote. */
function valueChoices(context: FeatureContext, path: Path, files: Files, typed: string): readonly Choice[] | null {
  const [top, second, third, fourth] = path;
  const depth = path.length;
  if (isPriorPath(path)) return priorChoices(context, path);
  if ((top === 'data' && depth === 1) || (top === 'data' && second === 'file')) return fileChoices(files);
  if (top === 'data' && second === 'files') return filesChoices(files);
  if (top === 'response' && depth === 1) return columnChoices(context, 'response');
  if (top === 'response' && ['column', 'trials', 'exposure', 'se', 'weights'].includes(String(second)))
    return columnChoices(context, 'response');
  if (top === 'group' && depth === 1) return columnChoices(context, 'group');
  if (top === 'data' && depth === 2) return settingChoices(context, String(second));
  if (top === 'data' && second === 'na' && depth === 3) return missingChoices(context);
  if (top === 'covariates' && (depth === 2 || third === 'column'))
    return productChoices(context, typed.slice(1)) ?? columnChoices(context, 'covariate');
  if (top === 'covariates' && third === 'levels' && typeof second === 'number') return levelChoices(context, ['covariates', second]);
  if (top === 'response' && second === 'levels') return levelChoices(context, ['response']);
  if (top === 'mask' && depth === 1) return [{ label: 'auto', detail: '0 where every cell is empty, else 1' }, ...wholeMask(context)];
  if (top === 'mask' && depth === 2) return maskRowChoices(context, String(second));
  if (top === 'mask' && depth === 3)
    return [0, 1].map((v) => ({ label: String(v), json: String(v), detail: v === 0 ? 'masked' : 'active' }));
  if (top === 'predictions' && depth === 2) return predictionChoices(context);
  if (top === 'predictions' && third === 'at' && depth === 3 && typeof second === 'number') return wholeAtChoices(context, second);
  if (top === 'predictions' && third === 'group') return groupChoices(context, false);
  if (top === 'predictions' && third === 'at' && depth === 4 && typeof second === 'number') {
    return atChoices(context, second, String(fourth))
      .filter((c) => c.label === String(fourth))
      .map((c) => ({ label: c.value!, json: c.value!, detail: c.detail }));
  }
  return null;
}

function keyChoices(context: FeatureContext, path: Path, typed: string): readonly Choice[] | null {
  const [top, second, third] = path;
  if (top === 'data' && second === 'dates' && path.length === 3) return dateChoices(context);
  if (top === 'mask' && path.length === 2) return groupChoices(context, true);
  if (top === 'mask' && path.length === 3) return covariateKeyChoices(context, String(second));
  if (top === 'predictions' && third === 'at' && path.length === 4 && typeof second === 'number')
    return atChoices(context, second, typed.slice(1));
  return null;
}

function wholeMask(context: FeatureContext): readonly Choice[] {
  const rows = groupChoices(context, true).filter((c) => c.value !== undefined);
  if (rows.length === 0 || context.spec?.spec.covariates.length === 0) return [];
  const inside = rows.map((c) => `${newLine(context.parsed, 2)}${JSON.stringify(c.label)}: ${c.value}`).join(',');
  return [
    {
      label: 'rows from the data',
      json: `{${inside}${newLine(context.parsed, 1)}}`,
      detail: `${rows.length} groups`,
      kind: CompletionItemKind.Struct,
    },
  ];
}

/** The token under the cursor, with its quotes: what a choice takes the place of. */
function replaced(text: string, offset: number): { start: number; end: number } {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  let open = -1;
  for (let i = lineStart; i < offset; i++) {
    if (open >= 0 && text[i] === '\\') i++;
    else if (text[i] === '"') open = open < 0 ? i : -1;
  }
  if (open >= 0) {
    let end = offset;
    while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
    // A string that is not closed ends at the cursor.
    const closed =
      text[end] === '"' && !/^[^"]*"\s*:/.test(text.slice(end + 1).split('\n')[0]) ? end + 1 : text[end] === '"' ? end + 1 : offset;
    return { start: open, end: Math.min(closed, text.length) };
  }
  const isWord = (at: number) => /[\w.+-]/.test(text[at] ?? '');
  let start = offset;
  while (start > lineStart && isWord(start - 1)) start--;
  let end = offset;
  while (isWord(end)) end++;
  return { start, end };
}

function toItem(
  document: TextDocument,
  range: ReturnType<typeof toRange>,
  choice: Choice,
  i: number,
  key: boolean,
  colon: boolean,
): CompletionItem {
  const name = choice.json ?? JSON.stringify(choice.label);
  const newText = key && colon ? `${name}: ${choice.value ?? ''}` : name;
  const start = document.offsetAt(range.start);
  const inString = document.getText().startsWith('"', start);
  return {
    label: choice.label,
    kind: choice.kind ?? (key ? CompletionItemKind.Property : CompletionItemKind.Value),
    ...(choice.detail === undefined ? {} : { detail: choice.detail }),
    ...(choice.documentation === undefined ? {} : { documentation: { kind: 'markdown', value: choice.documentation } }),
    sortText: String(i).padStart(5, '0'),
    // Editors match the text that is replaced, quotes included.
    filterText: inString ? `"${choice.label}"` : choice.label,
    insertTextFormat: choice.snippet === true ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range, newText },
  };
}
