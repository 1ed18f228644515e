/**
 * A small RFC 4180 reader of delimited text, for what DuckDB does not tell: the header exactly as it stands, the line and column of a
 * cell, and what is no record. It streams, so that memory does not grow with the file.
 */
import { type Coding, utf8 } from './bytes.ts';

/** Records longer than this are refused, as DuckDB does. */
export const MAX_RECORD_BYTES = 2_000_000;

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const SPACE = 0x20;
const TAB = 0x09;

export interface Dialect {
  /** One ASCII character. */
  readonly delimiter: string;
  /** What ends a record; CR only in files without any LF. */
  readonly newline: 'lf' | 'cr';
  /** One ASCII character that, outside quotes, makes the rest of the line no data; `null`: none does. */
  readonly comment: string | null;
  /** Lines before the header. */
  readonly skip: number;
}

/** One record's bytes without its line end, valid until the visitor returns. */
export interface RawRecord {
  readonly bytes: Buffer;
  /** 1-based line at which it starts. */
  readonly line: number;
  /** 0 for the header; comments are not counted, nor lines of blanks unless the file has one column. */
  readonly index: number;
  readonly end: 'lf' | 'crlf' | 'cr' | 'none';
  /** Whether its last quoted cell is still open at the end of the file. */
  readonly open: boolean;
}

/** What a record longer than MAX_RECORD_BYTES is reported as. */
export class RecordTooLong extends Error {
  readonly line: number;
  /** The place of the quote that makes it so long, line ends within; `null` where it is one line. */
  readonly quote: QuotePlace | null;

  constructor(line: number, quote: QuotePlace | null = null) {
    super(`line ${line} is longer than ${MAX_RECORD_BYTES} bytes`);
    this.line = line;
    this.quote = quote;
  }
}

/** 1-based. */
interface QuotePlace {
  readonly line: number;
  readonly column: number;
}

/** Where a byte stands in its cell. */
type State = 'start' | 'plain' | 'quoted' | 'quote in quoted';

/** Splits pushed chunks into records. `visit` returns false to stop. */
export class RecordSplitter {
  readonly #visit: (record: RawRecord) => boolean;
  readonly #newline: number;
  readonly #delimiter: number;
  /** −1: nothing is a comment. */
  readonly #comment: number;
  readonly #blankCounts: boolean;
  #rest: Buffer = Buffer.alloc(0);
  #line = 1;
  /** Lines still to pass over. */
  #skip: number;
  #index = 0;
  #stopped = false;

