/** What the first bytes of a delimited file tell: its encoding, delimiter, line ends, header, and which columns hold text. */
import { isUtf8 } from 'node:buffer';
import { numberIn } from '../../core/data/cells.ts';
import type { DataFault, OtherForm } from '../../core/data/profile.ts';
import { keysAdvice, type ReadingKeys } from '../../core/data/readable.ts';
import type { FileSource, ReaderSettings } from '../../core/spec/types.ts';
import { charsetOf, Decoder, firstBytes, isGzip, NotDecodable, unpackStart } from './bytes.ts';
import { DataError, fatal } from './dataError.ts';
import { chooseDelimiter, declaredDelimiter } from './dialect.ts';
import { otherForm } from './forms.ts';
import type { DataPart } from './locate.ts';
import { binaryFault } from './magic.ts';
import { openQuoteFault } from './openQuote.ts';
import { type Dialect, MAX_RECORD_BYTES, type RecordForm, RecordSplitter, RecordTooLong, splitCells } from './records.ts';

const HEAD_BYTES = 128 * 1024;
/** A longer header than this is refused. */
const MOST_HEAD_BYTES = 4 * 1024 * 1024;

export interface Head extends RecordForm {
  /** Columns with a cell in the head that is neither nothing nor a number, such as `NA`: these are read as text first. */
  readonly text: readonly boolean[];
  /** Columns with a number in the head. */
  readonly numbers: readonly boolean[];
  /** Bytes of text a row, on the average of the head. */
  readonly rowBytes: number;
  /** Where each name starts in the header's line, 1-based. */
  readonly columns: readonly number[];
  /** The record of the names, without its line end, and the line at which it starts, 1-based. */
  readonly header: { readonly text: string; readonly line: number };
  /** Whether DuckDB finds the same records: UTF-8 without comments, the header in its first line but for one like `sep=;`. */
  readonly isPlain: boolean;
  readonly faults: readonly DataFault[];
  /** Where the header is likely to stand elsewhere: under which keys. */
  readonly form: OtherForm | null;
}

const UTF_16: ReadingKeys = { encoding: 'utf-16' };

const NOT_FINITE = /^\s*[+-]?(inf|infinity|nan)\s*$/i;

/** Reads the head of a delimited file. Throws a DataError for what leaves nothing to read. */
export async function readHead(part: DataPart, source: FileSource, reader: ReaderSettings): Promise<Head> {
  for (const bytes of [HEAD_BYTES, MOST_HEAD_BYTES]) {
    const head = await new HeadReader(part, source, reader).read(bytes);
    if (head !== null) return head;
  }
  const message = `The header of "${part.named}" is longer than ${MOST_HEAD_BYTES / 1024 / 1024} MB.`;
  throw new DataError(fatal('too_long', message, 1, 1), part.named);
}

class HeadReader {
  readonly #part: DataPart;
  readonly #source: FileSource;
  readonly #settings: ReaderSettings;

  constructor(part: DataPart, source: FileSource, settings: ReaderSettings) {
    this.#part = part;
    this.#source = source;
    this.#settings = settings;
  }

  #refuse(kind: DataFault['kind'], message: string, line: number | null = null, keys?: ReadingKeys): never {
    const fault = fatal(kind, message, line, line === null ? null : 1);
    throw new DataError(keys === undefined ? fault : { ...fault, keys }, this.#part.named);
  }

