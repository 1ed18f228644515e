/**
 * Data as a DuckDB relation with columns of known meaning, whatever the kind of file:
 * `#r` the 0-based row in the data, `#g` the group's name (NULL when blank), and for the data column at index i `#n<i>`, its cells as
 * numbers (NULL when empty or text), and where it may hold text `#t<i>`, its cells as text (NULL when empty).
 *
 * A file of moderate size becomes a table in memory, read by all threads. A larger one is scanned anew for every query. Queries run
 * on one thread, so that sums do not depend on how rows fell to threads.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CellRules, FileSource } from '../core/spec/types.ts';
import { isDuckDbError, isInterrupted, isOutOfMemory } from './errors.ts';
import { DataError, type DataFile } from './locate.ts';
import type { Facts } from './moments.ts';
import type { Part } from './parts.ts';
import { close, Reading } from './reading.ts';
import { GROUP, numberOf, textOf } from './sql.ts';
import { goOn, inTurn } from './turn.ts';
import { filtered, notApplicable } from './where.ts';

export { startReader } from './reading.ts';

export interface RelationRequest {
  readonly file: DataFile;
  readonly source: FileSource;
  readonly group: string | null;
  /** Columns that will be asked for: of a wide file only these are read, and those of `where`. `null`: the first ones. */
  readonly columns: readonly string[] | null;
  /** Columns that must be there as text, even if all their cells are numbers, each with levels that are text whatever else they are spelt like. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** Where the time of date columns starts, in seconds since 1970; by default at each column's first value. */
  readonly origins?: ReadonlyMap<string, number>;
  /** Above this size the file is scanned; for tests. */
  readonly tableBytes?: number;
  /** Bytes that DuckDB may take; for tests. */
  readonly memoryBytes?: number;
  /** Calls the reading off. */
  readonly signal?: AbortSignal;
}

/** A relation before `where`. */
export interface Source {
  /** Goes into a FROM clause. */
  readonly base: string;
  readonly names: readonly string[];
  /** Whether a column's cells can be asked for. */
  readonly isLoaded: readonly boolean[];
  /** Whether `#t<i>` exists. */
  readonly hasText: readonly boolean[];
  /** Columns of dates, whose numbers are times since the column's first value. */
  readonly isDate: readonly boolean[];
  /** Index of the group column, or −1. */
  readonly group: number;
  readonly rules: CellRules;
  /** Whether a query costs a scan of the file. */
  readonly scans: boolean;
  /** Whether `#d<i>` exists for the columns without text. */
  readonly hasDoubles: boolean;
  /** What a scan found, for the next reader of the same file, by `where`. */
  readonly found: Map<string | null, Facts>;
  /** About how many rows the file has. */
  readonly estimatedRows: number;
  readonly parts: readonly Part[];
  /** Where the time of date columns starts, in seconds since 1970. */
  readonly origins: ReadonlyMap<string, number>;
}

export interface Relation extends Omit<Source, 'base'> {
  readonly connection: DuckDBConnection;
  /** Goes into a FROM clause. */
  readonly from: string;
}

/** Frees the memory that the last file read holds. */
export function releaseData(): Promise<void> {
  return inTurn(async () => close());
}

/**
 * Runs `use` over the file's relation. It may run more than once: a column taken for numbers by the file's start may turn out to hold
 * text further down. Throws DataError for every fault of the file or of `where`, and CalledOff soon after its signal is aborted.
 */
export function withRelation<T>(request: RelationRequest, use: (relation: Relation) => Promise<T>): Promise<T> {
  let reading: Reading | null = null;
  const read = async () => {
    const mine = await Reading.start(request);
    reading = mine;
    for (;;) {
      try {
        return await once(mine, request, use);
      } catch (error) {
        if (error instanceof DataError) throw error;
        close();
        goOn();
        if (error !== MISREAD && !(await mine.adapt(error))) throw await mine.explain(error);
      }
    }
  };
  return inTurn(read, request.signal, () => reading?.interrupt());
}

/** What `once` throws when columns must be read anew, as text. */
const MISREAD = new Error('Text was read as numbers.');

async function once<T>(reading: Reading, request: RelationRequest, use: (relation: Relation) => Promise<T>): Promise<T> {
  const { source, connection } = await reading.open();
  // A fault that was found may be of a column that was misread.
  const outcome = await filtered(connection, source, request)
    .then(use)
    .then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
  if ('error' in outcome && !(outcome.error instanceof DataError)) throw await blamed(outcome.error, connection, source, request);
  if (await reading.hasMisread(connection)) throw MISREAD;
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** The error, or that of the predicate where the data can be read without it. */
async function blamed(error: unknown, connection: DuckDBConnection, source: Source, { source: { where }, file }: RelationRequest) {
  if (where === null || !isDuckDbError(error) || isInterrupted(error) || isOutOfMemory(error)) return error;
  const columns = source.names.map((_, i) => i).filter((i) => source.isLoaded[i]);
  const counts = columns.flatMap((i) => [numberOf(i), ...(source.hasText[i] ? [textOf(i)] : [])]).map((cell) => `count(${cell})`);
  const isReadable = await connection.run(`SELECT ${[`count(${GROUP})`, ...counts].join(', ')} FROM ${source.base}`).then(
    () => true,
    () => false,
  );
  return isReadable ? notApplicable(error, file) : error;
}
