/** What the columns of a file are likely to be: response, group, covariates, or nothing of a model's. Guesses, each with its reason. */

import type { ColumnProfile, DataProfile } from '../data/profile.ts';
import { usualOutcomes } from '../design/outcome.ts';
import { holdsDates } from '../rules/dateLevels.ts';
import type { Family } from '../spec/types.ts';

export interface Guess {
  readonly column: string;
  /** A clause without a full stop. */
  readonly reason: string;
}

/** Text of more levels than this is no covariate. */
const MOST_LEVELS = 20;
/** A group has two rows or more on average, and one that is not named as one has five. */
const ROWS_A_GROUP = 2;
const ROWS_A_PLAIN_GROUP = 5;
const MOST_GROUPS = 2000;

const words = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((w) => w !== '');
const oneOf = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const ID_WORDS = oneOf('id ids idx index row rowid rownum rowname rownames no nr num number code key uuid guid serial unnamed obs case');
const GROUP_WORDS = oneOf(
  'group groups grp subject subjects subj subjectid student pupil patient person participant respondent individual school county district region state country city site center centre hospital clinic ward doctor teacher class classroom batch lot lab block plot field farm herd litter animal rat mouse dog tree chick plant machine line operator store shop team player item rater judge cluster cohort family household firm company product category species breed strain cell well',
);
const TIME_WORDS = oneOf('year month week day days date time hour period wave visit session trial age order');
const RESPONSE_WORDS = oneOf('y response resp outcome target dv dependent score result yield reaction rt');
const TREATMENT_WORDS = oneOf('sex gender treatment treat trt dose arm condition smoker type status');

const named = (column: ColumnProfile, list: ReadonlySet<string>): boolean =>
  words(column.name).some((w) => list.has(w.replace(/\d+$/, '') || w));

/** Whether a column only numbers its rows. */
const isRowNumber = (c: ColumnProfile, rows: number): boolean =>
  c.kind === 'number' &&
  c.integer &&
  c.empty === 0 &&
  rows > 2 &&
  c.distinct >= rows &&
  c.max - c.min === rows - 1 &&
  (c.min === 0 || c.min === 1);

/** Why a column is no part of any model; `null` for one that may be. */
export function unusable(c: ColumnProfile, rows: number): string | null {
  if (c.name.trim() === '') return 'it has no name: an index, as R and pandas write it';
  if (c.kind === 'empty') return 'it is empty';
  if (c.kind === 'unread') return 'it was not read';
  if (c.kind !== 'text' && c.texts > 0) return 'it has text among its numbers';
  if (c.kind !== 'text' && c.infinite > 0) return 'it has numbers that are not finite';
  if (c.kind === 'number' ? c.min === c.max : c.distinct <= 1) return 'it is the same in every row';
  if (c.kind === 'number' && !(c.sd > 0 && Math.max(Math.abs(c.min), Math.abs(c.max)) < 1e150))
    return 'its numbers are too large or too small';
  if (isRowNumber(c, rows)) return 'it numbers the rows';
  return null;
}

/** Why a column, though usable, is no covariate; `null` for one that may be. */
export function noCovariate(c: ColumnProfile, rows: number): string | null {
  if (holdsDates(c)) return 'it holds dates; a column of days since the first would be a covariate';
  if (c.kind === 'text' && c.distinct > MOST_LEVELS) return `it has ${c.distinct} different texts`;
  if (c.kind === 'text' && c.distinct * 2 > rows) return `nearly every row has a text of its own`;
  if (isIdentifier(c)) return 'it is named as an identifier';
  return null;
}

/** Numbers that stand for things: whole, not negative, and named so. */
const isIdentifier = (c: ColumnProfile): boolean =>
  c.kind === 'number' && c.integer && c.min >= 0 && (named(c, ID_WORDS) || (named(c, GROUP_WORDS) && c.distinct > 2));

