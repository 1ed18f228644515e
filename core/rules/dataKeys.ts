/** What the keys of `data` would make of a column that is text, and the fixes that write them. */
import type { ColumnProfile } from '../data/profile.ts';
import { keysAdvice, keysForDates, keysForNumbers, keysText, type ReadingKeys, valueText } from '../data/readable.ts';
import { kindOf } from '../spec/data.ts';
import { additionAt } from '../spec/edits.ts';
import { nodeAt } from '../spec/json.ts';
import type { Fix, TextEdit } from '../spec/problem.ts';
import { removeAt, replaceAt, type SpecContext } from './rule.ts';

/** The keys under which every cell of a column of text, or of text among numbers, could be taken; several where the cells do not tell which. */
export function keysOfColumn({ spec }: SpecContext, column: ColumnProfile): readonly ReadingKeys[] {
  const { data } = spec;
  if (data.kind !== 'file' || column.date !== undefined) return [];
  const isText = column.kind === 'text';
  if (!isText && column.kind !== 'mixed') return [];
  const texts = isText ? column.levels : (column.textsAmong ?? []);
  const dates = isText ? keysForDates(column.name, texts) : null;
  if (dates !== null) return [dates];
  const kind = kindOf(data.file);
  const numbers = isText ? 'none' : column.integer ? 'whole' : 'decimal';
  return keysForNumbers(texts, data.reader, numbers).filter((keys) => keys.comment === undefined || kind === null || kind === 'text');
}

/** What to do, as a clause. */
export function adviceOnKeys(alternatives: readonly ReadingKeys[]): string {
  const [keys, ...others] = alternatives;
  if (others.length > 0) return `write ${alternatives.map(keysText).join(' or ')} in "data", whichever it is, for the cells do not tell`;
  if (keys.dates !== undefined) return `${keysAdvice(keys)} to read them as times`;
  if (keys.comment !== undefined) return `${keysAdvice(keys)} if a comment starts there`;
  const onlyNa = keys.na !== undefined && Object.keys(keys).length === 1;
  return onlyNa ? `${keysAdvice(keys)} if they stand for empty cells` : `${keysAdvice(keys)} to read them as numbers`;
}

/** A fix for each alternative; preferred where there is only one. */
export const keysFixes = (context: SpecContext, alternatives: readonly ReadingKeys[]): Fix[] =>
  alternatives.map((keys) => keysFix(context, keys, alternatives.length === 1));

/** Writes keys into `data`, in place of what they are now. */
export function keysFix(context: SpecContext, keys: ReadingKeys, preferred: boolean): Fix {
  const advice = keysAdvice(keys);
  const title = `${advice[0].toUpperCase()}${advice.slice(1)}`;
  const { tree } = context;
  const data = nodeAt(tree, ['data']);
  if (data?.type === 'string') {
    return { ...replaceAt(context, ['data'], `{ "file": ${JSON.stringify(data.value)}, ${keysText(keys)} }`, title), preferred };
  }
  const edits: TextEdit[] = [];
  const added: [string, string][] = [];
  for (const [key, value] of Object.entries(keys)) {
    const known = nodeAt(tree, ['data', key]);
    if (value === null) edits.push(...removeAt(context, ['data', key]));
    else if (known === undefined) added.push([key, valueText(value)]);
    else if (key === 'dates' && known.type === 'object') {
      edits.push(
        ...additionAt(
          context,
          ['data', key],
          Object.entries(value as object).map(([k, v]) => [k, valueText(v)]),
        ),
      );
    } else edits.push({ ...context.locate(['data', key]), text: valueText(value) });
  }
  return { title, edits: [...edits, ...additionAt(context, ['data'], added)], preferred };
}
