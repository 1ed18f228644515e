import { quote } from '../spec/nearest.ts';
import { type DataRule, dataPlace, lineText, plural, problemOf, setKey } from './rule.ts';

/** HM303: rows that belong to no group: an error unless rows are dropped for it. */
export const groupEmptyCells: DataRule = function* (context) {
  const { spec, profile } = context;
  if (spec.group === null || profile.emptyGroups === 0 || context.unread.has('missing')) return;
  const first = profile.firstEmptyGroup;
  const place = first === null ? undefined : dataPlace(context, first);
  const cells = `The group column ${quote(spec.group)} is empty in ${plural(profile.emptyGroups, 'row')}${first === null ? '' : `, first in ${lineText(first)}`}`;
  if (spec.missing === 'drop') {
    yield problemOf('HM303', 'info', `${cells}; these rows are left out.`, context.locate(['group']), [], place);
    return;
  }
  yield problemOf(
    'HM303',
    'error',
    `${cells}; fill in the group, or set "missing" to "drop".`,
    context.locate(['group']),
    [{ title: 'Leave such rows out: "missing": "drop"', edits: setKey(context, 'missing', '"drop"') }],
    place,
  );
};
