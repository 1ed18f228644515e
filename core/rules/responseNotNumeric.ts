import { outcomesOf } from '../design/outcome.ts';
import { quote } from '../spec/nearest.ts';
import type { Fix } from '../spec/problem.ts';
import { type ColumnUse, columnUses } from './columnRoles.ts';
import { adviceOnKeys, keysFixes, keysOfColumn } from './dataKeys.ts';
import { adviceOnTexts } from './outcomeFixes.ts';
import { type DataRule, dataPlace, lineText, plural, problemOf, removeAt } from './rule.ts';

const WHAT: Readonly<Record<Exclude<ColumnUse['role'], 'group' | 'covariate'>, string>> = {
  response: 'The response',
  trials: 'The number of trials',
  exposure: 'The exposure',
  se: 'The standard deviation',
  weights: 'The weight',
};

/** HM207: text in the response, or in a column that belongs to it. */
export const responseNotNumeric: DataRule = function* (context) {
  const uses = columnUses(context);
  const used = new Set(uses.map((u) => u.column));
  for (const use of uses) {
    const column = context.columns.get(use.column);
    if (column === undefined || use.role === 'covariate' || use.role === 'group') continue;
    if (column.kind === 'number' || column.kind === 'unread') continue;
    if (use.role === 'response' && column.kind !== 'empty' && outcomesOf(context.spec, column) !== null) continue;
    const texts = use.role === 'response' ? adviceOnTexts(context, column) : null;
    const { firstText: first } = column;
    const cells =
      column.kind === 'empty'
        ? 'every cell is empty'
        : `${plural(column.texts, 'cell')} of text${first === null ? '' : `, the first ${quote(first.text)} in ${lineText(first)}`}`;
    const keys = keysOfColumn(context, column);
    const advice = keys.length > 0 ? adviceOnKeys(keys) : (texts?.advice ?? 'correct the data, or choose another column');
    const message = `${WHAT[use.role]} ${quote(use.column)} must be numbers: ${cells}; ${advice}.`;
    const place = first === null ? undefined : dataPlace(context, first);
    const numeric = context.profile.columns.filter((c) => c.kind === 'number' && !used.has(c.name));
    const others = numeric.slice(0, 5).map((c) => ({
      title: `Use ${quote(c.name)}`,
      edits: [{ ...use.range, text: JSON.stringify(c.name).slice(1, -1) }],
    }));
    const fixes: Fix[] = [...keysFixes(context, keys), ...(texts?.fixes ?? []), ...others];
    if (use.role !== 'response') fixes.push({ title: `Remove ${quote(use.role)}`, edits: removeAt(context, ['response', use.role]) });
    yield problemOf('HM207', 'error', message, use.range, fixes, place);
  }
};
