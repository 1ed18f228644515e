import { quote } from '../spec/nearest.ts';
import { ALL } from '../spec/types.ts';
import { type DataRule, problemOf, removeAt } from './rule.ts';

/** HM301: a group column that makes one group of all rows. */
export const groupOneValue: DataRule = function* (context) {
  const { spec, profile } = context;
  if (spec.group === null || profile.groupColumn === null || profile.groups.length !== 1 || profile.rows < 2) return;
  const message = `The group column ${quote(spec.group)} has the one value ${quote(profile.groups[0].name)}; remove "group", or choose another column.`;
  const [{ name }] = profile.groups;
  const only = (names: Iterable<string>) => [...names].every((n) => n === name);
  // Without a group column the one group is "all", and predictions need not name it.
  const simple = (spec.mask === 'auto' || only(spec.mask.keys())) && only(spec.predictions.map((p) => p.group));
  const edits = [
    ...removeAt(context, ['group']),
    ...(spec.mask === 'auto' ? [] : [{ ...context.locate(['mask', name], 'key'), text: JSON.stringify(ALL) }]),
    ...spec.predictions.map((_, i) => ({ ...context.locate(['predictions', i, 'group']), text: JSON.stringify(ALL) })),
  ];
  const fixes = simple ? [{ title: 'Remove "group"', edits }] : [];
  yield problemOf('HM301', 'warning', message, context.locate(['group']), fixes);
};
