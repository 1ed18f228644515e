import { quote } from '../spec/nearest.ts';
import { columnUses } from './columnRoles.ts';
import { type DataRule, dataPlace, lineText, plural, problemOf, setKey } from './rule.ts';

/** HM208: empty cells in the response, or in a column that belongs to it: an error unless rows are dropped for it. */
export const responseEmpty: DataRule = function* (context) {
  const { spec } = context;
  for (const use of columnUses(context)) {
    const column = context.columns.get(use.column);
    if (column === undefined || use.role === 'covariate' || use.role === 'group') continue;
    if (column.empty === 0 || column.kind === 'empty' || context.unread.has('missing')) continue;
    const first = column.firstEmpty;
    const where = first === null ? '' : `, first in ${lineText(first)}`;
    const place = first === null ? undefined : dataPlace(context, first);
    const cells = `The column ${quote(use.column)} is empty in ${plural(column.empty, 'row')}${where}`;
    if (spec.missing === 'drop') yield problemOf('HM208', 'info', `${cells}; these rows are left out.`, use.range, [], place);
    else {
      const fix = { title: 'Leave such rows out: "missing": "drop"', edits: setKey(context, 'missing', '"drop"'), preferred: true };
      yield problemOf('HM208', 'error', `${cells}; fill it in, or set "missing" to "drop".`, use.range, [fix], place);
    }
  }
};
