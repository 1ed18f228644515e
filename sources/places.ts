/** Where cells stand in the file: line and column, by reading it once up to the last of them. */
import type { CellPlace } from '../core/data/profile.ts';
import type { Head } from './head.ts';
import type { DataFile } from './locate.ts';
import { RecordTooLong, scanRecords, splitCells } from './records.ts';

const SHOWN_CHARACTERS = 40;

export interface Wanted {
  /** 0-based row of the file. */
  readonly row: number;
  /** 0-based column of the file. */
  readonly column: number;
}

/** The places asked for, in their order. Parquet has no lines: there the line is the row counted from 1. */
export async function locateCells(file: DataFile, head: Head | null, wanted: readonly Wanted[]): Promise<CellPlace[]> {
  const places = wanted.map(({ row, column }): CellPlace => ({ row, line: row + (head ? 2 : 1), column: column + 1, text: '' }));
  if (!head || wanted.length === 0) return places;
  const byRow = new Map<number, number[]>();
  wanted.forEach(({ row }, i) => {
    const list = byRow.get(row);
    if (list) list.push(i);
    else byRow.set(row, [i]);
  });
  const last = wanted.reduce((most, w) => Math.max(most, w.row), 0);
  try {
    await scanRecords({ path: file.path, gzip: head.gzip, dialect: head.dialect, columns: head.names.length }, (record) => {
      const asked = byRow.get(record.index - 1);
      if (asked) {
        const cells = splitCells(record.bytes, head.dialect.delimiter);
        for (const i of asked) {
          const cell = cells[wanted[i].column];
          const { row } = wanted[i];
          const text = cell?.text.slice(0, SHOWN_CHARACTERS) ?? '';
          places[i] = { row, line: record.line + (cell?.lineOffset ?? 0), column: cell?.column ?? 1, text };
        }
      }
      return record.index <= last;
    });
  } catch (error) {
    // The file changed under us: rows without their exact line are better than no answer.
    if (!(error instanceof RecordTooLong) && !(error instanceof Error && 'code' in error)) throw error;
  }
  return places;
}
