import { nodeAt, rangeOf } from '../spec/json.ts';
import { didYouMean, nearestLevel, quote } from '../spec/nearest.ts';
import { columnUses } from './columnRoles.ts';
import { holdsDates } from './dateLevels.ts';
import { covariatePath, type DataRule, listing, plural, problemOf, removeAt, removeCovariate, replaceAt } from './rule.ts';

/** More indicators than this are rarely meant. */
const MANY = 50;

/** Of many rows different numbers are counted approximately only. */
const slack = (rows: number): number => (rows > 100_000 ? 1.2 : 1);

/** HM214: levels that the data do not have or the spec does not name, and text columns of one level or very many. */
export const textLevels: DataRule = function* (context) {
  const { spec, columns, profile } = context;
  const uses = new Map(columnUses(context).map((u) => [u.covariate, u]));
  for (const [i, c] of spec.covariates.entries()) {
    const column = columns.get(c.columns[0]);
    if (c.columns.length !== 1 || column === undefined) continue;
    const use = uses.get(i)!;
    const remove = () => ({ title: `Remove the covariate ${quote(c.name)}`, edits: removeCovariate(context, i) });
    if (c.levels === null && column.kind === 'text') {
      if (column.distinct === 1) {
        const message = `The text column ${quote(column.name)} has one level only, so it has no indicators; remove it.`;
        yield problemOf('HM214', 'warning', message, use.range, [remove()]);
      }
      if (column.distinct > column.levels.length && column.levels.length > 0) {
        const message = `The text column ${quote(column.name)} has ${column.distinct} levels, more than can be told apart; make it the group, or name the few you want in "levels" and leave the other rows out with "where".`;
        yield problemOf('HM214', 'error', message, use.range, [remove()]);
      } else if (column.distinct > MANY && !holdsDates(column)) {
        const message = `The text column ${quote(column.name)} has ${column.distinct} levels and becomes ${column.distinct - 1} indicators; name the few you want in "levels", or make it the group.`;
        yield problemOf('HM214', 'warning', message, use.range, [remove()]);
      }
    }
    if (
      c.levels !== null &&
      (column.kind === 'number' || column.kind === 'mixed') &&
      column.levels.length === 0 &&
      column.distinct > slack(profile.rows) * c.levels.length
    ) {
      const message = `"levels" names ${plural(c.levels.length, 'level')}, but the column ${quote(column.name)} has ${column.distinct} different values; add those left out, or leave their rows out with "where".`;
      yield problemOf('HM214', 'error', message, context.locate(covariatePath(context, i, 'levels'), 'key'), [
        { title: 'Remove "levels"', edits: removeAt(context, covariatePath(context, i, 'levels')) },
        remove(),
      ]);
    }
    if (c.levels === null || column.levels.length === 0 || column.levels.length < column.distinct) continue;
    const [named, there] = [new Set(c.levels), new Set(column.levels)];
    const left = column.levels.filter((l) => !named.has(l));
    for (const [j, level] of c.levels.entries()) {
      if (there.has(level)) continue;
      const guess = nearestLevel(level, left);
      const item = nodeAt(context.tree, covariatePath(context, i, 'levels', j))!;
      yield problemOf(
        'HM214',
        'warning',
        `The column ${quote(column.name)} has no cell ${quote(level)}.${didYouMean(guess)}`,
        rangeOf(item),
        [
          ...(guess === null
            ? []
            : [replaceAt(context, covariatePath(context, i, 'levels', j), JSON.stringify(guess), `Change to ${quote(guess)}`)]),
          ...(c.levels.length > 2
            ? [{ title: `Remove ${quote(level)}`, edits: removeAt(context, covariatePath(context, i, 'levels', j)) }]
            : []),
        ],
      );
    }
    if (left.length === 0) continue;
    const all = JSON.stringify([...c.levels, ...left]);
    const { levels } = c;
    const alike = left.flatMap((l) =>
      nearestLevel(l, levels) === null ? [] : [`${quote(l)} may be meant for ${quote(nearestLevel(l, levels)!)}`],
    );
    const message = `"levels" leaves out ${listing(left.map(quote))} of the column ${quote(column.name)}; add ${left.length === 1 ? 'it' : 'them'}, or leave those rows out with "where" (${plural(column.distinct, 'level')} in all${alike.length === 0 ? '' : `; ${alike[0]}`}).`;
    yield problemOf('HM214', 'error', message, context.locate(covariatePath(context, i, 'levels'), 'key'), [
      replaceAt(context, covariatePath(context, i, 'levels'), all, 'Add the levels left out'),
    ]);
  }
};
