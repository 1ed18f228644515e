/** The one writer of CSV: fields quoted where RFC 4180 has it, lines ended by a line feed, numbers in full. */

/** A spreadsheet takes a text that begins so for a formula; an apostrophe keeps it a text. */
const FORMULA = /^[=+@\t\r-]/;

/** Text, a number, or nothing: an empty cell, as for NaN. */
export type CsvCell = string | number | boolean | null | undefined;

/** One line with its end. */
export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(field).join(',')}\n`;

function field(cell: CsvCell): string {
  if (cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell))) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
