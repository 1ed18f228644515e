/** What is asked of the reader, and what it hands on. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CellRules, FileSource } from '../../core/spec/types.ts';
import type { Facts } from './facts.ts';
import type { DataFile } from './locate.ts';
import type { Part } from './parts.ts';

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
