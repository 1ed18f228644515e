import type { DuckDBConnection } from '@duckdb/node-api';
import type { ReaderSettings } from '../../core/spec/types.ts';
import { refuseNoParquet } from './magic.ts';
import type { RelationRequest, Source } from './opened.ts';
import { orderOf, type Part } from './parts.ts';
import { literal, ROW } from './sql.ts';
import { fieldsOf, TypedColumns } from './typed.ts';

/** Parquet files as one table. */
export async function openParquet(
  connection: DuckDBConnection,
  request: RelationRequest,
  reader: ReaderSettings,
  predicate: readonly string[],
): Promise<Source> {
  await connection.run('SET threads = 1');
  const parts: Part[] = [];
  const selects: string[] = [];
  let columns: TypedColumns | null = null;
  let rows = 0;
  for (const file of request.file.parts) {
    await refuseNoParquet(file);
    const plain = `read_parquet(${literal(file.path)}, hive_partitioning = false)`;
    const fields = await fieldsOf(connection, plain);
    // DuckDB counts the rows in a column of this name, unless the file has one.
    const isTaken = fields.some((f) => f.name.toLowerCase() === 'file_row_number');
    const from = isTaken ? plain : plain.replace(/\)$/, ', file_row_number = true)');
    const row = isTaken ? 'row_number() OVER () - 1' : 'file_row_number';
    columns ??= new TypedColumns(fields, request, reader, predicate);
    const order = orderOf(
      columns.names,
      fields.map((f) => f.name),
      file,
      request.file.parts[0],
    );
    parts.push({ file, head: null, order, firstRow: rows });
    selects.push(`SELECT ${row} + ${rows} AS ${ROW}, ${columns.select} FROM ${from}`);
    const counted = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${from}`);
    rows += Number(counted.getRowsJson()[0][0]);
  }
  if (columns === null) throw new Error('The data have no file.');
  return columns.source(connection, `(${selects.join(' UNION ALL ')})`, rows, parts);
}