/** `null` when no column looks like one. */
export function guessGroup(profile: DataProfile, response: string | null): Guess | null {
  const { columns, rows } = profile;
  const score = (c: ColumnProfile): number => {
    if (c.name === response || c.empty > 0 || unusable(c, rows) !== null || holdsDates(c)) return 0;
    const isNamed = named(c, GROUP_WORDS) || (named(c, ID_WORDS) && c.kind === 'number');
    const needed = isNamed ? ROWS_A_GROUP : ROWS_A_PLAIN_GROUP;
    if (c.distinct < 2 || c.distinct > MOST_GROUPS || c.distinct * needed > rows) return 0;
    if (c.kind === 'number' && !(c.integer && c.min >= 0 && isNamed)) return 0;
    if (named(c, TREATMENT_WORDS) && !isNamed) return 0.5;
    return (isNamed ? 4 : 1) + (c.kind === 'text' ? 1 : 0) + (c.distinct >= 5 ? 1 : 0);
  };
  const best = columns.reduce<{ c: ColumnProfile | null; s: number }>((b, c) => (score(c) > b.s ? { c, s: score(c) } : b), {
    c: null,
    s: 0.9,
  });
  if (best.c === null) return null;
  const what = best.c.kind === 'number' ? 'numbers that name groups' : 'texts';
  return { column: best.c.name, reason: `${best.c.distinct} different ${what} in ${rows} rows` };
}

/** `null` when no column of numbers is left. */
export function guessResponse(profile: DataProfile, group: string | null): Guess | null {
  const { columns, rows } = profile;
  const candidates = columns.filter((c) => c.name !== group && c.kind === 'number' && unusable(c, rows) === null);
  const measured = candidates.filter((c) => !isIdentifier(c));
  const from = measured.length > 0 ? measured : candidates;
  if (from.length === 0) return null;
  const score = (c: ColumnProfile): number =>
    (named(c, RESPONSE_WORDS) ? 8 : 0) +
    (c.empty === 0 ? 4 : 0) +
    (named(c, TIME_WORDS) ? -3 : 0) +
    (!c.integer || c.distinct > 20 ? 1 : 0);
  // The response tends to be written last.
  const best = from.reduce((b, c) => (score(c) >= score(b) ? c : b));
  const reason = named(best, RESPONSE_WORDS)
    ? 'it is named as one'
    : from.length === 1
      ? 'the one column of measured numbers'
      : `the last of ${from.length} columns of numbers that may be one`;
  return { column: best.name, reason };
}

export interface FamilyGuess {
  readonly family: Family;
  readonly reason: string;
}

export const DEFAULT_FAMILY: FamilyGuess = { family: 'gaussian', reason: 'a default' };

/** From the range and the kind of the response's numbers. */
export function guessFamily(c: ColumnProfile | undefined): FamilyGuess {
  if (c !== undefined && usualOutcomes(c) !== null)
    return { family: 'bernoulli', reason: `the response is ${c.levels.slice(0, 2).join(' or ')}` };
  if (c === undefined || c.kind !== 'number') return DEFAULT_FAMILY;
  if (c.integer && c.min === 0 && c.max === 1) return { family: 'bernoulli', reason: 'the response is 0 or 1' };
  if (c.integer && c.min >= 0 && c.min <= 1 && c.distinct <= 50) {
    if (c.sd * c.sd > 1.5 * c.mean)
      return { family: 'negative_binomial', reason: 'the response is counts that vary more than a Poisson distribution has it' };
    return { family: 'poisson', reason: 'the response is counts' };
  }
  if (!c.integer && c.min >= 0 && c.max <= 1)
    return { family: 'gaussian', reason: 'the response is shares between 0 and 1; of counts, "binomial" with trials is better' };
  if (c.min > 0 && c.max > 20 * c.min)
    return { family: 'gaussian', reason: 'the response is positive numbers of many sizes; "transform": "log" may suit it' };
  return { family: 'gaussian', reason: 'the response is measured numbers' };
}
