import { isDate } from '../data/dates.ts';
import type { ColumnProfile } from '../data/profile.ts';
import { quote } from '../spec/nearest.ts';
import { columnUses } from './columnRoles.ts';
import { adviceOnKeys, keysFix, keysOfColumn } from './dataKeys.ts';
import { type DataRule, problemOf, removeCovariate } from './rule.ts';

/** So few dates may be meant as levels: waves of a survey, say. */
const FEW = 10;

const OTHERS =
  /^(?:\d{4}[/.]\d{1,2}[/.]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$/;

/** Whether a text column's cells are dates: nearly all of its levels are written as one. */
export function holdsDates(column: ColumnProfile): boolean {
  const dates = column.levels.filter((level) => isDate(level) || OTHERS.test(level)).length;
  return column.kind === 'text' && dates > 0 && dates >= 0.9 * column.levels.length;
}

/** HM216: a covariate of dates, each of which would be a level of its own. */
export const dateLevels: DataRule = function* (context) {
  const { data } = context.spec;
  // What `dates` cannot read of a column is told by dateColumns.
  const declared = new Set(data.kind === 'file' ? data.reader?.dates.map(([name]) => name) : []);
  for (const use of columnUses(context)) {
    const column = context.columns.get(use.column);
    const covariate = context.spec.covariates[use.covariate];
    if (use.role !== 'covariate' || column === undefined || covariate.levels !== null) continue;
    if (declared.has(column.name) || column.distinct <= FEW || !holdsDates(column)) continue;
    const example = quote(column.levels[0]);
    const [keys] = keysOfColumn(context, column).filter((k) => k.dates !== undefined);
    const advice = keys === undefined ? 'add a column of numbers, such as days since the first date' : adviceOnKeys([keys]);
    const message = `The column ${quote(column.name)} holds dates (such as ${example}), which would become ${column.distinct - 1} indicators; ${advice}, or remove it.`;
    const remove = { title: `Remove the covariate ${quote(covariate.name)}`, edits: removeCovariate(context, use.covariate) };
    yield problemOf('HM216', 'warning', message, use.range, keys === undefined ? [remove] : [keysFix(context, keys, true), remove]);
  }
};
