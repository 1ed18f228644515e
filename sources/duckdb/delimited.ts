/** Delimited text as a source: how its parts are read by DuckDB, and how else when that fails. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DateUnit, ReaderSettings } from '../../core/spec/types.ts';
import { hasBlankStretches } from './blanks.ts';
import { firstTime, isReadOtherwise, sinceOrigins, textColumns } from './columns.ts';
import { type Copy, removeCopy, writeCopy } from './copy.ts';
import { DataError, fatal } from './dataError.ts';
import { diagnose } from './diagnose.ts';
import { verifyGzip } from './gzip.ts';
import type { Head } from './head.ts';
import { mayHoldOdd } from './oddNumbers.ts';
import type { RelationRequest, Source } from './opened.ts';
import type { Part } from './parts.ts';
import { MAX_RECORD_BYTES } from './records.ts';
import { doubleOf, GROUP, literal, numberOf, ROW } from './sql.ts';
import { lastLineLength } from './tail.ts';
import { spelledColumn } from './where.ts';

/** Text files above this size are scanned instead of kept in memory. */
const TABLE_BYTES = 128 * 1024 * 1024;
/** Of a file with more columns only those are read that are asked for; of one that nobody says anything of, so many. */
export const WIDE = 400;

/** A part as DuckDB is to read it. */
interface Input {
  readonly part: Part;
  readonly head: Head;
  readonly path: string;
  readonly gzip: boolean;
  readonly delimiter: string;
  /** Lines before the header. */
  readonly skip: number;
  /** Bytes of text. */
  readonly bytes: number;
  /** Whether a text such as `2020_1` may be in it; a promise while it is looked for. */
  readonly odd: Promise<boolean>;
}

/** Files known to hold no text that DuckDB takes for a number, by path and version. */
const knownPlain = new Set<string>();

export class Delimited {
  readonly parts: readonly Part[];
  readonly #request: RelationRequest;
  readonly #reader: ReaderSettings;
  readonly #head: Head;
  readonly #group: number;
  /** Columns that are read as text. */
  readonly #text: boolean[];
  /** Whether DuckDB reads a copy in which records are as this reader finds them. */
  #copies: boolean;
  #inputs: Input[] = [];
  #loaded: boolean[] = [];

