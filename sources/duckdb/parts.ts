/** The files of the data with their heads, held to be one table. */
import type { FileSource } from '../../core/spec/types.ts';
import { DataError, fatal } from './dataError.ts';
import { type Head, readHead } from './head.ts';
import type { DataFile, DataPart } from './locate.ts';

/** One file of the data. */
export interface Part {
  readonly file: DataPart;
  /** `null` where the file is no delimited text. */
  readonly head: Head | null;
  /** Where each of the data's columns stands in this file. */
  readonly order: readonly number[];
  /** The row of the data that its first row is; `null` where that is not known beforehand. */
  readonly firstRow: number | null;
}

/** Delimited files with the columns of the first, in any order. Throws a DataError. */
export async function delimitedParts({ parts }: DataFile, source: FileSource, reader: Parameters<typeof readHead>[2]): Promise<Part[]> {
  const found: Part[] = [];
  for (const file of parts) {
    const head = await readHead(file, source, reader);
    if (head.faults.length > 0) throw new DataError(head.faults[0], file.named);
    const names = found[0]?.head?.names ?? head.names;
    found.push({ file, head, order: orderOf(names, head.names, file, parts[0]), firstRow: found.length === 0 ? 0 : null });
  }
  return found;
}

/** Where the columns of the first file stand in another. Throws a DataError for one that only one of them has. */
export function orderOf(names: readonly string[], own: readonly string[], file: DataPart, first: DataPart): number[] {
  const places = new Map<string, number[]>();
  own.forEach((name, i) => {
    const list = places.get(name);
    if (list) list.push(i);
    else places.set(name, [i]);
  });
  const order = names.map((name) => places.get(name)?.shift());
  const lacking = names.find((_, i) => order[i] === undefined);
  const spare = [...places].find(([, left]) => left.length > 0)?.[0];
  if (lacking === undefined && spare === undefined) return order as number[];
  const differs = lacking !== undefined ? `has no column "${lacking}"` : `has a column "${spare}"`;
  const other = lacking !== undefined ? 'which' : 'which is not in';
  const message = `"${file.named}" ${differs}, ${other} "${first.named}"${lacking !== undefined ? ' has' : ''}; files that are read as one table must have the same columns.`;
  throw new DataError(fatal('column', message, 1, 1), file.named);
}
