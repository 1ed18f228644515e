/** Why DuckDB would not read a delimited file: the first fault of form, with its line and column. Runs only after an error. */
import { isUtf8 } from 'node:buffer';
import type { DataFault } from '../../core/data/profile.ts';
import { keysAdvice } from '../../core/data/readable.ts';
import { NotDecodable } from './bytes.ts';
import { fatal } from './dataError.ts';
import { type Head, notUtf8 } from './head.ts';
import { openQuoteFault } from './openQuote.ts';
import type { Part } from './parts.ts';
import { MAX_RECORD_BYTES, type RawRecord, RecordTooLong, scanRecords, splitCells } from './records.ts';

/** The first fault of a file, or `null`. */
export async function diagnose({ file, head }: Part): Promise<DataFault | null> {
  if (head === null) return null;
  let fault: DataFault | null = null;
  try {
    await scanRecords(file.path, head, (record) => {
      fault = faultOf(record, head, file.named);
      return fault === null;
    });
  } catch (error) {
    if (error instanceof RecordTooLong) {
      if (error.quote !== null) return openQuoteFault(file.named, error.quote);
      const megabytes = MAX_RECORD_BYTES / 1e6;
      return fatal('too_long', `Line ${error.line} of "${file.named}" is longer than ${megabytes} MB; shorten its cells.`, error.line, 1);
    }
    if (error instanceof NotDecodable) return fatal('encoding', `"${file.named}" is not text in ${head.charset}.`, 1, 1);
    const reason = error instanceof Error ? error.message : String(error);
    return fatal('unreadable', `"${file.named}" cannot be read (${reason}).`);
  }
  return fault;
}

function faultOf(record: RawRecord, head: Head, file: string): DataFault | null {
  const { bytes, line } = record;
  const place = `Line ${line} of "${file}"`;
  if (!isUtf8(bytes)) return notUtf8(place, line, invalidColumn(bytes));
  if (record.open) return fatal('unreadable', `${place} opens a quote that is never closed.`, line, openQuote(bytes, head));
  if (bytes.includes(0)) return fatal('encoding', `${place} holds a zero byte; save the file as UTF-8 text.`, line, 1);
  const cells = splitCells(bytes, head.dialect.delimiter);
  const wanted = head.names.length;
  const spare = cells.length === wanted + 1 && cells[wanted].text === '';
  if (cells.length !== wanted && !spare) {
    const message = `${place} has ${cells.length} cell${cells.length === 1 ? '' : 's'}, but the header has ${wanted}; mend the line.`;
    return withForm(fatal('ragged', message, line, cells[Math.min(cells.length, wanted + 1) - 1].column), bytes, head);
  }
  return badQuote(bytes, head, place, line);
}

/** A fault of a record that is no row, with the key that is likely to be lacking. */
function withForm(fault: DataFault, bytes: Buffer, { form, dialect }: Head): DataFault {
  const isComment = dialect.comment === null && bytes.toString('latin1').trimStart().startsWith('#');
  const keys = form?.keys ?? (isComment ? { comment: '#' } : null);
  if (keys === null) return fault;
  const why = keys.comment !== undefined ? 'lines that start with "#" look like comments' : 'the header seems to stand elsewhere';
  return { ...fault, message: `${fault.message.replace(/; mend the line\.$/, '')}; ${why}: ${keysAdvice(keys)}.`, keys };
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
