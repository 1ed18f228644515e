/** An even sample of a file's rows, by group, that comes with a query's other answers. */
import type { DuckDBConnection, DuckDBDataChunk, DuckDBListVector } from '@duckdb/node-api';
import { ROW } from './sql.ts';

/** Row-major: the row of the file, then a number a cell, NaN where it is empty. */
export interface Sample {
  /** Numbers a row. */
  readonly width: number;
  readonly cells: Float64Array;
}

/** The fractional parts of multiples of the golden ratio are spread evenly (Knuth 1998, 6.4), in 32 bits. */
const GOLDEN = 2_654_435_761;
const WHOLE = 2 ** 32;

/**
 * One row of `every`, as an aggregate, evenly spread over the file and over whatever goes round in it, such as groups that take turns.
 * `CASE` keeps DuckDB from making a list of every row before the filter looks at it.
 */
export function sampleOf(cells: readonly string[], every: number): string {
  const isIn = `((${ROW} & 2147483647) * ${GOLDEN}) & ${WHOLE - 1} < ${Math.ceil(WHOLE / every)}`;
  const row = [`${ROW}::DOUBLE`, ...cells.map((cell) => `coalesce(${cell}, 'nan'::DOUBLE)`)];
  return `list(CASE WHEN ${isIn} THEN [${row.join(', ')}] END) FILTER (WHERE ${isIn})`;
}

export interface SampledAnswer {
  /** The answer's values; the sample's own place holds null. */
  readonly row: readonly unknown[];
  readonly sample: Sample;
}

/** The answers of a query whose column `at` is a sample of rows of that `width`; `at` −1: it has none. */
export async function readSampled(connection: DuckDBConnection, sql: string, at: number, width: number): Promise<SampledAnswer[]> {
  const answers: SampledAnswer[] = [];
  for (const chunk of await (await connection.run(sql)).fetchAllChunks()) {
    const columns = Array.from({ length: chunk.columnCount }, (_, c) => (c === at ? null : chunk.getColumnVector(c)));
    for (let r = 0; r < chunk.rowCount; r++) {
      const sample = { width, cells: at < 0 ? new Float64Array(0) : cellsOf(chunk, at, r, width) };
      answers.push({ row: columns.map((vector) => vector?.getItem(r) ?? null), sample });
    }
  }
  return answers;
}

/** Straight from DuckDB's memory: as values, the cells would take longer than the query. */
function cellsOf(chunk: DuckDBDataChunk, column: number, row: number, width: number): Float64Array {
  // The query says so: a list of lists of doubles.
  const rows = chunk.getColumnVector(column) as DuckDBListVector;
  if (rows.getItemVector(row) === null) return new Float64Array(0);
  const lists = rows.childVector as DuckDBListVector;
  const start = lists.getEntryOffset(rows.getEntryOffset(row));
  const values = lists.childVector;
  return Float64Array.from({ length: rows.getEntryLength(row) * width }, (_, i) => values.getItem(start + i) as number);
}

/** Two samples of the same rows as one: the second one's cells after the first one's. */
export function widen(a: Sample, b: Sample): Sample {
  const rows = a.cells.length / a.width;
  const width = a.width + b.width - 1;
  const cells = new Float64Array(rows * width);
  for (let r = 0; r < rows; r++) {
    cells.set(a.cells.subarray(r * a.width, (r + 1) * a.width), r * width);
    cells.set(b.cells.subarray(r * b.width + 1, (r + 1) * b.width), r * width + a.width);
  }
  return { width, cells };
}

/** The samples of several groups put together in the order of the file: by column, and each row's group. */
export function joinSamples(samples: readonly Sample[]): { readonly group: Int32Array; readonly columns: readonly Float64Array[] } {
  const width = samples[0]?.width ?? 1;
  const n = samples.reduce((sum, { cells }) => sum + cells.length, 0) / width;
  const all = new Float64Array(n * width);
  const groups = new Int32Array(n);
  let filled = 0;
  samples.forEach(({ cells }, g) => {
    all.set(cells, filled);
    groups.fill(g, filled / width, (filled + cells.length) / width);
    filled += cells.length;
  });
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => all[a * width] - all[b * width]);
  return {
    group: groups.map((_, i) => groups[order[i]]),
    columns: Array.from({ length: width }, (_, k) => Float64Array.from(order, (i) => all[i * width + k])),
  };
}
