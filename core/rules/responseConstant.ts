import type { ColumnProfile } from '../data/profile.ts';
import { outcomesOf } from '../design/outcome.ts';
import { familyOf } from '../families/index.ts';
import { quote } from '../spec/nearest.ts';
import type { Problem } from '../spec/problem.ts';
import { columnUses } from './columnRoles.ts';
import { type DataContext, type DataRule, listing, plural, problemOf, removeAt, short } from './rule.ts';

/** HM210: a response that never changes, or that does not within a group with a scale of its own. */
export const responseConstant: DataRule = function* (context) {
  const { spec, columns, profile } = context;
  const column = columns.get(spec.response.column);
  if (column === undefined) return;
  const isText = outcomesOf(spec, column) !== null;
  const cells = isText ? profile.rows - column.empty : column.count;
  if ((!isText && column.kind !== 'number') || cells < 2) return;
  if (isText ? column.distinct !== 1 : column.min !== column.max) {
    yield* constantWithin(context, column);
    return;
  }
  const uses = columnUses(context);
  const used = new Set(uses.map((u) => u.column));
  const use = uses.find((u) => u.role === 'response')!;
  const message = `The response ${quote(column.name)} is ${isText ? quote(column.levels[0] ?? short(column.min)) : short(column.min)} in all ${plural(cells, 'row')}, so there is nothing to explain; choose another column.`;
  const others = context.profile.columns.filter((c) => c.kind === 'number' && c.min !== c.max && !used.has(c.name));
  const fixes = others
    .slice(0, 5)
    .map((c) => ({ title: `Use ${quote(c.name)}`, edits: [{ ...use.range, text: JSON.stringify(c.name).slice(1, -1) }] }));
  yield problemOf('HM210', 'warning', message, use.range, fixes);
};

/** Groups whose own scale has nothing to go by, or runs to 0. */
function* constantWithin(context: DataContext, column: ColumnProfile): Iterable<Problem> {
  const { spec } = context;
  const hasScale = familyOf(spec.family).measured && spec.response.se === null;
  if (!hasScale || spec.priors.scale.by !== 'group' || !context.groupsKnown) return;
  const path = ['priors', 'scale', 'by'];
  const fixes = [{ title: 'One scale for all groups', edits: removeAt(context, path) }];
  const tell = (message: string) => problemOf('HM210', 'warning', message, context.locate(path), fixes);
  const seen = context.groups.flatMap((name) => context.groupProfiles.get(name) ?? []);
  const constant = seen.filter((g) => g.columns[column.index].count > 1 && g.columns[column.index].min === g.columns[column.index].max);
  const single = seen.filter((g) => g.columns[column.index].count === 1);
  const named = (groups: typeof seen) => `${groups.length === 1 ? 'the group' : 'the groups'} ${listing(groups.map((g) => quote(g.name)))}`;
  if (constant.length > 0) {
    const value =
      constant.length === 1
        ? ` is ${short(constant[0].columns[column.index].min)} in all ${plural(constant[0].rows, 'row')} of`
        : ' does not change within';
    yield tell(
      `The response ${quote(column.name)}${value} ${named(constant)}, so that ${constant.length === 1 ? 'its scale runs' : 'their scales run'} to 0; use one scale for all groups, or leave ${constant.length === 1 ? 'it' : 'them'} out with "where".`,
    );
  }
  if (single.length > 0)
    yield tell(
      `There is one row of ${named(single)}, so that only the prior tells ${single.length === 1 ? 'its scale' : 'their scales'}; use one scale for all groups.`,
    );
}
