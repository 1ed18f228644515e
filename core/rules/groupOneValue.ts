import { quote } from '../spec/nearest.ts';
import { type DataRule, problemOf, removeAt } from './rule.ts';

/** HM301: a group column that makes one group of all rows. */
export const groupOneValue: DataRule = function* (context) {
  const { spec, profile } = context;
  if (spec.group === null || profile.groupColumn === null || profile.groups.length !== 1 || profile.rows < 2) return;
  const message = `The group column ${quote(spec.group)} has the one value ${quote(profile.groups[0].name)}; remove "group", or choose another column.`;
  const free = spec.mask === 'auto' && spec.predictions.length === 0;
  const fixes = free ? [{ title: 'Remove "group"', edits: removeAt(context, ['group']) }] : [];
  yield problemOf('HM301', 'warning', message, context.locate(['group']), fixes);
};
