/** What the first bytes of a delimited file tell: its encoding, delimiter, line ends, header, and which columns hold text. */
import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { DataFault } from '../core/data/profile.ts';
import { DataError, type DataFile, fatal } from './locate.ts';
import { type Dialect, MAX_RECORD_BYTES, RecordSplitter, RecordTooLong, splitCells, withoutMark } from './records.ts';

const HEAD_BYTES = 128 * 1024;
const DELIMITERS = [',', ';', '\t', '|'];

export interface Head {
  readonly names: readonly string[];
  readonly dialect: Dialect;
  readonly gzip: boolean;
  /** Columns with a cell in the head that is neither nothing nor a number, such as `NA`: these are read as text first. */
  readonly text: readonly boolean[];
  /** Columns with a number in the head. */
  readonly numbers: readonly boolean[];
  /** Bytes of text a row, on the average of the head. */
  readonly rowBytes: number;
  /** Where each name starts in the header's line, 1-based. */
  readonly columns: readonly number[];
  readonly faults: readonly DataFault[];
}

const NUMBER = /^[ \t]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[ \t]*$/;
const NOT_FINITE = /^\s*[+-]?(inf|infinity|nan)\s*$/i;

async function readStart(path: string, bytes: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    let filled = 0;
    while (filled < bytes) {
      const { bytesRead } = await handle.read(buffer, filled, bytes - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

/** The first bytes of what a gzip stream unpacks to. */
function unpackStart(packed: Buffer, bytes: number): Promise<Buffer> {
  return new Promise((done, fail) => {
    const parts: Buffer[] = [];
    let size = 0;
    const gunzip = createGunzip();
    const finish = () => done(Buffer.concat(parts).subarray(0, bytes));
    gunzip.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size >= bytes) {
        gunzip.destroy();
        finish();
      }
    });
    gunzip.on('end', finish);
    // Only the start of the file was given, so an early end is expected once something came out.
    gunzip.on('error', (error) => (size > 0 ? finish() : fail(error)));
    gunzip.end(packed);
  });
}

function refuseEncoding(bytes: Buffer, file: DataFile): void {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff) {
    throw new DataError(fatal('encoding', `"${file.named}" is UTF-16; save it as UTF-8.`, 1, 1), file.named);
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    let line = 1;
    for (let i = bytes.indexOf(0x0a); i >= 0 && i < nul; i = bytes.indexOf(0x0a, i + 1)) line++;
    throw new DataError(fatal('encoding', `"${file.named}" is not text in UTF-8: line ${line} holds a zero byte.`, line, 1), file.named);
  }
}

/** The delimiter asked for; else the usual one of the file's name if the header has it; else the first other that it has. */
function chooseDelimiter(header: string, file: DataFile, asked: string | null): string {
  if (asked !== null) {
    const one = asked === '\\t' ? '\t' : asked;
    if (one.length !== 1 || one.charCodeAt(0) > 126 || /["\r\n]/.test(one)) {
      throw new DataError(fatal('unsupported', `The delimiter ${JSON.stringify(asked)} is not one ASCII character.`), file.named);
    }
    return one;
  }
  const usual = /\.tsv(\.gz)?$/i.test(file.named) ? '\t' : ',';
  return [usual, ...DELIMITERS].find((d) => header.includes(d)) ?? usual;
}

/** Reads the head of a delimited file. Throws a DataError for what leaves nothing to read. */
export async function readHead(file: DataFile, delimiter: string | null): Promise<Head> {
  const refuse = (kind: DataFault['kind'], message: string, line: number | null = null): never => {
    throw new DataError(fatal(kind, message, line, line === null ? null : 1), file.named);
  };
  let bytes = await readStart(file.path, HEAD_BYTES).catch((error: NodeJS.ErrnoException) =>
    refuse('unreadable', `The data file "${file.named}" cannot be read (${error.code}).`),
  );
  let whole = bytes.length === file.size;
  const gzip = bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (gzip) {
    bytes = await unpackStart(bytes, HEAD_BYTES).catch(() => refuse('unreadable', `"${file.named}" is a damaged gzip file.`));
    whole = whole && bytes.length < HEAD_BYTES;
  }
  refuseEncoding(bytes, file);
  const text = withoutMark(bytes);
  if (text.length === 0 || /^\s*$/.test(text.toString('latin1'))) refuse('empty', `The data file "${file.named}" is empty.`);
  const newline = text.includes(0x0a) || !text.includes(0x0d) ? 'lf' : 'cr';
  const firstLine = text.subarray(0, text.indexOf(newline === 'lf' ? 0x0a : 0x0d) + 1 || text.length);
  const dialect: Dialect = { newline, delimiter: chooseDelimiter(firstLine.toString('latin1'), file, delimiter) };
  const scan = scanHead(text, whole, dialect, file);
  const { names, columns } = scan.header ?? refuse('too_long', `The header of "${file.named}" is longer than ${HEAD_BYTES / 1024} KB.`, 1);
  const faults: DataFault[] = [];
  const seen = new Set<string>();
  names.forEach((name, i) => {
    if (name !== '' && seen.has(name)) {
      const message = `Two columns of "${file.named}" are named "${name}"; rename one of them.`;
      faults.push({ kind: 'duplicate_header', fatal: true, message, line: 1, column: columns[i] });
    }
    seen.add(name);
  });
  if (whole && scan.rows === 0) refuse('header_only', `"${file.named}" has a header but no rows.`, 1);
  const known = (flags: readonly boolean[]) => names.map((_, i) => flags[i] ?? false);
  return { names, columns, dialect, gzip, faults, text: known(scan.isText), numbers: known(scan.isNumber), rowBytes: scan.rowBytes };
}

interface HeaderCells {
  readonly names: readonly string[];
  readonly columns: readonly number[];
}

function scanHead(text: Buffer, whole: boolean, dialect: Dialect, file: DataFile) {
  let header: HeaderCells | undefined;
  const isText: boolean[] = [];
  const isNumber: boolean[] = [];
  let rows = 0;
  let used = 0;
  const splitter = new RecordSplitter(dialect, false, (record) => {
    if (record.index === 0) {
      if (!isUtf8(record.bytes)) {
        throw new DataError(fatal('encoding', `The header of "${file.named}" is not UTF-8; save the file as UTF-8.`, 1, 1), file.named);
      }
      const cells = splitCells(record.bytes, dialect.delimiter);
      header = { names: cells.map((c) => c.text), columns: cells.map((c) => c.column) };
      return true;
    }
    rows++;
    used += record.bytes.length + 1;
    splitCells(record.bytes, dialect.delimiter).forEach((cell, i) => {
      if (cell.text === '' || NOT_FINITE.test(cell.text)) return;
      if (NUMBER.test(cell.text)) isNumber[i] = true;
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
  }
  return { header: header as HeaderCells | undefined, isText, isNumber, rows, rowBytes: rows > 0 ? used / rows : MAX_RECORD_BYTES };
}
