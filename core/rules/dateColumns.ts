import type { ColumnProfile } from '../data/profile.ts';
import { didYouMean, nearest, quote } from '../spec/nearest.ts';
import { type ColumnUse, columnUses } from './columnRoles.ts';
import { type DataContext, type DataRule, dataPlace, lineText, listing, plural, problemOf, removeAt } from './rule.ts';
import { badCells } from './textInNumbers.ts';

/** Whether a use of a column takes any of its texts: where a covariate is masked, anything may stand. */
const isRead = (context: DataContext, use: ColumnUse, column: ColumnProfile): boolean =>
  use.role !== 'covariate' || badCells(context, use.covariate, column.index, 'texts', 'firstText') !== null;

/** HM201, HM204: columns of `dates` that the data lack, that are the group, or that hold other than dates. */
export const dateColumns: DataRule = function* (context) {
  const { spec, columns, locate } = context;
  if (spec.data.kind !== 'file' || spec.data.reader === undefined) return;
  const uses = columnUses(context);
  for (const [name] of spec.data.reader.dates) {
    const path = ['data', 'dates', name];
    const range = locate(path, 'key');
    const remove = { title: `Remove ${quote(name)} from "dates"`, edits: removeAt(context, path) };
    const column = columns.get(name);
    if (column === undefined) {
      const names = [...columns.keys()];
      const guess = nearest(name, names);
      const hint = guess === null ? ` It has ${listing(names.slice(0, 20).map(quote), 6)}.` : didYouMean(guess);
      const change =
        guess === null ? [] : [{ title: `Change to ${quote(guess)}`, edits: [{ ...range, text: JSON.stringify(guess) }], preferred: true }];
      yield problemOf('HM201', 'error', `The data have no column ${quote(name)}, which "dates" names.${hint}`, range, [...change, remove]);
    } else if (name === spec.group) {
      const message = `The column ${quote(name)} is the group, whose cells are names and no times; remove it from "dates".`;
      yield problemOf('HM204', 'error', message, range, [remove]);
    } else if (uses.some((use) => use.column === name && isRead(context, use, column)) && column.texts > 0) {
      const { firstText: first } = column;
      const example = first === null ? '' : ` (the first is ${quote(first.text)} in ${lineText(first)})`;
      const message = `The column ${quote(name)} has ${plural(column.texts, 'cell')}${example} that "dates" cannot read; it reads 2024-01-31, 2024-01-31 12:30 and 31.01.2024. Correct the data, or name the spellings of empty cells in "na".`;
      yield problemOf('HM204', 'error', message, range, [remove], first === null ? undefined : dataPlace(context, first));
    }
  }
};
