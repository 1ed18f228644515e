import type { CellPlace, ColumnProfile } from '../data/profile.ts';
import { quote } from '../spec/nearest.ts';
import type { Fix, Problem } from '../spec/problem.ts';
import { type ColumnUse, columnUses } from './columnRoles.ts';
import { adviceOnKeys, keysFixes, keysOfColumn } from './dataKeys.ts';
import { type DataContext, type DataRule, dataPlace, lineText, plural, problemOf, removeCovariate } from './rule.ts';

/** HM204: text among the numbers of a covariate, where the mask is 1, and numbers that are text for lack of a key of `data`. */
export const textInNumbers: DataRule = function* (context) {
  const { spec } = context;
  for (const use of columnUses(context)) {
    const column = context.columns.get(use.column);
    if (use.role !== 'covariate' || column === undefined || column.date !== undefined) continue;
    if (spec.covariates[use.covariate].levels !== null) continue;
    if (column.kind === 'mixed') yield* amongNumbers(context, use, column);
    else if (column.kind === 'text') yield* numbersAsText(context, use, column);
  }
};

function* amongNumbers(context: DataContext, use: ColumnUse, column: ColumnProfile): Iterable<Problem> {
  const bad = badCells(context, use.covariate, column.index, 'texts', 'firstText');
  if (bad === null) return;
  const example = bad.first === null ? '' : ` (the first is ${quote(bad.first.text)} in ${lineText(bad.first)})`;
  const keys = keysOfColumn(context, column);
  const advice = keys.length > 0 ? adviceOnKeys(keys) : 'correct the data, or give the covariate "levels"';
  const message = `The column ${quote(use.column)} has text in ${plural(bad.cells, 'cell')}${example} among its numbers; ${advice}.`;
  const place = bad.first === null ? undefined : dataPlace(context, bad.first);
  yield problemOf('HM204', 'error', message, use.range, [...keysFixes(context, keys), removal(context, use)], place);
}

/** A column of text whose every cell is a number written in another way: each would be a level of its own. */
function* numbersAsText(context: DataContext, use: ColumnUse, column: ColumnProfile): Iterable<Problem> {
  const keys = keysOfColumn(context, column);
  if (keys.length === 0 || keys[0].dates !== undefined) return;
  const first = column.firstText;
  const example = first === null ? '' : ` (such as ${quote(first.text)} in ${lineText(first)})`;
  const message = `The cells of the column ${quote(use.column)}${example} are text as "data" is read, each a level of its own; ${adviceOnKeys(keys)}, or give the covariate "levels" if they are texts.`;
  const place = first === null ? undefined : dataPlace(context, first);
  yield problemOf('HM204', 'error', message, use.range, [...keysFixes(context, keys), removal(context, use)], place);
}

const removal = (context: DataContext, use: ColumnUse): Fix => ({
  title: `Remove the covariate ${quote(context.spec.covariates[use.covariate].name)}`,
  edits: removeCovariate(context, use.covariate),
});

/** Cells of a kind in the groups where a covariate is active, with the earliest; `null` when there is none. */
export function badCells(
  context: DataContext,
  covariate: number,
  columnIndex: number,
  count: 'texts' | 'infinite' | 'empty',
  place: 'firstText' | 'firstInfinite' | 'firstEmpty',
): { readonly cells: number; readonly first: CellPlace | null; readonly groups: readonly string[] } | null {
  const k = context.spec.covariates.length;
  let cells = 0;
  let first: CellPlace | null = null;
  const groups: string[] = [];
  for (const [g, name] of context.groups.entries()) {
    if (context.mask[g * k + covariate] === 0) continue;
    const seen = context.groupProfiles.get(name)?.columns[columnIndex];
    if (seen === undefined || seen[count] === 0) continue;
    cells += seen[count];
    groups.push(name);
    const at = seen[place];
    if (at !== null && (first === null || at.row < first.row)) first = at;
  }
  return cells === 0 ? null : { cells, first, groups };
}
