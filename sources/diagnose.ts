/** Why DuckDB would not read a delimited file: the first fault of form, with its line and column. Runs only after an error. */
import { isUtf8 } from 'node:buffer';
import type { DataFault } from '../core/data/profile.ts';
import type { Head } from './head.ts';
import { type DataFile, fatal } from './locate.ts';
import { MAX_RECORD_BYTES, type RawRecord, RecordTooLong, scanRecords, splitCells } from './records.ts';

export interface Diagnosis {
  readonly fault: DataFault | null;
  /** Whether some lines end in CR LF and others in LF, which strict reading refuses. */
  readonly mixedLineEnds: boolean;
}

export async function diagnose(file: DataFile, head: Head): Promise<Diagnosis> {
  let fault: DataFault | null = null;
  const ends = new Set<RawRecord['end']>();
  try {
    await scanRecords({ path: file.path, gzip: head.gzip, dialect: head.dialect, columns: head.names.length }, (record) => {
      if (record.end !== 'none') ends.add(record.end);
      fault = faultOf(record, head, file.named);
      return fault === null;
    });
  } catch (error) {
    if (error instanceof RecordTooLong) {
      const megabytes = MAX_RECORD_BYTES / 1e6;
      fault = fatal('too_long', `Line ${error.line} of "${file.named}" is longer than ${megabytes} MB; shorten its cells.`, error.line, 1);
    } else {
      const reason = error instanceof Error ? error.message : String(error);
      fault = fatal('unreadable', `"${file.named}" cannot be read (${reason}).`);
    }
  }
  return { fault, mixedLineEnds: ends.size > 1 };
}

function faultOf(record: RawRecord, head: Head, file: string): DataFault | null {
  const { bytes, line } = record;
  const place = `Line ${line} of "${file}"`;
  if (!isUtf8(bytes)) return fatal('encoding', `${place} is not UTF-8; save the file as UTF-8.`, line, invalidColumn(bytes));
  if (record.open) return fatal('unreadable', `${place} opens a quote that is never closed.`, line, openQuote(bytes, head));
  if (bytes.includes(0)) return fatal('encoding', `${place} holds a zero byte; save the file as UTF-8 text.`, line, 1);
  const cells = splitCells(bytes, head.dialect.delimiter);
  const wanted = head.names.length;
  const spare = cells.length === wanted + 1 && cells[wanted].text === '';
  if (cells.length !== wanted && !spare) {
    const message = `${place} has ${cells.length} cell${cells.length === 1 ? '' : 's'}, but the header has ${wanted}; mend the line.`;
    return fatal('ragged', message, line, cells[Math.min(cells.length, wanted + 1) - 1].column);
  }
  return badQuote(bytes, head, place, line);
}

/** Text after a closing quote, which no reader can place. */
function badQuote(bytes: Buffer, head: Head, place: string, line: number): DataFault | null {
  if (!bytes.includes(0x22)) return null;
  const text = bytes.toString('utf8');
  const d = head.dialect.delimiter;
  let at = 0;
  while (at < text.length) {
    if (text[at] === '"') {
      let close = at + 1;
      while (close < text.length && (text[close] !== '"' || text[close + 1] === '"')) close += text[close] === '"' ? 2 : 1;
      const after = text[close + 1];
      if (after !== undefined && after !== d) {
        return fatal('unreadable', `${place} has text after a closing quote; double the quotes within a cell.`, line, close + 2);
      }
      at = close + 2;
    } else {
      const next = text.indexOf(d, at);
      at = next < 0 ? text.length : next + 1;
    }
  }
  return null;
}

/** The 1-based column of the first character that is not UTF-8, which decoding replaces. */
const invalidColumn = (bytes: Buffer): number => bytes.toString('utf8').indexOf('\ufffd') + 1;

const openQuote = (bytes: Buffer, head: Head): number => splitCells(bytes, head.dialect.delimiter).at(-1)?.column ?? 1;
