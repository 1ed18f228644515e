import { familyOf } from '../families/index.ts';
import { nodeAt, rangeOf } from '../spec/json.ts';
import { didYouMean, nearestLevel, quote } from '../spec/nearest.ts';
import type { Fix } from '../spec/problem.ts';
import { type DataRule, listing, problemOf, removeAt, replaceAt } from './rule.ts';

const PATH = ['response', 'levels'];

/** HM214: levels of the response that are not two, that leave out texts of the data, or that the data lack. */
export const responseLevels: DataRule = function* (context) {
  const { spec, columns, tree, unread } = context;
  const { levels, column: name } = spec.response;
  const column = columns.get(name);
  if (levels === null || familyOf(spec.family).texts !== 'two' || unread.has('family')) return;
  const remove: Fix = { title: 'Remove "levels"', edits: removeAt(context, PATH) };
  if (levels.length !== 2) {
    const message = `A Bernoulli response has two levels, failure and success, but "levels" names ${levels.length}; name two, and leave other rows out with "where".`;
    yield problemOf('HM214', 'error', message, context.locate(PATH, 'key'), [remove]);
    return;
  }
  if (column === undefined || column.levels.length === 0 || column.levels.length < column.distinct) return;
  const left = column.levels.filter((level) => !levels.includes(level));
  const absent = levels.filter((level) => !column.levels.includes(level));
  const meant = absent.map((level) => ({ level, guess: nearestLevel(level, left) ?? (left.length === 1 ? left[0] : null) }));
  const changes = meant.flatMap(({ level, guess }) =>
    guess === null
      ? []
      : [replaceAt(context, [...PATH, levels.indexOf(level)], JSON.stringify(guess), `Change ${quote(level)} to ${quote(guess)}`)],
  );
  if (left.length > 0) {
    const alike = meant.find((m) => m.guess !== null);
    const hint = alike === undefined ? '' : ` (${quote(alike.guess!)} for ${quote(alike.level)}?)`;
    const message = `"levels" leaves out ${listing(left.map(quote))} of the response ${quote(name)}${hint}; name the two that it has, or leave those rows out with "where".`;
    const together: Fix[] =
      changes.length === left.length
        ? [{ title: 'Name them as the data do', edits: changes.flatMap((c) => c.edits), preferred: true }]
        : [];
    yield problemOf('HM214', 'error', message, context.locate(PATH, 'key'), [...together, remove]);
    return;
  }
  for (const level of absent) {
    const item = nodeAt(tree, [...PATH, levels.indexOf(level)])!;
    const message = `The response ${quote(name)} has no cell ${quote(level)}.${didYouMean(nearestLevel(level, column.levels))}`;
    yield problemOf('HM214', 'warning', message, rangeOf(item), [remove]);
  }
};
