import { quote } from '../spec/nearest.ts';
import { columnUses } from './columnRoles.ts';
import { type DataRule, problemOf, short } from './rule.ts';

/** Beyond this the sum of squares of a few million values may overflow a double. */
const LARGEST = 1e150;

/** HM206: numbers whose squares overflow. */
export const tooLarge: DataRule = function* (context) {
  for (const use of columnUses(context)) {
    const column = context.columns.get(use.column);
    if (column === undefined || use.role === 'group' || column.kind === 'text') continue;
    const low = Math.abs(column.min) > Math.abs(column.max);
    const extreme = low ? column.min : column.max;
    if (!(Math.abs(extreme) > LARGEST)) continue;
    const at = low ? column.minPlace : column.maxPlace;
    const message = `The column ${quote(use.column)} reaches ${short(extreme)}, whose square is more than a double can hold; give the column in a larger unit.`;
    const place = at === null ? undefined : { file: context.profile.file, line: at.line, column: at.column };
    yield problemOf('HM206', 'error', message, use.range, [], place);
  }
};
