import { quote } from '../spec/nearest.ts';
import { type DataRule, problemOf, removeAt } from './rule.ts';

/** HM302: a group column that looks like a row number: nearly as many values as rows. */
export const groupManyValues: DataRule = function* (context) {
  const { spec, profile } = context;
  // Known standard deviations make one row a group meaningful, as in a meta-analysis.
  if (spec.group === null || profile.groupColumn === null || spec.response.se !== null) return;
  if (profile.rows < 10 || profile.groups.length < 0.8 * profile.rows) return;
  const message = `The group column ${quote(spec.group)} has ${profile.groups.length} values in ${profile.rows} rows, too few rows a group to learn from; choose another column.`;
  const others = profile.columns.filter((c) => c.kind === 'text' && c.distinct > 1 && c.distinct < 0.5 * profile.rows);
  yield problemOf('HM302', 'warning', message, context.locate(['group']), [
    ...others
      .slice(0, 3)
      .map((c) => ({ title: `Group by ${quote(c.name)}`, edits: [{ ...context.locate(['group']), text: JSON.stringify(c.name) }] })),
    { title: 'Remove "group"', edits: removeAt(context, ['group']) },
  ]);
};
