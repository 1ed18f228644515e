import { quote } from '../spec/nearest.ts';
import { type ColumnUse, columnUses } from './columnRoles.ts';
import { type DataContext, type DataRule, dataPlace, problemOf, removeCovariate, short } from './rule.ts';

/** Beyond this the sum of squares of a few million values may overflow a double. */
const LARGEST = 1e150;

/** Below this the squares of numbers lose digits, or vanish. */
const SMALLEST = 1e-150;

/** HM206: columns whose squares overflow, or vanish, where they are read. */
export const tooLarge: DataRule = function* (context) {
  for (const use of columnUses(context)) {
    const column = context.columns.get(use.column);
    if (column === undefined || use.role === 'group' || column.kind === 'text') continue;
    const extreme = extremeOf(context, use, column.index);
    const size = Math.abs(extreme);
    const covariate = context.spec.covariates[use.covariate];
    const transform = covariate?.transform ?? (use.role === 'response' ? context.spec.response.transform : 'none');
    const tiny = size > 0 && size < SMALLEST && transform !== 'log' && transform !== 'log10';
    if (!(size > LARGEST) && !tiny) continue;
    const at = extreme === column.min ? column.minPlace : extreme === column.max ? column.maxPlace : null;
    const message = tiny
      ? `No number of the column ${quote(use.column)} is larger than ${short(extreme)}, whose square is less than a double can hold; give the column in a smaller unit.`
      : `The column ${quote(use.column)} reaches ${short(extreme)}, whose square is more than a double can hold; give the column in a larger unit.`;
    const place = at === null ? undefined : dataPlace(context, at);
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
