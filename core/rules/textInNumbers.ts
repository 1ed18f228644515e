import type { CellPlace } from '../data/profile.ts';
import { quote } from '../spec/nearest.ts';
import { columnUses } from './columnRoles.ts';
import { type DataContext, type DataRule, plural, problemOf, removeCovariate } from './rule.ts';

/** HM204: text among the numbers of a covariate, where the mask is 1. */
export const textInNumbers: DataRule = function* (context) {
  const { profile, spec } = context;
  for (const use of columnUses(context)) {
    const column = context.columns.get(use.column);
    if (use.role !== 'covariate' || column?.kind !== 'mixed' || spec.covariates[use.covariate].levels !== null) continue;
    const bad = badCells(context, use.covariate, column.index, 'texts', 'firstText');
    if (bad === null) continue;
    const example = bad.first === null ? '' : ` (the first is ${quote(bad.first.text)} in line ${bad.first.line})`;
    const message = `The column ${quote(use.column)} has text in ${plural(bad.cells, 'cell')}${example} among its numbers; correct the data, or give the covariate "levels".`;
    const place = bad.first === null ? undefined : { file: profile.file, line: bad.first.line, column: bad.first.column };
    const fix = {
      title: `Remove the covariate ${quote(spec.covariates[use.covariate].name)}`,
      edits: removeCovariate(context, use.covariate),
    };
    yield problemOf('HM204', 'error', message, use.range, [fix], place);
  }
};

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
    if (at !== null && (first === null || at.line < first.line)) first = at;
  }
  return cells === 0 ? null : { cells, first, groups };
}
