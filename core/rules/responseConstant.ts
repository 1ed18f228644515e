import { quote } from '../spec/nearest.ts';
import { columnUses } from './columnRoles.ts';
import { type DataRule, plural, problemOf, short } from './rule.ts';

/** HM210: a response that never changes. */
export const responseConstant: DataRule = function* (context) {
  const { spec, columns } = context;
  const column = columns.get(spec.response.column);
  if (column === undefined || column.kind !== 'number' || column.count < 2 || column.min !== column.max) return;
  const uses = columnUses(context);
  const used = new Set(uses.map((u) => u.column));
  const use = uses.find((u) => u.role === 'response')!;
  const message = `The response ${quote(column.name)} is ${short(column.min)} in all ${plural(column.count, 'row')}, so there is nothing to explain; choose another column.`;
  const others = context.profile.columns.filter((c) => c.kind === 'number' && c.min !== c.max && !used.has(c.name));
  const fixes = others
    .slice(0, 5)
    .map((c) => ({ title: `Use ${quote(c.name)}`, edits: [{ ...use.range, text: JSON.stringify(c.name).slice(1, -1) }] }));
  yield problemOf('HM210', 'warning', message, use.range, fixes);
};
