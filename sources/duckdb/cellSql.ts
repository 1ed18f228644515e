/** The rule of `core/data/cells.ts` in SQL: whether the text of a cell is empty, and the number that it is. */
import { BLANKS, numberPattern, numbersAmong, thousandsOf, USUAL_EMPTY } from '../../core/data/cells.ts';
import type { CellRules } from '../../core/spec/types.ts';
import { literal, number } from './sql.ts';

const isUsual = ({ decimal, thousands }: CellRules): boolean => decimal === '.' && thousands === null;

/**
 * A text's number as a double, infinite where it is spelt so or overflows; NULL where it is none. DuckDB's own cast takes more than
 * that: digits parted by `_`, `+-5`, and NaN with anything in brackets.
 */
export function numberSql(text: string, rules: CellRules): string {
  if (isUsual(rules)) {
    return `CASE WHEN NOT contains(${text}, '_') AND NOT contains(${text}, '+-') THEN nullif(TRY_CAST(${text} AS DOUBLE), 'nan'::DOUBLE) END`;
  }
  const unparted = [...thousandsOf(rules)].reduce((sql, mark) => `replace(${sql}, ${literal(mark)}, '')`, text);
  const plain = rules.decimal === '.' ? unparted : `replace(${unparted}, ${literal(rules.decimal)}, '.')`;
  return `CASE WHEN regexp_full_match(${text}, ${literal(numberPattern(rules))}) THEN TRY_CAST(${plain} AS DOUBLE) END`;
}

/** Code points that a usual empty cell may start with, beside blanks. */
const STARTS = [...new Set(USUAL_EMPTY.flatMap((spelling) => [spelling.charAt(0), spelling.charAt(0).toUpperCase()]))]
  .filter((character) => character !== '')
  .map((character) => character.charCodeAt(0));

/**
 * Membership in a list. DuckDB makes a join of `IN` with more than a few constants, which it does even where nobody asks for the column.
 */
export const isAmong = (value: string, all: readonly string[]): string => `list_contains([${all.join(', ')}], ${value})`;

/** The text where it is no empty cell, else NULL. Most cells are told by their first character, which is quicker by far than to trim them. */
export function filledSql(text: string, rules: CellRules): string {
  const bare = `trim(${text}, ${literal(BLANKS)})`;
  if (rules.na === null) {
    const isFilled = `NOT ${isAmong(`lower(${bare})`, USUAL_EMPTY.map(literal))}`;
    return `CASE WHEN ascii(${text}) > 32 AND ascii(${text}) NOT IN (${STARTS.join(', ')}) THEN ${text} WHEN ${isFilled} THEN ${text} END`;
  }
  const spellings = ['', ...rules.na].map((s) => `trim(${literal(s)}, ${literal(BLANKS)})`);
  const numbers = numbersAmong(rules).map(number);
  const isOther = numbers.length === 0 ? '' : ` AND coalesce(NOT ${isAmong(numberSql(text, rules), numbers)}, true)`;
  return `CASE WHEN NOT ${isAmong(bare, spellings)}${isOther} THEN ${text} END`;
}

/** What may be in the text of a cell that DuckDB's CSV reader takes for a number, and that is none. */
export const ODD_NUMBER = '_|[+]-|[nN][(]';
