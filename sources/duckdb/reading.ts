/** How data are opened in DuckDB, and opened otherwise when that fails. One source is open at a time. */
import { totalmem } from 'node:os';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DEFAULT_READER, type ReaderSettings } from '../../core/spec/types.ts';
import { ODD_NUMBER } from './cellSql.ts';
import { openDatabase } from './database.ts';
import { DataError, fatal } from './dataError.ts';
import { Delimited } from './delimited.ts';
import { diagnose } from './diagnose.ts';
import { isDuckDbError, isOutOfMemory, isSystemError, reasonOf } from './errors.ts';
import type { DataFile } from './locate.ts';
import type { RelationRequest, Source } from './opened.ts';
import { openParquet } from './parquet.ts';
import { delimitedParts } from './parts.ts';
import { literal } from './sql.ts';
import { goOn } from './turn.ts';
import { predicateColumns } from './where.ts';

interface Opened {
  readonly key: string;
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly source: Source;
  /** What was read of text; its copies are removed with it. */
  readonly text: Delimited | null;
}

let opened: Opened | null = null;
/** An empty database that was started before it was known which file to read. */
let spare: Promise<DuckDBInstance> | null = null;

/** Starts what the first reading would wait for, while there is other work to do. Never throws: the reading itself will. */
export function startReader(): void {
  spare ??= createInstance();
  spare.catch(() => {
    spare = null;
  });
}

async function createInstance(): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  return DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: `${Math.floor(MEMORY / MIB)}MiB`,
    // What does not fit is refused: the disk that it would go to may be memory as well.
    temp_directory: '',
  });
}

const MIB = 1024 * 1024;
const MOST_MEMORY = 8 * 1024 * MIB;
/** Bytes that a reading may take: half of what the machine, or the container, has. */
const MEMORY = Math.max(512 * MIB, Math.min(MOST_MEMORY, (process.constrainedMemory() || Number.POSITIVE_INFINITY) / 2, totalmem() / 2));

function takeInstance(): Promise<DuckDBInstance> {
  const waiting = spare ?? createInstance();
  spare = null;
  return waiting;
}

/** Closes what is open. */
export function close(): void {
  opened?.connection.closeSync();
  opened?.instance.closeSync();
  opened?.text?.release();
  opened = null;
}

/** What a connection may still do once nothing but the paths is to be read. */
async function lockDown(connection: DuckDBConnection, paths: readonly string[]): Promise<void> {
  for (const setting of [`allowed_paths = [${paths.map(literal).join(', ')}]`, 'enable_external_access = false']) {
    await connection.run(`SET ${setting}`);
  }
}

/** One reading of a request, which learns from what fails. */
export class Reading {
  readonly #request: RelationRequest;
  /** `null` where the data are no delimited text. */
  readonly #text: Delimited | null;
  #attempts = 0;
  #connection: DuckDBConnection | null = null;

  private constructor(request: RelationRequest, text: Delimited | null) {
    this.#request = request;
    this.#text = text;
  }

  /** Throws a DataError for a file whose head has a fault. */
  static async start(request: RelationRequest): Promise<Reading> {
    if (request.file.format !== 'csv') return new Reading(request, null);
    const reader = readerOf(request);
    return new Reading(request, new Delimited(request, reader, await delimitedParts(request.file, request.source, reader)));
  }

