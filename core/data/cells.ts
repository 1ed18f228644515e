/**
 * When the text of a cell is empty, a number, or neither: the one rule that every reader follows. `sources/duckdb/cellSql.ts` says the same in
 * SQL, and a property test holds the two together.
 *
 * A cell is a number only where the whole cell is one as R and pandas read it: digits with a decimal point and an exponent, white space
 * around them. `2020_1`, `0x1F`, `1e5 m`, `+-5` and digits of other scripts are text.
 */
import type { CellRules } from '../spec/types.ts';

export const USUAL_CELLS: CellRules = { decimal: '.', thousands: null, na: null };

/** What may stand around a number or an empty cell: the white space of C. */
export const BLANKS = ' \t\n\v\f\r';

/** Spellings of an empty cell in lower case. */
export const USUAL_EMPTY: readonly string[] = ['', 'na', 'n/a', 'nan', '+nan', '-nan', 'null'];

const escaped = (characters: string): string => characters.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** The characters that part thousands. */
export const thousandsOf = ({ thousands }: CellRules): string => (thousands === ' ' ? ' \u00a0\u202f' : (thousands ?? ''));

/** A regular expression, for JavaScript and RE2 alike, that a number matches as a whole: finite or infinite, but not NaN. */
export function numberPattern(rules: CellRules): string {
  const marks = thousandsOf(rules);
  const grouped = marks === '' ? '' : `|[0-9]{1,3}(?:[${escaped(marks)}][0-9]{3})+`;
  const point = escaped(rules.decimal);
  const finite = `(?:(?:[0-9]+${grouped})(?:${point}[0-9]*)?|${point}[0-9]+)(?:[eE][+-]?[0-9]+)?`;
  const blank = `[${BLANKS}]*`;
  return `${blank}[+-]?(?:${finite}|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)${blank}`;
}

const patterns = new Map<string, RegExp>();

function matcher(rules: CellRules): RegExp {
  const source = numberPattern(rules);
  let pattern = patterns.get(source);
  if (pattern === undefined) {
    pattern = new RegExp(`^(?:${source})$`);
    patterns.set(source, pattern);
  }
  return pattern;
}

const trimmed = (text: string): string => {
  let [start, end] = [0, text.length];
  while (start < end && BLANKS.includes(text[start])) start++;
  while (end > start && BLANKS.includes(text[end - 1])) end--;
  return text.slice(start, end);
};

/** The number that a cell is, infinite where it is spelt so or overflows a double; `null` where it is none. */
export function numberIn(text: string, rules: CellRules = USUAL_CELLS): number | null {
  if (!matcher(rules).test(text)) return null;
  const marks = thousandsOf(rules);
  const bare = trimmed(text);
  const isPlain = rules.decimal === '.' && marks === '';
  const plain = isPlain ? bare : [...bare].flatMap((c) => (c === rules.decimal ? '.' : marks.includes(c) ? [] : c)).join('');
  const infinite = /^([+-]?)inf/i.exec(plain);
  if (infinite === null) return Number(plain);
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Whether a cell counts as empty. A spelling of `na` that is a number stands for that number however it is written. */
export function isEmptyCell(text: string, rules: CellRules = USUAL_CELLS): boolean {
  const bare = trimmed(text);
  if (rules.na === null) return USUAL_EMPTY.includes(bare.toLowerCase());
  if (bare === '' || rules.na.some((spelling) => trimmed(spelling) === bare)) return true;
  const value = numberIn(bare, rules);
  return value !== null && numbersAmong(rules).includes(value);
}

/** The spellings of `na` that are numbers, as the file or as JSON writes them. */
export function numbersAmong(rules: CellRules): readonly number[] {
  return (rules.na ?? []).flatMap((spelling) => numberIn(spelling, rules) ?? numberIn(spelling) ?? []).filter(Number.isFinite);
}
