import type { DuckDBConnection } from '@duckdb/node-api';
import { nearest } from '../../core/spec/nearest.ts';
import type { ReaderSettings } from '../../core/spec/types.ts';
import { DataError, fatal } from './dataError.ts';
import { reasonOf } from './errors.ts';
import type { RelationRequest, Source } from './opened.ts';
import { identifier, literal, ROW } from './sql.ts';
import { fieldsOf, TypedColumns } from './typed.ts';

/**
 * A table of a DuckDB file. The file is attached for reading; `lock` then takes away every other path, so that a view in it that reads
 * files gets nothing. Throws a DataError for a file that is no database, and for a table that it lacks.
 */
export async function openDatabase(
  connection: DuckDBConnection,
  request: RelationRequest,
  reader: ReaderSettings,
  predicate: readonly string[],
  lock: (paths: readonly string[]) => Promise<void>,
): Promise<Source> {
  const { named, parts } = request.file;
  const refuse = (message: string, suggestions: readonly string[] = []): never => {
    throw new DataError({ ...fatal('table', message), suggestions }, named);
  };
  await connection.run(`ATTACH ${literal(parts[0].path)} AS "#file" (READ_ONLY, TYPE duckdb)`).catch((error: unknown) => {
    throw new DataError(fatal('unreadable', `"${named}" cannot be read as a DuckDB file: ${reasonOf(error, request.file)}.`), named);
  });
  await lock([parts[0].path, `${parts[0].path}.wal`]);
  await connection.run('SET threads = 1');
  const listed = await connection.runAndReadAll(
    `SELECT table_name FROM information_schema.tables WHERE table_catalog = '#file' AND table_schema = 'main' ORDER BY 1`,
  );
  const tables = listed.getRowsJson().map((row) => String(row[0]));
  const has = `It has ${
    tables.length === 0
      ? 'no table'
      : tables
          .slice(0, 8)
          .map((t) => JSON.stringify(t))
          .join(', ')
  }.`;
  const wanted = reader.table ?? (tables.length === 1 ? tables[0] : null);
  if (wanted === null) return refuse(`"${named}" is a DuckDB file; say with "table" which of its tables to read. ${has}`, tables);
  if (!tables.includes(wanted)) {
    const near = nearest(wanted, tables);
    return refuse(
      `"${named}" has no table ${JSON.stringify(wanted)}. ${near === null ? has : `Did you mean ${JSON.stringify(near)}?`}`,
      tables,
    );
  }
  const from = `"#file".main.${identifier(wanted)}`;
  const fields = await fieldsOf(connection, from);
  const columns = new TypedColumns(fields, request, reader, predicate);
  const counted = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${from}`);
  const order = fields.map((_, i) => i);
  const part = { file: parts[0], head: null, order, firstRow: 0 };
  const cells = `(SELECT row_number() OVER () - 1 AS ${ROW}, ${columns.select} FROM ${from})`;
  return columns.source(connection, cells, Number(counted.getRowsJson()[0][0]), [part]);
}
