/**
 * A data file as a DuckDB relation with columns of known meaning, whatever the file's kind:
 * `#r` the 0-based row in the file, `#g` the group's name (NULL when blank), and for the data column at index i `#n<i>`, its cells as
 * numbers (NULL when empty or text), and where it may hold text `#t<i>`, its cells as text (NULL when empty).
 *
 * A file of moderate size becomes a table in memory, read by all threads. A larger one is scanned anew for every query. Queries run
 * on one thread, so that sums do not depend on how rows fell to threads.
 */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { diagnose } from './diagnose.ts';
import { type Head, readHead } from './head.ts';
import { DataError, type DataFile, fatal } from './locate.ts';
import type { Facts } from './moments.ts';
import { checkPredicate } from './predicate.ts';
import { isEmptyText, numberIn } from './shape.ts';
import { doubleOf, GROUP, identifier, literal, numberOf, ROW, textOf } from './sql.ts';

/** Text files above this size are scanned instead of kept in memory. */
export const TABLE_BYTES = 128 * 1024 * 1024;

export interface RelationRequest {
  readonly file: DataFile;
  readonly delimiter: string | null;
  readonly where: string | null;
  readonly group: string | null;
  /** Columns that must be there as text, even if all their cells are numbers, each with levels that are text whatever else they are spelt like. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** Above this size the file is scanned; for tests. */
  readonly tableBytes?: number;
}

export interface Relation {
  readonly connection: DuckDBConnection;
  /** Goes into a FROM clause. */
  readonly from: string;
  readonly names: readonly string[];
  /** Whether `#t<i>` exists. */
  readonly hasText: readonly boolean[];
  /** Index of the group column, or −1. */
  readonly group: number;
  /** Whether a query costs a scan of the file. */
  readonly scans: boolean;
  /** Whether `#d<i>` exists for the columns without text. */
  readonly hasDoubles: boolean;
  /** What a scan found, for the next reader of the same file, by `where`. */
  readonly found: Map<string | null, Facts>;
  /** About how many rows the file has. */
  readonly estimatedRows: number;
  /** `null` for Parquet. */
  readonly head: Head | null;
}

interface Opened {
  readonly key: string;
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly source: Source;
}

/** A relation before `where`. */
type Source = Omit<Relation, 'connection' | 'from'> & { readonly base: string };

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
  return DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' });
}

function takeInstance(): Promise<DuckDBInstance> {
  const waiting = spare ?? createInstance();
  spare = null;
  return waiting;
}

let queue: Promise<unknown> = Promise.resolve();

/** Frees the memory that the last file read holds. */
export function releaseData(): Promise<void> {
  return inTurn(async () => close());
}

function close(): void {
  opened?.connection.closeSync();
  opened?.instance.closeSync();
  opened = null;
}

/** One after another: the one open file is not closed under a reader. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = queue.then(work, work);
  queue = mine.catch(() => undefined);
  return mine;
}

/**
 * Runs `use` over the file's relation. It may run more than once: a column taken for numbers by the file's start may turn out to hold
 * text further down. Throws DataError for every fault of the file or of `where`.
 */
export function withRelation<T>(request: RelationRequest, use: (relation: Relation) => Promise<T>): Promise<T> {
  return inTurn(async () => {
    const head = request.file.format === 'parquet' ? null : await readHead(request.file, request.delimiter);
    if (head && head.faults.length > 0) throw new DataError(head.faults[0], request.file.named);
    const reading = new Reading(request, head);
    for (;;) {
      const current = await reading.open();
      const relation = await filtered(current, request);
      try {
        return await use(relation);
      } catch (error) {
        if (error instanceof DataError) throw error;
        close();
        if (!(await reading.adapt(error))) throw await reading.explain(error);
      }
    }
  });
}