  constructor(request: RelationRequest, reader: ReaderSettings, parts: readonly Part[]) {
    this.#request = request;
    this.#reader = reader;
    this.parts = parts;
    const heads = parts.flatMap((p) => (p.head === null ? [] : { ...p.head, order: p.order }));
    this.#head = heads[0];
    const isUsual = reader.decimal === '.' && reader.thousands === null && reader.na === null;
    const dates = new Set(reader.dates.map(([column]) => column));
    this.#text = this.#head.names.map(
      (name, i) => !isUsual || request.texts.has(name) || dates.has(name) || heads.some((h) => h.text[h.order[i]]),
    );
    this.#group = request.group === null ? -1 : this.#head.names.indexOf(request.group);
    this.#copies = !heads.every((h) => h.isPlain);
  }

  /** What may be read. */
  get paths(): readonly string[] {
    return this.#inputs.map((i) => i.path);
  }

  /** The declared levels that would be read otherwise than as text. */
  keptLevels(): readonly (readonly [string, readonly string[]])[] {
    return [...this.#request.texts.keys()].map((column) => [column, this.#kept(column)] as const).filter(([, kept]) => kept.length > 0);
  }

  #kept(column: string): readonly string[] {
    return (this.#request.texts.get(column) ?? []).filter((level) => isReadOtherwise(level, this.#reader));
  }

  /** Throws a DataError for a damaged file, or one with a last line that DuckDB would leave out. */
  async prepare(): Promise<void> {
    this.release();
    for (const part of this.parts) this.#inputs.push(await this.#input(part));
  }

  /** Removes the copies that were made. */
  release(): void {
    for (const { path, part } of this.#inputs) if (path !== part.file.path) removeCopy(path);
    this.#inputs = [];
  }

  async #input(part: Part): Promise<Input> {
    const head = part.head as Head;
    const { file } = part;
    const { delimiter, skip } = head.dialect;
    const unpacked = head.gzip ? await verifyGzip(file) : null;
    if ((unpacked?.lastLine ?? (await lastLineLength(file, head))) > MAX_RECORD_BYTES) await this.#refuseLongLine(part);
    const hasBlanks = unpacked === null ? await hasBlankStretches(file) : unpacked.hasBlanks;
    if (hasBlanks && head.names.length === 1) this.#refuseBlankRows(part);
    if (this.#copies || unpacked?.isPadded || hasBlanks) {
      const copy: Copy = await writeCopy(file, head);
      return { part, head, path: copy.path, gzip: false, delimiter, skip: 0, bytes: copy.bytes, odd: Promise.resolve(copy.odd) };
    }
    const odd = unpacked === null ? this.#mayHoldOdd(part) : Promise.resolve(unpacked.odd);
    return { part, head, path: file.path, gzip: head.gzip, delimiter, skip, bytes: unpacked?.bytes ?? file.size, odd };
  }

  #mayHoldOdd({ file }: Part): Promise<boolean> {
    const key = `${file.path}\0${file.version}`;
    if (knownPlain.has(key) || this.#text.every((isText) => isText)) return Promise.resolve(false);
    const looking = mayHoldOdd(file).then((odd) => {
      if (!odd) knownPlain.add(key);
      return odd;
    });
    // Whoever waits for it hears of an error; nobody may, when the reading itself fails first.
    looking.catch(() => undefined);
    return looking;
  }

  /** In a file of one column a blank line is a row without a value. */
  #refuseBlankRows({ file }: Part): never {
    const message = `"${file.named}" has megabytes of blank lines, each of them a row without a value; remove them.`;
    throw new DataError(fatal('unsupported', message), file.named);
  }

  async #refuseLongLine(part: Part): Promise<void> {
    const fault = await diagnose(part);
    const message = `The last line of "${part.file.named}" is longer than ${MAX_RECORD_BYTES / 1e6} MB; shorten its cells.`;
    throw new DataError(fault ?? fatal('too_long', message), part.file.named);
  }

  async open(connection: DuckDBConnection, predicate: readonly string[]): Promise<Source> {
    const head = this.#head;
    const group = this.#group;
    this.#loaded = this.#columnsLoaded(predicate);
    const isDate = head.names.map((name) => this.#unitOf(name) !== null);
    const others = head.names.map((_, i) => i).filter((i) => i !== group && this.#loaded[i]);
    const stored = others.flatMap((i) =>
      this.#text[i]
        ? textColumns(i, `"c${i}"`, this.#kept(head.names[i]), this.#reader, isDate[i])
        : [`nullif("c${i}", 'nan'::DOUBLE) AS ${numberOf(i)}`],
    );
    const list = [...stored, `${group < 0 ? `'all'` : unlessBlank(`"c${group}"`)} AS ${GROUP}`].join(', ');
    const ownCells = group < 0 ? [] : textColumns(group, GROUP, this.#kept(head.names[group]), this.#reader, false);
    const groupCells = ownCells.map((cell) => `, ${cell}`).join('');
    const bytes = this.#inputs.reduce((sum, i) => sum + i.bytes, 0);
    const common = {
      names: head.names,
      isLoaded: this.#loaded,
      hasText: head.names.map((_, i) => this.#text[i] || i === group),
      isDate,
      group,
      rules: this.#reader,
      found: new Map(),
      estimatedRows: bytes / head.rowBytes,
      parts: this.parts,
    };
    const readers = this.#inputs.map((input) => this.#readCsv(input));
    if (bytes <= (this.#request.tableBytes ?? TABLE_BYTES)) {
      await connection.run(`CREATE TEMP TABLE "#data" AS SELECT ${list} FROM ${readers[0]}`);
      for (const reader of readers.slice(1)) await connection.run(`INSERT INTO "#data" SELECT ${list} FROM ${reader}`);
      await connection.run('SET threads = 1');
      const cells = `(SELECT rowid AS ${ROW}, *${groupCells} FROM "#data")`;
      return { ...common, ...(await this.#dated(connection, cells)), scans: false, hasDoubles: false };
    }
    await connection.run('SET threads = 1');
    const doubles = others.flatMap((i) => (this.#text[i] ? [] : [`, "c${i}" AS ${doubleOf(i)}`])).join('');
    const all = readers.map((reader) => `SELECT ${list}${doubles} FROM ${reader}`).join(' UNION ALL ');
    const cells = `(SELECT *${groupCells} FROM (SELECT row_number() OVER () - 1 AS ${ROW}, * FROM (${all})))`;
    return { ...common, ...(await this.#dated(connection, cells)), scans: true, hasDoubles: true };
  }

  #columnsLoaded(predicate: readonly string[]): boolean[] {
    const { names } = this.#head;
    const { columns } = this.#request;
    if (names.length <= WIDE) return names.map(() => true);
    const wanted = new Set([...(columns ?? []).map((c) => names.indexOf(c)), ...predicate.map((c) => spelledColumn(names, c))]);
    return names.map((_, i) => i === this.#group || wanted.has(i) || (columns === null && i < WIDE));
  }

  #unitOf(column: string): DateUnit | null {
    return this.#reader.dates.find(([name]) => name === column)?.[1] ?? null;
  }

  /** The relation with the numbers of its dates. */
  async #dated(connection: DuckDBConnection, cells: string): Promise<Pick<Source, 'base' | 'origins'>> {
    const { names } = this.#head;
    const indices = names.map((_, i) => i).filter((i) => this.#loaded[i] && i !== this.#group && this.#unitOf(names[i]) !== null);
    return datedRelation(connection, cells, names, indices, this.#reader, this.#request.origins);
  }

  #readCsv({ part, head, path, gzip, delimiter, skip }: Input): string {
    const global = new Map(part.order.map((own, i) => [own, i]));
    const columns = head.names.map((_, own) => {
      const i = global.get(own) ?? own;
      return `'c${i}': '${this.#text[i] || i === this.#group ? 'VARCHAR' : 'DOUBLE'}'`;
    });
    const options = [
      literal(path),
      'auto_detect = false',
      'header = true',
      'hive_partitioning = false',
      `compression = '${gzip ? 'gzip' : 'none'}'`,
      `delim = ${literal(delimiter)}`,
      `quote = '"'`,
      `escape = '"'`,
      `skip = ${skip}`,
      `columns = {${columns.join(', ')}}`,
    ];
    return `read_csv(${options.join(', ')})`;
  }

  /** Whether columns were read as numbers that hold texts that are none (`pattern`); the next opening reads them as text. */
  async hasMisread(connection: DuckDBConnection, pattern: string): Promise<boolean> {
    const typed = this.#head.names.map((_, i) => i).filter((i) => this.#loaded[i] && !this.#text[i] && i !== this.#group);
    if (typed.length === 0) return false;
    let misread = false;
    for (const input of this.#inputs) {
      if (!(await input.odd)) continue;
      const reader = this.#readCsv(input).replaceAll(`'DOUBLE'`, `'VARCHAR'`);
      const select = typed.map((i) => `bool_or(regexp_matches("c${i}", ${literal(pattern)}))`);
      const [row] = (await connection.runAndReadAll(`SELECT ${select.join(', ')} FROM ${reader}`)).getRowsJS();
      typed.forEach((i, k) => {
        if (row[k] !== true) return;
        this.#text[i] = true;
        misread = true;
      });
    }
    return misread;
  }

  /** Whether another way of reading is left after DuckDB's error, and takes it; `all`: reads everything as text. */
  async adapt(error: Error, all: boolean): Promise<boolean> {
    const column = /Error when converting column "c(\d+)"\. Could not convert/.exec(error.message);
    if (column) {
      const index = Number(column[1]);
      if (this.#text[index]) return false;
      if (all) this.#text.fill(true);
      else this.#text[index] = true;
      return true;
    }
    if (this.#copies || !error.message.includes('CSV')) return false;
    for (const part of this.parts) if ((await diagnose(part)) !== null) return false;
    // Lines of blanks, or some that end otherwise than others.
    this.#copies = true;
    return true;
  }
}

/** A relation with the numbers of its dates, which `cells` has as times. */
export async function datedRelation(
  connection: DuckDBConnection,
  cells: string,
  names: readonly string[],
  indices: readonly number[],
  reader: ReaderSettings,
  given: ReadonlyMap<string, number> | undefined,
): Promise<Pick<Source, 'base' | 'origins'>> {
  if (indices.length === 0) return { base: cells, origins: new Map() };
  const unknown = indices.filter((i) => given?.get(names[i]) === undefined);
  const origins = new Map(indices.map((i) => [names[i], given?.get(names[i]) ?? 0]));
  if (unknown.length > 0) {
    const select = unknown.map((i) => firstTime(i, ROW));
    const [row] = (await connection.runAndReadAll(`SELECT ${select.join(', ')} FROM ${cells}`)).getRowsJS();
    unknown.forEach((i, k) => {
      origins.set(names[i], Number(row[k] ?? 0));
    });
  }
  const units = new Map(reader.dates);
  const dates = new Map(indices.map((i) => [i, { unit: units.get(names[i]) ?? ('days' as const), origin: origins.get(names[i]) ?? 0 }]));
  return { base: `(SELECT ${sinceOrigins(dates)} FROM ${cells})`, origins };
}

/** Most texts start with a character above the blanks, which is quick to see. */
export const unlessBlank = (text: string): string =>
  `CASE WHEN ${text} >= '!' THEN ${text} WHEN trim(${text}, ' \t') <> '' THEN ${text} END`;
