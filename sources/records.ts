/**
 * A small RFC 4180 reader of delimited text, for what DuckDB does not tell: the header exactly as it stands, and the line and
 * column of a cell. It streams, so that memory does not grow with the file.
 */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

/** Records longer than this are refused, as DuckDB does. */
export const MAX_RECORD_BYTES = 2_000_000;

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

export interface Dialect {
  /** One ASCII character. */
  readonly delimiter: string;
  /** What ends a record; CR only in files without any LF. */
  readonly newline: 'lf' | 'cr';
}

/** One record's bytes without its line end, valid until the visitor returns. */
export interface RawRecord {
  readonly bytes: Buffer;
  /** 1-based line at which it starts. */
  readonly line: number;
  /** 0 for the header; blank lines are not counted, unless the file has one column. */
  readonly index: number;
  readonly end: 'lf' | 'crlf' | 'cr' | 'none';
  /** Whether its last quoted cell is still open at the end of the file. */
  readonly open: boolean;
}

/** What a record longer than MAX_RECORD_BYTES is reported as. */
export class RecordTooLong extends Error {
  readonly line: number;
  constructor(line: number) {
    super(`line ${line} is longer than ${MAX_RECORD_BYTES} bytes`);
    this.line = line;
  }
}

/** Where a byte stands in its cell. */
type State = 'start' | 'plain' | 'quoted' | 'quote in quoted';

/** Splits pushed chunks into records. `visit` returns false to stop. */
export class RecordSplitter {
  readonly #visit: (record: RawRecord) => boolean;
  readonly #newline: number;
  readonly #delimiter: number;
  readonly #blankCounts: boolean;
  #rest: Buffer = Buffer.alloc(0);
  #line = 1;
  #index = 0;
  #stopped = false;

  constructor(dialect: Dialect, blankCounts: boolean, visit: (record: RawRecord) => boolean) {
    this.#visit = visit;
    this.#newline = dialect.newline === 'cr' ? CR : LF;
    this.#delimiter = dialect.delimiter.charCodeAt(0);
    this.#blankCounts = blankCounts;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  push(chunk: Buffer): void {
    this.#split(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]), false);
  }

  finish(): void {
    if (!this.#stopped && this.#rest.length > 0) this.#split(this.#rest, true);
  }

  #split(data: Buffer, last: boolean): void {
    let start = 0;
    let quote = data.indexOf(QUOTE);
    while (start < data.length && !this.#stopped) {
      if (quote >= 0 && quote < start) quote = data.indexOf(QUOTE, start);
      let end = data.indexOf(this.#newline, start);
      let lines = 1;
      let open = false;
      if (quote >= 0 && (end < 0 || quote < end)) ({ end, lines, open } = this.#quotedEnd(data, start));
      if ((end < 0 ? data.length : end) - start > MAX_RECORD_BYTES) throw new RecordTooLong(this.#line);
      if (end < 0 && !last) break;
      this.#emit(data, start, end < 0 ? data.length : end, end < 0, open);
      this.#line += lines;
      start = end < 0 ? data.length : end + 1;
    }
    this.#rest = Buffer.from(data.subarray(start));
  }

  /** The end of a record that holds quotes, by the state of its cells. */
  #quotedEnd(data: Buffer, start: number): { end: number; lines: number; open: boolean } {
    let state: State = 'start';
    let lines = 1;
    const limit = Math.min(data.length, start + MAX_RECORD_BYTES + 1);
    for (let i = start; i < limit; i++) {
      const byte = data[i];
      if (state === 'quoted') {
        if (byte === QUOTE) state = 'quote in quoted';
        else if (byte === this.#newline) lines++;
      } else if (byte === this.#newline) return { end: i, lines, open: false };
      else if (byte === QUOTE && (state === 'start' || state === 'quote in quoted')) state = 'quoted';
      else state = byte === this.#delimiter ? 'start' : 'plain';
    }
    if (limit < data.length) throw new RecordTooLong(this.#line);
    return { end: -1, lines, open: state === 'quoted' };
  }

  #emit(data: Buffer, start: number, stop: number, atEnd: boolean, open: boolean): void {
    const crlf = this.#newline === LF && stop > start && data[stop - 1] === CR;
    const bytes = data.subarray(start, crlf ? stop - 1 : stop);
    if (bytes.length === 0 && !this.#blankCounts && this.#index > 0) return;
    const end = atEnd ? 'none' : crlf ? 'crlf' : this.#newline === LF ? 'lf' : 'cr';
    if (!this.#visit({ bytes, line: this.#line, index: this.#index++, end, open })) this.#stopped = true;
  }
}

/** Reads the file record by record until `visit` returns false. A byte order mark is skipped. */
export async function scanRecords(
  file: { readonly path: string; readonly gzip: boolean; readonly dialect: Dialect; readonly columns: number },
  visit: (record: RawRecord) => boolean,
): Promise<void> {
  const splitter = new RecordSplitter(file.dialect, file.columns === 1, visit);
  const raw = createReadStream(file.path, { highWaterMark: 1 << 20 });
  const stream = file.gzip ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => stream.destroy(error));
  let first = true;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      splitter.push(first ? withoutMark(chunk) : chunk);
      first = false;
      if (splitter.stopped) return;
    }
    splitter.finish();
  } finally {
    raw.destroy();
    stream.destroy();
  }
}

/** The bytes after a UTF-8 byte order mark. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

export interface Cell {
  readonly text: string;
  /** Of its first character, 1-based, counted from the record's first line. */
  readonly lineOffset: number;
  readonly column: number;
}

/** A record's cells, quotes taken off. */
export function splitCells(bytes: Buffer, delimiter: string): Cell[] {
  const text = bytes.toString('utf8');
  const cells: Cell[] = [];
  let at = 0;
  let lineOffset = 0;
  let lineStart = 0;
  for (;;) {
    const column = at - lineStart + 1;
    const cellLine = lineOffset;
    let value: string;
    if (text[at] === '"') {
      let close = at + 1;
      for (;;) {
        close = text.indexOf('"', close);
        if (close < 0) close = text.length;
        if (text[close + 1] !== '"') break;
        close += 2;
      }
      const stop = text.indexOf(delimiter, close);
      const end = stop < 0 ? text.length : stop;
      value = text.slice(at + 1, close).replaceAll('""', '"') + text.slice(close + 1, end);
      for (let i = text.indexOf('\n', at); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) {
        lineOffset++;
        lineStart = i + 1;
      }
      at = end;
    } else {
      const stop = text.indexOf(delimiter, at);
      const end = stop < 0 ? text.length : stop;
      value = text.slice(at, end);
      at = end;
    }
    cells.push({ text: value, lineOffset: cellLine, column });
    if (at >= text.length) return cells;
    at++;
  }
}
