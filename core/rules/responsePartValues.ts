import { quote } from '../spec/nearest.ts';
import { columnUses } from './columnRoles.ts';
import { type DataRule, dataPlace, lineText, problemOf, removeAt, short } from './rule.ts';

/** HM212: trials, exposures, standard deviations and weights must be positive (a weight may be 0), and trials whole. */
export const responsePartValues: DataRule = function* (context) {
  for (const use of columnUses(context)) {
    if (use.role === 'response' || use.role === 'group' || use.role === 'covariate') continue;
    const column = context.columns.get(use.column);
    if (column === undefined || column.kind !== 'number' || column.count === 0) continue;
    if (use.role === 'weights' && column.max === 0) {
      const message = `Every weight in the column ${quote(use.column)} is 0, so that no row counts; choose another column.`;
      yield problemOf('HM212', 'error', message, use.range, [
        { title: 'Remove "weights"', edits: removeAt(context, ['response', 'weights']) },
      ]);
      continue;
    }
    const least = use.role === 'weights' ? 'at least 0' : 'greater than 0';
    const tooSmall = use.role === 'weights' ? column.min < 0 : column.min <= 0;
    const fraction = use.role === 'trials' && !column.integer;
    if (!tooSmall && !fraction) continue;
    const at = tooSmall ? column.minPlace : column.firstFraction;
    const value = tooSmall ? short(column.min) : (at?.text ?? 'a fraction');
    const message = `${quote(use.role)} must be ${tooSmall ? least : 'whole numbers'}, but the column ${quote(use.column)} has ${value}${at === null ? '' : ` in ${lineText(at)}`}; correct the data, or leave those rows out with "where".`;
    const place = at === null ? undefined : dataPlace(context, at);
    yield problemOf(
      'HM212',
      'error',
      message,
      use.range,
      [{ title: `Remove ${quote(use.role)}`, edits: removeAt(context, ['response', use.role]) }],
      place,
    );
  }
};
