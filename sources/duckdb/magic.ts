/** What a file's first and last bytes tell of it, whatever its name says. */
import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { DataError, fatal } from './dataError.ts';
import type { DataPart } from './locate.ts';

/** Bytes that are looked at, at the start. */
export const MAGIC_BYTES = 16;

const MAGIC: readonly (readonly [what: string, at: number, bytes: string, advice: string])[] = [
  ['a Parquet file', 0, 'PAR1\x15', 'give it a name that ends in .parquet'],
  ['a DuckDB file', 8, 'DUCK', 'give it a name that ends in .duckdb'],
  ['an Excel workbook or another ZIP archive', 0, 'PK\x03\x04', 'save the sheet, or unpack the file, as CSV'],
  ['an old Excel workbook', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'save the sheet as CSV'],
  ['a file that zstd compressed', 0, '\x28\xb5\x2f\xfd', 'unpack it, or compress it with gzip'],
  ['a file that bzip2 compressed', 0, 'BZh91AY&SY', 'unpack it, or compress it with gzip'],
  ['a file that xz compressed', 0, '\xfd7zXZ\0', 'unpack it, or compress it with gzip'],
  ['an Arrow file', 0, 'ARROW1\0', 'write it as Parquet or CSV'],
  ['an SQLite database', 0, 'SQLite format 3\0', 'export the table as CSV'],
  ['a HDF5 file', 0, '\x89HDF\r\n\x1a\n', 'export the table as CSV'],
];

/** Why a file that begins so is no delimited text, as one sentence with what to do; `null` when nothing says so. */
export function binaryFault(start: Buffer, named: string): string | null {
  const text = start.subarray(0, MAGIC_BYTES).toString('latin1');
  const found = MAGIC.find(([, at, bytes]) => text.startsWith(bytes, at));
  return found === undefined ? null : `"${named}" is ${found[0]}, not delimited text; ${found[3]}.`;
}

/** The shortest Parquet file: two marks, a footer's length. */
const FEWEST_BYTES = 12;

/** Throws a DataError for a file that is no Parquet file, or one without its end. */
export async function refuseNoParquet({ path, named, size }: DataPart): Promise<void> {
  const refuse = (message: string): never => {
    throw new DataError(fatal('unreadable', message), named);
  };
  const handle = await open(path, 'r');
  try {
    const start = Buffer.alloc(Math.min(size, MAGIC_BYTES));
    const end = Buffer.alloc(Math.min(size, 8));
    await handle.read(start, 0, start.length, 0);
    await handle.read(end, 0, end.length, size - end.length);
    const mark = start.toString('latin1', 0, 4);
    if (mark === 'PARE') refuse(`"${named}" is an encrypted Parquet file; write it without encryption.`);
    if (mark !== 'PAR1') {
      const isText = isUtf8(start) && !start.includes(0);
      refuse(
        isText
          ? `"${named}" is text, not a Parquet file; give it a name that ends in .csv.`
          : `"${named}" is no Parquet file: it does not begin like one; write or fetch it again.`,
      );
    }
    const footer = end.length === 8 ? end.readUInt32LE(0) : 0;
    if (size < FEWEST_BYTES || end.toString('latin1', 4) !== 'PAR1' || footer === 0 || footer > size - FEWEST_BYTES) {
      refuse(
        `"${named}" is a damaged Parquet file: its end, which tells where its columns are, is missing or cut off; write or fetch it again.`,
      );
    }
  } finally {
    await handle.close();
  }
}
