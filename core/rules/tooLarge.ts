import { quote } from '../spec/nearest.ts';
import { type ColumnUse, columnUses } from './columnRoles.ts';
import { type DataContext, type DataRule, problemOf, removeCovariate, short } from './rule.ts';

/** Beyond this the sum of squares of a few million values may overflow a double. */
const LARGEST = 1e150;

/** HM206: numbers whose squares overflow, where they are read. */
export const tooLarge: DataRule = function* (context) {
  for (const use of columnUses(context)) {
    const column = context.columns.get(use.column);
    if (column === undefined || use.role === 'group' || column.kind === 'text') continue;
    const extreme = extremeOf(context, use, column.index);
    if (!(Math.abs(extreme) > LARGEST)) continue;
    const at = extreme === column.min ? column.minPlace : extreme === column.max ? column.maxPlace : null;
    const message = `The column ${quote(use.column)} reaches ${short(extreme)}, whose square is more than a double can hold; give the column in a larger unit.`;
    const place = at === null ? undefined : { file: context.profile.file, line: at.line, column: at.column };
    const covariate = context.spec.covariates[use.covariate];
    const fixes =
      covariate === undefined
        ? []
        : [{ title: `Remove the covariate ${quote(covariate.name)}`, edits: removeCovariate(context, use.covariate) }];
    yield problemOf('HM206', 'error', message, use.range, fixes, place);
  }
};

/** The value farthest from 0; of a covariate, over the groups where it is active. NaN when there is none. */
function extremeOf(context: DataContext, use: ColumnUse, index: number): number {
  const k = context.spec.covariates.length;
  const parts =
    use.role === 'covariate'
      ? context.groups.flatMap((name, g) => {
          const cells = context.groupProfiles.get(name)?.columns[index];
          return cells !== undefined && context.mask[g * k + use.covariate] === 1 ? [cells] : [];
        })
      : [context.profile.columns[index]];
  const ends = parts.flatMap((p) => (p.count > 0 ? [p.min, p.max] : []));
  return ends.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), ends.length === 0 ? Number.NaN : 0);
}
