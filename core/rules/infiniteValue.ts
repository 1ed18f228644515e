import { quote } from '../spec/nearest.ts';
import { columnUses } from './columnRoles.ts';
import { type DataRule, dataPlace, lineText, plural, problemOf, removeCovariate } from './rule.ts';
import { badCells } from './textInNumbers.ts';

/** HM205: infinities, and numbers that a double cannot hold, where they are read. */
export const infiniteValue: DataRule = function* (context) {
  for (const use of columnUses(context)) {
    const column = context.columns.get(use.column);
    if (column === undefined || use.role === 'group' || column.infinite === 0 || column.kind === 'text') continue;
    const covariate = use.role === 'covariate';
    const bad = covariate
      ? badCells(context, use.covariate, column.index, 'infinite', 'firstInfinite')
      : { cells: column.infinite, first: column.firstInfinite };
    if (bad === null) continue;
    const example = bad.first === null ? '' : ` (the first is ${quote(bad.first.text)} in ${lineText(bad.first)})`;
    const message = `The column ${quote(use.column)} has ${plural(bad.cells, 'value')} that ${bad.cells === 1 ? 'is' : 'are'} not finite${example}; correct the data, or leave those rows out with "where".`;
    const place = bad.first === null ? undefined : dataPlace(context, bad.first);
    const fixes = covariate
      ? [
          {
            title: `Remove the covariate ${quote(context.spec.covariates[use.covariate].name)}`,
            edits: removeCovariate(context, use.covariate),
          },
        ]
      : [];
    yield problemOf('HM205', 'error', message, use.range, fixes, place);
  }
};
