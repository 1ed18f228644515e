/** The columns of a relation out of cells as they are read. */
import { BLANKS, isEmptyCell, numberIn, numbersAmong } from '../../core/data/cells.ts';
import { DOTTED_DATE, ISO_DATE } from '../../core/data/dates.ts';
import type { DateUnit, ReaderSettings } from '../../core/spec/types.ts';
import { filledSql, isAmong, numberSql } from './cellSql.ts';
import { literal, number, numberOf, textOf } from './sql.ts';

/** The time of a date's column, in seconds since 1970, before its first value is taken off. */
const timeOf = (index: number): string => `"#e${index}"`;

export const SECONDS: Readonly<Record<DateUnit, number>> = { days: 86_400, hours: 3_600, seconds: 1 };

/** Text and number of a cell of text; of a date the time instead of the number. `kept` are texts as they are. */
export function textColumns(index: number, cell: string, kept: readonly string[], rules: ReaderSettings, isDate: boolean): string[] {
  const text = filledSql(cell, rules);
  // A spelling of an empty cell may be a number.
  const filled = numbersAmong(rules).length === 0 ? cell : `(${text})`;
  const value = isDate ? timeSql(cell) : numberSql(filled, rules);
  const name = isDate ? timeOf(index) : numberOf(index);
  if (kept.length === 0) return [`${text} AS ${textOf(index)}`, `${value} AS ${name}`];
  const isKept = isAmong(cell, kept.map(literal));
  return [
    `CASE WHEN ${isKept} THEN ${cell} ELSE ${text} END AS ${textOf(index)}`,
    `CASE WHEN ${isKept} THEN NULL ELSE ${value} END AS ${name}`,
  ];
}

/** Whether a level would be read as an empty cell, or as a number that is not finite. */
export const isReadOtherwise = (text: string, rules: ReaderSettings): boolean =>
  isEmptyCell(text, rules) || !Number.isFinite(numberIn(text, rules) ?? 0);

/** Seconds since 1970 of a date or a time in UTC, as `2024-01-31`, `2024-01-31 12:00:00+01` or `31.01.2024 12:00`; else NULL. */
function timeSql(text: string): string {
  const bare = `trim(${text}, ${literal(BLANKS)})`;
  // DuckDB reads a zone and pays no heed to it.
  const local = `regexp_replace(${bare}, '^(.*:[0-9.]+) ?(Z|[+-][0-9:]+)$', '\\1')`;
  const zone = (part: 1 | 2 | 3) => `regexp_extract(${bare}, ':[0-9.]+ ?([+-])([0-9]{2}):?([0-9]{2})?$', ${part})`;
  const minutes = `(60 * CAST(${zone(2)} AS INTEGER) + coalesce(TRY_CAST(nullif(${zone(3)}, '') AS INTEGER), 0))`;
  const ahead = `CASE ${zone(1)} WHEN '+' THEN 60 * ${minutes} WHEN '-' THEN -60 * ${minutes} ELSE 0 END`;
  const turned = `regexp_replace(${bare}, '^([0-9]+)[.]([0-9]+)[.]([0-9]+)', '\\3-\\2-\\1')`;
  const [iso, dotted] = [local, turned].map((time) => `epoch(TRY_CAST(${time} AS TIMESTAMP))`);
  return `CASE WHEN regexp_full_match(${bare}, ${literal(ISO_DATE)}) THEN ${iso} - ${ahead} WHEN regexp_full_match(${bare}, ${literal(DOTTED_DATE)}) THEN ${dotted} END`;
}

/** What the columns of dates are, over a relation that has their times: the time since the origin, in its unit. */
export function sinceOrigins(dates: ReadonlyMap<number, { readonly unit: DateUnit; readonly origin: number }>): string {
  if (dates.size === 0) return '*';
  const all = [...dates];
  const values = all.map(([i, { unit, origin }]) => `(${timeOf(i)} - ${number(origin)}) / ${SECONDS[unit]} AS ${numberOf(i)}`);
  return `* EXCLUDE (${all.map(([i]) => timeOf(i)).join(', ')}), ${values.join(', ')}`;
}

/** A date column's first value in the order of rows, as an aggregate. */
export const firstTime = (index: number, row: string): string =>
  `arg_min(${timeOf(index)}, ${row}) FILTER (WHERE ${timeOf(index)} IS NOT NULL)`;
