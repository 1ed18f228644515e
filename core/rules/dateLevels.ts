import type { ColumnProfile } from '../data/profile.ts';
import { additionAt } from '../spec/edits.ts';
import { nodeAt } from '../spec/json.ts';
import { KEYS } from '../spec/keys.ts';
import { quote } from '../spec/nearest.ts';
import type { Fix } from '../spec/problem.ts';
import { columnUses } from './columnRoles.ts';
import { type DataContext, type DataRule, problemOf, removeCovariate, replaceAt } from './rule.ts';

/** So few dates may be meant as levels: waves of a survey, say. */
const FEW = 10;

const ISO = /^\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const OTHERS =
  /^(?:\d{4}[/.]\d{1,2}[/.]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$/;

/** Whether a text column's cells are dates: nearly all of its levels are written as one. */
export function holdsDates(column: ColumnProfile): boolean {
  const dates = column.levels.filter((level) => ISO.test(level) || OTHERS.test(level)).length;
  return column.kind === 'text' && dates > 0 && dates >= 0.9 * column.levels.length;
}

/** HM216: a covariate of dates, each of which would be a level of its own. */
export const dateLevels: DataRule = function* (context) {
  for (const use of columnUses(context)) {
    const column = context.columns.get(use.column);
    const covariate = context.spec.covariates[use.covariate];
    if (use.role !== 'covariate' || column === undefined || covariate.levels !== null) continue;
    if (column.distinct <= FEW || !holdsDates(column)) continue;
    const example = quote(column.levels[0]);
    const since = asTime(context, column);
    const advice =
      since === null
        ? 'add a column of numbers, such as days since the first date'
        : `write "dates": { ${quote(column.name)}: ${quote(unitOf(column))} } in "data" to have the time since the first`;
    const message = `The column ${quote(column.name)} holds dates (such as ${example}), which would become ${column.distinct - 1} indicators; ${advice}, or remove it.`;
    const remove = { title: `Remove the covariate ${quote(covariate.name)}`, edits: removeCovariate(context, use.covariate) };
    yield problemOf('HM216', 'warning', message, use.range, since === null ? [remove] : [since, remove]);
  }
};

const unitOf = (column: ColumnProfile): string =>
  column.levels.every((level) => /^\d{4}-\d{1,2}-\d{1,2}$/.test(level)) ? 'days' : 'hours';

/** The reading of ISO dates as time since the first; `null` where it cannot be had. */
function asTime(context: DataContext, column: ColumnProfile): Fix | null {
  const data = nodeAt(context.tree, ['data']);
  const known = (KEYS.data as readonly string[]).includes('dates') && column.levels.every((level) => ISO.test(level));
  if (!known || data === undefined || nodeAt(data, ['dates']) !== undefined) return null;
  const dates = `{ ${JSON.stringify(column.name)}: ${JSON.stringify(unitOf(column))} }`;
  const title = `Read ${quote(column.name)} as ${unitOf(column)} since its first value`;
  if (data.type === 'object') return { title, edits: additionAt(context, ['data'], [['dates', dates]]), preferred: true };
  return { ...replaceAt(context, ['data'], `{ "file": ${JSON.stringify(data.value)}, "dates": ${dates} }`, title), preferred: true };
}