  constructor(dialect: Dialect, blankCounts: boolean, visit: (record: RawRecord) => boolean) {
    this.#visit = visit;
    this.#newline = dialect.newline === 'cr' ? CR : LF;
    this.#delimiter = dialect.delimiter.charCodeAt(0);
    this.#comment = dialect.comment?.charCodeAt(0) ?? -1;
    this.#skip = dialect.skip;
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
    let comment = this.#comment < 0 ? -1 : data.indexOf(this.#comment);
    while (start < data.length && !this.#stopped) {
      if (this.#skip === 0 && (!this.#blankCounts || this.#index === 0)) {
        start = this.#afterEmptyLines(data, start);
        if (start === data.length) break;
      }
      let end = data.indexOf(this.#newline, start);
      let found: Bounds = { end, stop: end < 0 ? data.length : end, lines: 1, open: false };
      if (quote >= 0 && quote < start) quote = data.indexOf(QUOTE, start);
      if (comment >= 0 && comment < start) comment = data.indexOf(this.#comment, start);
      const isWithin = (at: number) => at >= 0 && (end < 0 || at < end);
      if (this.#skip === 0 && (isWithin(quote) || isWithin(comment))) found = this.#bounds(data, start);
      ({ end } = found);
      if ((end < 0 ? data.length : end) - start > MAX_RECORD_BYTES) throw new RecordTooLong(this.#line);
      if (end < 0 && !last) break;
      if (this.#skip > 0) this.#skip--;
      else this.#emit(data, start, found);
      this.#line += found.lines;
      start = end < 0 ? data.length : end + 1;
    }
    this.#rest = Buffer.from(data.subarray(start));
  }

  /** Where the empty lines that start here end: a file may have a billion of them. */
  #afterEmptyLines(data: Buffer, start: number): number {
    let at = start;
    for (;;) {
      if (data[at] === this.#newline) at++;
      else if (data[at] === CR && data[at + 1] === this.#newline) at += 2;
      else return at;
      this.#line++;
    }
  }

  /** Where a record that holds quotes or a comment ends, by the state of its cells. */
  #bounds(data: Buffer, start: number): Bounds {
    let state: State = 'start';
    let lines = 1;
    let lineStart = start;
    let quote: QuotePlace = { line: this.#line, column: 1 };
    const limit = Math.min(data.length, start + MAX_RECORD_BYTES + 1);
    for (let i = start; i < limit; i++) {
      const byte = data[i];
      if (state === 'quoted') {
        if (byte === QUOTE) state = 'quote in quoted';
        else if (byte === this.#newline) {
          lines++;
          lineStart = i + 1;
        }
      } else if (byte === this.#newline) return { end: i, stop: i, lines, open: false };
      else if (byte === this.#comment) {
        const end = data.indexOf(this.#newline, i);
        return { end, stop: beforeBlanks(data, start, i), lines, open: false };
      } else if (byte === QUOTE && (state === 'start' || state === 'quote in quoted')) {
        if (state === 'start') quote = { line: this.#line + lines - 1, column: i - lineStart + 1 };
        state = 'quoted';
      } else state = byte === this.#delimiter ? 'start' : 'plain';
    }
    const isOpen = state === 'quoted' && this.#line + lines - 1 > quote.line;
    if (limit < data.length) throw new RecordTooLong(this.#line, isOpen ? quote : null);
    return { end: -1, stop: data.length, lines, open: state === 'quoted' };
  }

  #emit(data: Buffer, start: number, { end, stop, open }: Bounds): void {
    const crlf = this.#newline === LF && end > start && data[end - 1] === CR;
    const bytes = data.subarray(start, crlf && stop === end ? stop - 1 : stop);
    const isComment = bytes.length === 0 && stop < (end < 0 ? data.length : end - Number(crlf));
    if (isComment || ((!this.#blankCounts || this.#index === 0) && this.#isBlank(bytes))) return;
    const kind = end < 0 ? 'none' : crlf ? 'crlf' : this.#newline === LF ? 'lf' : 'cr';
    if (!this.#visit({ bytes, line: this.#line, index: this.#index++, end: kind, open })) this.#stopped = true;
  }

  #isBlank(bytes: Buffer): boolean {
    for (const byte of bytes) if ((byte !== SPACE && byte !== TAB) || byte === this.#delimiter) return false;
    return true;
  }
}

/** A record's end in the data: its line end, −1 for none; where its bytes stop, which a comment puts earlier; its lines. */
interface Bounds {
  readonly end: number;
  readonly stop: number;
  readonly lines: number;
  readonly open: boolean;
}

/** The place of the blanks before a comment, which are no part of the last cell. */
function beforeBlanks(data: Buffer, start: number, at: number): number {
  let stop = at;
  while (stop > start && (data[stop - 1] === SPACE || data[stop - 1] === TAB)) stop--;
  return stop;
}

/** What is needed to find the records of a file. */
export interface RecordForm extends Coding {
  readonly dialect: Dialect;
  readonly names: readonly string[];
}

/** Reads the file record by record until `visit` returns false; `between` is waited for from time to time. */
export async function scanRecords(
  path: string,
  form: RecordForm,
  visit: (record: RawRecord) => boolean,
  between?: () => Promise<void>,
): Promise<void> {
  const splitter = new RecordSplitter(form.dialect, form.names.length === 1, visit);
  for await (const chunk of utf8(path, form)) {
    splitter.push(chunk);
    if (splitter.stopped) return;
    await between?.();
  }
  splitter.finish();
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
