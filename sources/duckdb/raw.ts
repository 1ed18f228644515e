/** Cells as numbers, out of DuckDB into typed arrays, for the columns that a design reads. */
import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { Design } from '../../core/design/design.ts';
import type { CellFault, RawColumn, RawRows } from '../../core/design/rows.ts';
import { meantLevel } from '../../core/spec/nearest.ts';
import { DataError, fatal } from './dataError.ts';
import type { DataFile } from './locate.ts';
import type { Relation } from './opened.ts';
import { locateCells } from './places.ts';
import { GROUP, literal, numberOf, ROW, textOf } from './sql.ts';

/** The relation's index of each column; throws a DataError for one that the data lack. */
export function indexOf(relation: Relation, file: DataFile, column: string): number {
  const index = relation.names.indexOf(column);
  if (index < 0) throw new DataError(fatal('column', `"${file.named}" has no column "${column}".`, 1, 1), file.named);
  return index;
}

/** A double a cell: NaN when empty, infinite when text or not finite; of levels its place among them, infinite when it is none. */
export function rawExpression(relation: Relation, file: DataFile, { column, levels }: RawColumn): string {
  const index = indexOf(relation, file, column);
  const [n, t] = [numberOf(index), textOf(index)];
  if (levels !== null) return `CASE WHEN ${t} IS NULL THEN 'nan'::DOUBLE ELSE coalesce(${placeAmong(t, levels)}, 'infinity'::DOUBLE) END`;
  if (!relation.hasText[index]) return `coalesce(${n}, 'nan'::DOUBLE)`;
  return `CASE WHEN ${t} IS NULL THEN 'nan'::DOUBLE ELSE coalesce(${n}, 'infinity'::DOUBLE) END`;
}

/** The place of a text among levels, as a double; NULL where it is none. */
export const placeAmong = (text: string, levels: readonly string[]): string =>
  `enum_code(TRY_CAST(${text} AS ENUM(${levels.map(literal).join(', ')})))::DOUBLE`;

/** The group's index in the design, −1 for one that it lacks. */
export function groupCode(relation: Relation, file: DataFile, design: Pick<Design, 'groupColumn' | 'groups'>): string {
  if (design.groupColumn === null) return '0';
  indexOf(relation, file, design.groupColumn);
  if (design.groups.length === 0) return '-1';
  return `coalesce(enum_code(TRY_CAST(${GROUP} AS ENUM(${design.groups.map(literal).join(', ')})))::INTEGER, -1)`;
}

/** All rows of the relation in file order; `expected` is about how many. */
export async function readRaw(
  relation: Relation,
  file: DataFile,
  design: Pick<Design, 'groupColumn' | 'groups'>,
  columns: readonly RawColumn[],
  expected: number,
): Promise<RawRows> {
  const select = [`${ROW}::INTEGER`, groupCode(relation, file, design), ...columns.map((c) => rawExpression(relation, file, c))];
  const result = await relation.connection.stream(`SELECT ${select.join(', ')} FROM ${relation.from}`);
  let size = Math.max(1024, Math.min(expected, Math.floor(MOST_CELLS / (columns.length + 1))));
  let fileRow = new Int32Array(size);
  let group = new Int32Array(size);
  const values = columns.map(() => new Float64Array(size));
  let n = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    if (n + chunk.rowCount > size) {
      refuseTooMany(file, n + chunk.rowCount, columns.length);
      size = Math.max(2 * size, n + chunk.rowCount);
      fileRow = grown(fileRow, new Int32Array(size));
      group = grown(group, new Int32Array(size));
      values.forEach((v, k) => {
        values[k] = grown(v, new Float64Array(size));
      });
    }
    copyColumn(chunk, 0, fileRow, n);
    copyColumn(chunk, 1, group, n);
    values.forEach((v, k) => {
      copyColumn(chunk, k + 2, v, n);
    });
    n += chunk.rowCount;
  }
  return {
    n,
    fileRow: fileRow.subarray(0, n),
    group: group.subarray(0, n),
    columns: new Map(columns.map((c, k) => [c.key, values[k].subarray(0, n)])),
  };
}

/** More cells than this, 2 GB of them, are refused before they are read. */
const MOST_CELLS = 250_000_000;

/** Throws a DataError. */
export function refuseTooMany({ named }: DataFile, rows: number, columns: number): void {
  if (rows * (columns + 1) <= MOST_CELLS) return;
  const most = Math.floor(MOST_CELLS / (columns + 1)).toLocaleString('en');
  const message = `"${named}" has more than the ${most} rows of ${columns} columns that a model of rows may have in memory; choose rows with "where", or make a file of fewer.`;
  throw new DataError(fatal('unsupported', message), named);
}

function grown<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

function copyColumn(chunk: DuckDBDataChunk, column: number, to: Int32Array | Float64Array, at: number): void {
  const vector = chunk.getColumnVector(column);
  for (let i = 0; i < chunk.rowCount; i++) to[at + i] = vector.getItem(i) as number;
}

/** The group's name of every row whose group is not blank, by row of the file. */
export async function groupNames(relation: Relation): Promise<Map<number, string>> {
  const reader = await relation.connection.runAndReadAll(
    `SELECT ${ROW}::DOUBLE, ${GROUP} FROM ${relation.from} WHERE ${GROUP} IS NOT NULL`,
  );
  return new Map(reader.getRowsJS().map((row) => [Number(row[0]), String(row[1])]));
}

/** A fault of a cell with its place, as one sentence. */
export async function cellError(relation: Relation, file: DataFile, design: Design, raw: RawRows, fault: CellFault): Promise<DataError> {
  const column = fault.column === null ? relation.group : relation.names.indexOf(fault.column);
  const [place] = await locateCells(relation.parts, [{ row: raw.fileRow[fault.at], column: Math.max(0, column) }]);
  const shown = place.text === '' ? '' : ` (${JSON.stringify(place.text)})`;
  const name =
    raw.group[fault.at] >= 0 && design.groupColumn !== null ? ` of group ${JSON.stringify(design.groups[raw.group[fault.at]])}` : '';
  const message = `Line ${place.line}${name}: ${fault.message.replace(/\.$/, '')}${shown}.${fault.levels ? meantLevel(place.text, fault.levels) : ''}`;
  const found = fatal('cell', message, place.line, place.column);
  return new DataError(fault.code === undefined ? found : { ...found, code: fault.code }, place.file ?? file.named);
}