  /** `null`: the header is longer than that. */
  async read(limit: number): Promise<Head | null> {
    const { named, path, size } = this.#part;
    let bytes = await firstBytes(path, limit).catch((error: NodeJS.ErrnoException) =>
      this.#refuse('unreadable', `The data file "${named}" cannot be read (${error.code}).`),
    );
    let whole = bytes.length === size;
    const binary = binaryFault(bytes, named);
    if (binary !== null) this.#refuse('unreadable', binary);
    const gzip = isGzip(bytes);
    if (gzip) {
      bytes = await unpackStart(bytes, limit).catch(() => this.#refuse('unreadable', `"${named}" is a damaged gzip file.`));
      whole = whole && bytes.length < limit;
    }
    const { text, charset } = this.#decode(bytes, whole);
    if (text.length === 0 || /^\s*$/.test(text.toString('latin1'))) {
      if (whole) this.#refuse('empty', `The data file "${named}" is empty.`);
      if (limit < MOST_HEAD_BYTES) return null;
      this.#refuse('empty', `"${named}" begins with ${MOST_HEAD_BYTES / 1024 / 1024} MB of blank lines; remove them.`, 1);
    }
    const dialect = this.#dialect(text);
    const scan = scanHead(text, whole, dialect, named);
    if (scan.header === undefined) {
      if (scan.tooLong?.quote) throw new DataError(openQuoteFault(named, scan.tooLong.quote), named);
      if (!whole && limit < MOST_HEAD_BYTES) return null;
      if (whole) this.#refuse('empty', `"${named}" has no header after what is skipped.`);
      return null;
    }
    const { names, columns, line, text: header } = scan.header;
    if (whole && scan.rows === 0) this.#refuse('header_only', `"${named}" has a header but no rows.`, line);
    const known = (flags: readonly boolean[]) => names.map((_, i) => flags[i] ?? false);
    const skipped = lines(text, dialect).slice(0, dialect.skip);
    const isPlain =
      charset === 'utf-8' && dialect.comment === null && line === dialect.skip + 1 && skipped.every((l) => /^[^"\r]+\r?$/.test(l));
    const form = this.#form(text, dialect, names);
    const duplicate = duplicateHeader(names, columns, line, named, form);
    return {
      names,
      columns,
      header: { text: header, line },
      dialect,
      gzip,
      charset,
      isPlain,
      faults: duplicate === null ? [] : [duplicate],
      form,
      text: known(scan.isText),
      numbers: known(scan.isNumber),
      rowBytes: scan.rowBytes,
    };
  }

  /** Another form of the text, looked for only where the header looks like none. */
  #form(text: Buffer, dialect: Dialect, names: readonly string[]): OtherForm | null {
    const isUsual =
      names.length > 1 && names.every((name) => name.trim() !== '' && !name.startsWith('#')) && new Set(names).size === names.length;
    if (isUsual) return null;
    return otherForm({ text, dialect, asked: this.#source.delimiter, settings: this.#settings, named: this.#part.named });
  }

  #decode(bytes: Buffer, whole: boolean) {
    const { named } = this.#part;
    const asked = this.#settings.encoding;
    const charset = charsetOf(bytes, asked);
    const isWide = charset.startsWith('utf-16');
    if (isWide && asked !== null && asked !== 'utf-16') {
      this.#refuse('encoding', `"${named}" is UTF-16, not ${asked}; write "encoding": "utf-16", or leave it out.`, 1);
    }
    if (!isWide) this.#refuseZeroBytes(bytes);
    try {
      return { text: new Decoder(charset).decode(bytes, whole), charset };
    } catch (error) {
      if (!(error instanceof NotDecodable)) throw error;
      return this.#refuse('encoding', `"${named}" is not text in ${charset}.`, 1);
    }
  }

  #refuseZeroBytes(bytes: Buffer): void {
    const nul = bytes.indexOf(0);
    if (nul < 0) return;
    let line = 1;
    for (let i = bytes.indexOf(0x0a); i >= 0 && i < nul; i = bytes.indexOf(0x0a, i + 1)) line++;
    this.#refuse(
      'encoding',
      `"${this.#part.named}" is not text in UTF-8: line ${line} holds a zero byte; ${isWide(bytes) ? `it looks like UTF-16: ${keysAdvice(UTF_16)}` : 'export it again as text'}.`,
      line,
      isWide(bytes) ? UTF_16 : undefined,
    );
  }

  /** How the text is to be cut into records. */
  #dialect(text: Buffer): Dialect {
    const { comment, skip } = this.#settings;
    const newline = text.includes(0x0a) || !text.includes(0x0d) ? 'lf' : 'cr';
    const asked = this.#source.delimiter;
    if (asked !== null && (asked.length !== 1 || asked.charCodeAt(0) > 126 || /["\r\n]/.test(asked))) {
      this.#refuse('unsupported', `The delimiter ${JSON.stringify(asked)} is not one ASCII character.`);
    }
    const [first] = lines(text, { newline });
    const declared = skip === 0 ? declaredDelimiter(first) : null;
    const form = { newline, comment, skip: declared === null ? skip : 1 } as const;
    return { ...form, delimiter: asked ?? declared ?? chooseDelimiter(text, form, this.#part.named, this.#settings) };
  }
}

/** The first lines, without their ends, as bytes. */
function lines(text: Buffer, { newline }: Pick<Dialect, 'newline'>): string[] {
  return text.toString('latin1').split(newline === 'lf' ? '\n' : '\r', 1_000);
}

function duplicateHeader(
  names: readonly string[],
  columns: readonly number[],
  line: number,
  named: string,
  form: OtherForm | null,
): DataFault | null {
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    if (name !== '' && seen.has(name)) {
      const advice = form === null ? 'rename one of them' : `the header seems to stand elsewhere: ${keysAdvice(form.keys)}`;
      const fault = fatal('duplicate_header', `Two columns of "${named}" are named "${name}"; ${advice}.`, line, columns[i]);
      return form === null ? fault : { ...fault, keys: form.keys };
    }
    seen.add(name);
  }
  return null;
}

interface HeaderCells {
  readonly names: readonly string[];
  readonly columns: readonly number[];
  readonly line: number;
  readonly text: string;
}

function scanHead(text: Buffer, whole: boolean, dialect: Dialect, named: string) {
  let header: HeaderCells | undefined;
  let tooLong: RecordTooLong | undefined;
  const isText: boolean[] = [];
  const isNumber: boolean[] = [];
  let rows = 0;
  let used = 0;
  const splitter = new RecordSplitter(dialect, false, (record) => {
    if (record.index === 0) {
      if (!isUtf8(record.bytes)) throw new DataError(notUtf8(`The header of "${named}"`, record.line, 1), named);
      const cells = splitCells(record.bytes, dialect.delimiter);
      header = {
        names: cells.map((c) => c.text),
        columns: cells.map((c) => c.column),
        line: record.line,
        text: record.bytes.toString('utf8'),
      };
      return true;
    }
    rows++;
    used += record.bytes.length + 1;
    splitCells(record.bytes, dialect.delimiter).forEach((cell, i) => {
      if (cell.text === '' || NOT_FINITE.test(cell.text)) return;
      if (numberIn(cell.text) !== null) isNumber[i] = true;
      else isText[i] = true;
    });
    return true;
  });
  try {
    splitter.push(text);
    if (whole) splitter.finish();
  } catch (error) {
    // A record that is too long is found again, with its fault, when the file is read.
    if (!(error instanceof RecordTooLong)) throw error;
    tooLong = error;
  }
  return {
    tooLong,
    header: header as HeaderCells | undefined,
    isText,
    isNumber,
    rows,
    rowBytes: rows > 0 ? used / rows : MAX_RECORD_BYTES,
  };
}

/** Whether bytes have the zeros of Latin text in UTF-16: at every other place, nearly always. */
function isWide(bytes: Buffer): boolean {
  const zeros = [0, 0];
  for (let i = 0; i < Math.min(bytes.length, 4_000); i++) if (bytes[i] === 0) zeros[i % 2]++;
  const [most, least] = [Math.max(...zeros), Math.min(...zeros)];
  return most > 0.3 * Math.min(bytes.length, 4_000) && least < 0.05 * most;
}

/** A fault of bytes that are not UTF-8, with the key that is likely to be meant. */
export function notUtf8(what: string, line: number, column: number): DataFault {
  const keys: ReadingKeys = { encoding: 'windows-1252' };
  const message = `${what} is not UTF-8; ${keysAdvice(keys)} if that is what it is, as files of older programs are, or save it as UTF-8.`;
  return { ...fatal('encoding', message, line, column), keys };
}
