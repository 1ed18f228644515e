/** Where cells stand in their files: line and column, by reading each file once up to the last of them. */
import type { CellPlace } from '../../core/data/profile.ts';
import type { Part } from './parts.ts';
import { RecordTooLong, scanRecords, splitCells } from './records.ts';

const SHOWN_CHARACTERS = 40;

export interface Wanted {
  /** 0-based row of the data. */
  readonly row: number;
  /** 0-based column of the data. */
  readonly column: number;
}

/** The places asked for, in their order. Without lines, as in Parquet, the line is the row counted from 1. */
export async function locateCells(parts: readonly Part[], wanted: readonly Wanted[]): Promise<CellPlace[]> {
  const places = wanted.map(({ row, column }): CellPlace => {
    const part = parts.findLast((p) => p.firstRow !== null && p.firstRow <= row) ?? parts[0];
    const line = row - (part.firstRow ?? 0) + (part.head ? 2 : 1);
    return { row, line, column: column + 1, text: '', ...fileOf(parts, part) };
  });
  if (wanted.length === 0) return places;
  const byRow = new Map<number, number[]>();
  wanted.forEach(({ row }, i) => {
    const list = byRow.get(row);
    if (list) list.push(i);
    else byRow.set(row, [i]);
  });
  const last = wanted.reduce((most, w) => Math.max(most, w.row), 0);
  let before = 0;
  for (const part of parts) {
    const { head, order } = part;
    if (head === null || before > last) break;
    let rows = 0;
    await scan(part, (record) => {
      if (record.index === 0) return true;
      const asked = byRow.get(before + rows++);
      if (asked) {
        const cells = splitCells(record.bytes, head.dialect.delimiter);
        for (const i of asked) {
          const cell = cells[order[wanted[i].column]];
          const text = cell?.text.slice(0, SHOWN_CHARACTERS) ?? '';
          const [line, column] = [record.line + (cell?.lineOffset ?? 0), cell?.column ?? 1];
          places[i] = { row: wanted[i].row, line, column, text, ...fileOf(parts, part) };
        }
      }
      return before + rows <= last;
    });
    before += rows;
  }
  return places;
}

/** The part, where there are several. */
const fileOf = (parts: readonly Part[], part: Part): { file?: string } => (parts.length > 1 ? { file: part.file.named } : {});

async function scan(part: Part, visit: Parameters<typeof scanRecords>[2]): Promise<void> {
  try {
    if (part.head !== null) await scanRecords(part.file.path, part.head, visit);
  } catch (error) {
    // The file changed under us: rows without their exact line are better than no answer.
    if (!(error instanceof RecordTooLong) && !(error instanceof Error && 'code' in error)) throw error;
  }
}