  async open(): Promise<{ readonly source: Source; readonly connection: DuckDBConnection }> {
    const { file, group, source, origins, tableBytes, memoryBytes } = this.#request;
    const { delimiter, reader } = source;
    const paths = file.parts.map((p) => p.path);
    const kept = this.#text?.keptLevels() ?? [...this.#request.texts];
    const key = JSON.stringify([
      paths,
      file.version,
      group,
      delimiter,
      reader,
      tableBytes ?? null,
      memoryBytes ?? null,
      kept,
      [...(origins ?? [])],
    ]);
    if (opened?.key === key && this.#attempts === 0 && (await this.#serves(opened))) {
      this.#connection = opened.connection;
      return opened;
    }
    close();
    const instance = await takeInstance();
    const connection = await instance.connect();
    this.#connection = connection;
    try {
      if (memoryBytes !== undefined) await connection.run(`SET memory_limit = '${Math.floor(memoryBytes / MIB)}MiB'`);
      const columns = await predicateColumns(connection, this.#request);
      const found = await this.#openSource(connection, columns);
      await connection.run('SET lock_configuration = true');
      opened = { key, instance, connection, source: found, text: this.#text };
      return opened;
    } catch (error) {
      this.#connection = null;
      connection.closeSync();
      instance.closeSync();
      this.#text?.release();
      if (error instanceof DataError) throw error;
      goOn();
      if (await this.adapt(error)) return this.open();
      throw await this.explain(error);
    }
  }

  /** Ends the query that runs, which then fails. */
  interrupt(): void {
    this.#connection?.interrupt();
  }

  /** Whether what is open has all that is asked for. */
  async #serves({ source, connection }: Opened): Promise<boolean> {
    const { columns, texts } = this.#request;
    const { names, isLoaded, hasText } = source;
    const wanted = [...(columns ?? []), ...(await predicateColumns(connection, this.#request))];
    if (!wanted.every((name) => isLoaded[names.indexOf(name)] ?? true)) return false;
    return [...texts.keys()].every((name) => hasText[names.indexOf(name)] ?? true);
  }

  async #openSource(connection: DuckDBConnection, predicate: readonly string[]): Promise<Source> {
    const { file } = this.#request;
    if (this.#text === null) {
      const reader = readerOf(this.#request);
      if (file.format === 'duckdb')
        return openDatabase(connection, this.#request, reader, predicate, (paths) => lockDown(connection, paths));
      await lockDown(
        connection,
        file.parts.map((p) => p.path),
      );
      return openParquet(connection, this.#request, reader, predicate);
    }
    await this.#text.prepare();
    await lockDown(connection, this.#text.paths);
    return this.#text.open(connection, predicate);
  }

  /** Whether columns were read as numbers that hold texts such as `2020_1`; then the next opening reads them as text. */
  async hasMisread(connection: DuckDBConnection): Promise<boolean> {
    return (await this.#text?.hasMisread(connection, ODD_NUMBER)) ?? false;
  }

  /** Whether another way of reading is left after this error, and takes it. */
  async adapt(error: unknown): Promise<boolean> {
    if (!(error instanceof Error) || this.#text === null || ++this.#attempts > 8) return false;
    return this.#text.adapt(error, this.#attempts > 4);
  }

  /** What to tell the user of an error that nothing helps against. */
  async explain(error: unknown): Promise<unknown> {
    if (error instanceof DataError || !(isDuckDbError(error) || isSystemError(error))) return error;
    const { file } = this.#request;
    if (isOutOfMemory(error)) return tooMuch(file, this.#request.memoryBytes ?? MEMORY);
    for (const part of this.#text?.parts ?? []) {
      const fault = await diagnose(part);
      if (fault !== null) return new DataError(fault, part.file.named);
    }
    const damaged = file.format === 'parquet' ? '; it may be damaged, so write or fetch it again' : '';
    return new DataError(fatal('unreadable', `"${file.named}" cannot be read: ${reasonOf(error, file)}${damaged}.`), file.named);
  }
}

function tooMuch({ named }: DataFile, bytes: number): DataError {
  const most = bytes < 1024 * MIB ? `${Math.floor(bytes / MIB)} MiB` : `${(bytes / 1024 / MIB).toFixed(1)} GiB`;
  const message = `Reading "${named}" takes more than ${most} of memory, which is all that it may; choose rows with "where", or write a file of the columns that the spec names.`;
  return new DataError(fatal('unsupported', message), named);
}

const readerOf = ({ source }: RelationRequest): ReaderSettings => source.reader ?? DEFAULT_READER;
