/** The rule of `core/data/cells.ts` in SQL: whether the text of a cell is empty, and the number that it is. */
import { BLANKS, numberPattern, numbersAmong, thousandsOf, USUAL_EMPTY } from '../core/data/cells.ts';
import type { CellRules } from '../core/spec/types.ts';
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

/** The text where it is no empty cell, else NULL. */
export function filledSql(text: string, rules: CellRules): string {
  const bare = `trim(${text}, ${literal(BLANKS)})`;
  if (rules.na === null) return `CASE WHEN lower(${bare}) NOT IN (${USUAL_EMPTY.map(literal).join(', ')}) THEN ${text} END`;
  const spellings = ['', ...rules.na].map((s) => `trim(${literal(s)}, ${literal(BLANKS)})`);
  const numbers = numbersAmong(rules).map(number);
  const isOther = numbers.length === 0 ? '' : ` AND coalesce(${numberSql(text, rules)} NOT IN (${numbers.join(', ')}), true)`;
  return `CASE WHEN ${bare} NOT IN (${spellings.join(', ')})${isOther} THEN ${text} END`;
}

/** What may be in the text of a cell that DuckDB's CSV reader takes for a number, and that is none. */
export const ODD_NUMBER = '_|[+]-|[nN][(]';