/** The relation after `where`. */
async function filtered(current: Opened, request: RelationRequest): Promise<Relation> {
  const { source, connection } = current;
  const relation = { connection, ...source, from: source.base };
  if (request.where === null) return relation;
  const refuse = (message: string): never => {
    throw new DataError(fatal('where', message), request.file.named);
  };
  const checked = await checkPredicate(connection, request.where);
  if (!checked.ok) return refuse(checked.message);
  const shown = new Set<string>();
  const aliases = checked.columns.map((spelled) => {
    const exact = source.names.indexOf(spelled);
    const index = exact >= 0 ? exact : source.names.findIndex((n) => n.toLowerCase() === spelled.toLowerCase());
    if (index < 0) {
      const message = `"where" names the column "${spelled}", which the data do not have.`;
      throw new DataError({ ...fatal('where', message), unknown: spelled, suggestions: source.names }, request.file.named);
    }
    if (shown.has(spelled.toLowerCase())) return refuse(`"where" names two columns that differ only in case ("${spelled}").`);
    shown.add(spelled.toLowerCase());
    const value = index === source.group ? GROUP : source.hasText[index] ? textOf(index) : numberOf(index);
    return `, ${value} AS ${identifier(spelled)}`;
  });
  const from = `(SELECT * FROM (SELECT *${aliases.join('')} FROM ${source.base}) WHERE (${request.where}\n))`;
  try {
    await connection.run(`SELECT count(*) FROM ${source.scans ? `(SELECT * FROM ${from} LIMIT 1)` : from}`);
  } catch (error) {
    if (isPredicateError(error)) return refuse(`"where" cannot be applied: ${firstLine(error)}.`);
    throw error;
  }
  return { ...relation, from };
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .split('\n')[0]
    .replace(/^[A-Za-z ]*Error: /, '')
    .replace(/[.!]$/, '');

const isPredicateError = (error: unknown): boolean =>
  error instanceof Error && /^(Binder|Conversion|Catalog|Parser|Out of Range)/.test(error.message) && !error.message.includes('CSV Error');

/** How the file is read at present, and how to read it otherwise when that fails. */
class Reading {
  readonly #request: RelationRequest;
  readonly #head: Head | null;
  readonly #text: boolean[];
  readonly #group: number;
  #strict = true;
  #attempts = 0;

  constructor(request: RelationRequest, head: Head | null) {
    this.#request = request;
    this.#head = head;
    this.#text = head ? head.names.map((name, i) => head.text[i] || request.texts.has(name)) : [];
    this.#group = head && request.group !== null ? head.names.indexOf(request.group) : -1;
  }

  async open(): Promise<Opened> {
    const { file, group, delimiter, texts, tableBytes } = this.#request;
    const kept = [...texts].flatMap(([column, levels]) => levels.filter(isReadOtherwise).map((level) => [column, level]));
    const key = JSON.stringify([file.path, file.version, group, delimiter, tableBytes ?? null, kept]);
    if (opened && opened.key === key && this.#attempts === 0) {
      const { names, hasText } = opened.source;
      if ([...texts.keys()].every((t) => hasText[names.indexOf(t)] ?? true)) return opened;
    }
    close();
    const instance = await takeInstance();
    const connection = await instance.connect();
    for (const setting of [`temp_directory = ''`, `allowed_paths = [${literal(file.path)}]`, 'enable_external_access = false']) {
      await connection.run(`SET ${setting}`);
    }
    try {
      const source = this.#head ? await this.#openText(connection, this.#head) : await this.#openParquet(connection);
      await connection.run('SET lock_configuration = true');
      opened = { key, instance, connection, source };
      return opened;
    } catch (error) {
      connection.closeSync();
      instance.closeSync();
      if (await this.adapt(error)) return this.open();
      throw await this.explain(error);
    }
  }

  async #openText(connection: DuckDBConnection, head: Head): Promise<Source> {
    const { file } = this.#request;
    const columns = head.names.map((_, i) => `'c${i}': '${this.#text[i] || i === this.#group ? 'VARCHAR' : 'DOUBLE'}'`);
    const options = [
      literal(file.path),
      'auto_detect = false',
      'header = true',
      'hive_partitioning = false',
      `compression = '${head.gzip ? 'gzip' : 'none'}'`,
      `delim = ${literal(head.dialect.delimiter)}`,
      `quote = '"'`,
      `escape = '"'`,
      `strict_mode = ${this.#strict}`,
      `columns = {${columns.join(', ')}}`,
    ];
    const others = head.names.map((_, i) => i).filter((i) => i !== this.#group);
    const stored = others.flatMap((i) =>
      this.#text[i] ? textColumns(i, `"c${i}"`, this.#kept(head.names[i])) : [`nullif("c${i}", 'nan'::DOUBLE) AS ${numberOf(i)}`],
    );
    const hasText = head.names.map((_, i) => this.#text[i] || i === this.#group);
    const list = [...stored, `${this.#group < 0 ? `'all'` : unlessBlank(`"c${this.#group}"`)} AS ${GROUP}`].join(', ');
    const groupCells = this.#group < 0 ? '' : `, ${GROUP} AS ${textOf(this.#group)}, ${castNumber(GROUP)} AS ${numberOf(this.#group)}`;
    const reader = `read_csv(${options.join(', ')})`;
    const common = { names: head.names, hasText, group: this.#group, head, found: new Map() };
    const unpacked = file.size * (head.gzip ? 4 : 1);
    const estimatedRows = unpacked / head.rowBytes;
    if (unpacked <= (this.#request.tableBytes ?? TABLE_BYTES)) {
      await connection.run(`CREATE TEMP TABLE "#data" AS SELECT ${list} FROM ${reader}`);
      await connection.run('SET threads = 1');
      return { ...common, base: `(SELECT rowid AS ${ROW}, *${groupCells} FROM "#data")`, scans: false, hasDoubles: false, estimatedRows };
    }
    await connection.run('SET threads = 1');
    const doubles = others.flatMap((i) => (this.#text[i] ? [] : [`, "c${i}" AS ${doubleOf(i)}`])).join('');
    const cells = `SELECT row_number() OVER () - 1 AS ${ROW}, ${list}${doubles} FROM ${reader}`;
    return { ...common, base: `(SELECT *${groupCells} FROM (${cells}))`, scans: true, hasDoubles: true, estimatedRows };
  }

  async #openParquet(connection: DuckDBConnection): Promise<Source> {
    const { file, group, texts } = this.#request;
    await connection.run('SET threads = 1');
    const reader = `read_parquet(${literal(file.path)}, hive_partitioning = false, file_row_number = true)`;
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * EXCLUDE (file_row_number) FROM ${reader}`);
    const fields = described.getRowsJson().map((row) => ({ name: String(row[0]), type: String(row[1]) }));
    const names = fields.map((f) => f.name);
    const groupIndex = group === null ? -1 : names.indexOf(group);
    const isNumber = fields.map((f) => /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*|BOOLEAN)$/.test(f.type));
    const hasText = fields.map((f, i) => !isNumber[i] || i === groupIndex || texts.has(f.name));
    const select = fields.flatMap((f, i) => {
      const cell = identifier(f.name);
      const asNumber = isNumber[i] ? [`nullif(CAST(${cell} AS DOUBLE), 'nan'::DOUBLE) AS ${numberOf(i)}`] : [];
      if (!hasText[i]) return asNumber;
      const text = `CAST(${cell} AS VARCHAR)`;
      const [asText, cast] = textColumns(i, text, this.#kept(f.name));
      return [asText, ...(isNumber[i] ? asNumber : [cast])];
    });
    const groupText = groupIndex < 0 ? '' : `CAST(${identifier(group ?? '')} AS VARCHAR)`;
    const groupValue = groupIndex < 0 ? `'all'` : unlessBlank(groupText);
    const counted = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${reader}`);
    const rows = Number(counted.getRowsJson()[0][0]);
    const base = `(SELECT file_row_number AS ${ROW}, ${[...select, `${groupValue} AS ${GROUP}`].join(', ')} FROM ${reader})`;
    const scans = rows * fields.length > (this.#request.tableBytes ?? TABLE_BYTES) / 8;
    return { base, names, hasText, group: groupIndex, head: null, scans, hasDoubles: false, estimatedRows: rows, found: new Map() };
  }

  /** The levels of a column that would be read as an empty cell or as no finite number. */
  #kept(column: string): readonly string[] {
    return (this.#request.texts.get(column) ?? []).filter(isReadOtherwise);
  }

  /** Whether another way of reading is left after this error, and takes it. */
  async adapt(error: unknown): Promise<boolean> {
    if (!(error instanceof Error) || !this.#head || ++this.#attempts > 8) return false;
    const column = /Error when converting column "c(\d+)"\. Could not convert/.exec(error.message);
    if (column) {
      const index = Number(column[1]);
      if (this.#text[index]) return false;
      if (this.#attempts > 4) this.#text.fill(true);
      else this.#text[index] = true;
      return true;
    }
    if (this.#strict && error.message.includes('CSV')) {
      const faults = await diagnose(this.#request.file, this.#head);
      if (faults.fault !== null || !faults.mixedLineEnds) return false;
      this.#strict = false;
      return true;
    }
    return false;
  }

  /** What to tell the user of an error that nothing helps against. */
  async explain(error: unknown): Promise<unknown> {
    if (error instanceof DataError || !(error instanceof Error)) return error;
    const { file } = this.#request;
    if (isPredicateError(error) && this.#request.where !== null) {
      return new DataError(fatal('where', `"where" cannot be applied: ${firstLine(error)}.`), file.named);
    }
    const found = this.#head ? (await diagnose(file, this.#head)).fault : null;
    if (found) return new DataError(found, file.named);
    if (!/^(Invalid Input|IO|Conversion|Out of Memory|Permission|Not implemented)/i.test(error.message)) return error;
    return new DataError(fatal('unreadable', `"${file.named}" cannot be read: ${firstLine(error)}.`), file.named);
  }
}

const emptied = (text: string): string => `CASE WHEN lower(trim(${text}, ' \t')) NOT IN ('', 'na', 'n/a', 'nan', 'null') THEN ${text} END`;
const castNumber = (text: string): string => `nullif(TRY_CAST(trim(${text}, ' \t') AS DOUBLE), 'nan'::DOUBLE)`;
/** Text and number of the column at an index; `kept` are texts as they are. */
function textColumns(i: number, cell: string, kept: readonly string[]): [string, string] {
  const isKept = `${cell} IN (${kept.map(literal).join(', ')})`;
  const [text, number] = [emptied(cell), castNumber(cell)];
  if (kept.length === 0) return [`${text} AS ${textOf(i)}`, `${number} AS ${numberOf(i)}`];
  return [
    `CASE WHEN ${isKept} THEN ${cell} ELSE ${text} END AS ${textOf(i)}`,
    `CASE WHEN ${isKept} THEN NULL ELSE ${number} END AS ${numberOf(i)}`,
  ];
}
/** Whether a text would be read as an empty cell, or as a number that is not finite. */
const isReadOtherwise = (text: string): boolean => isEmptyText(text) || !Number.isFinite(numberIn(text) ?? 0);
/** Most texts start with a character above the blanks, which is quick to see. */
const unlessBlank = (text: string): string => `CASE WHEN ${text} >= '!' THEN ${text} WHEN trim(${text}, ' \t') <> '' THEN ${text} END`;
