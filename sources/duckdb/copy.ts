/** A copy of a delimited file that DuckDB reads as this reader does: UTF-8, a record a line, without comments and what stands before the header. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { NotDecodable } from './bytes.ts';
import { DataError, fatal } from './dataError.ts';
import type { Head } from './head.ts';
import type { DataPart } from './locate.ts';
import { OddSeeker } from './oddNumbers.ts';
import { ownFolder } from './ownFolder.ts';
import { RecordTooLong, scanRecords } from './records.ts';

export interface Copy {
  readonly path: string;
  readonly bytes: number;
  /** Whether a text such as `2020_1` may be in it (oddNumbers.ts). */
  readonly odd: boolean;
}

/** Written at once. */
const BLOCK = 1 << 20;
/** Throws a DataError for bytes that are no text of the encoding, a record that is too long, and a disk without room. */
export async function writeCopy(file: DataPart, head: Head): Promise<Copy> {
  const path = join(ownFolder(), `${randomUUID()}.csv`);
  const seeker = new OddSeeker();
  const handle = await open(path, 'wx', 0o600);
  let bytes = 0;
  let waiting: Buffer[] = [];
  let size = 0;
  const write = async () => {
    const block = Buffer.concat(waiting);
    seeker.push(block);
    bytes += block.length;
    [waiting, size] = [[], 0];
    await handle.write(block);
  };
  try {
    await scanRecords(
      file.path,
      head,
      (record) => {
        waiting.push(Buffer.from(record.bytes), LINE_END);
        size += record.bytes.length + 1;
        return true;
      },
      async () => {
        if (size > BLOCK) await write();
      },
    );
    await write();
  } catch (error) {
    rmSync(path, { force: true });
    throw explained(error, file, head);
  } finally {
    await handle.close();
  }
  return { path, bytes, odd: seeker.found };
}

const LINE_END = Buffer.from('\n');

function explained(error: unknown, { named }: DataPart, head: Head): unknown {
  if (error instanceof NotDecodable) return new DataError(fatal('encoding', `"${named}" is not text in ${head.charset}.`, 1, 1), named);
  if (error instanceof RecordTooLong) return error;
  if (!(error instanceof Error && 'code' in error)) return error;
  return new DataError(fatal('unreadable', `"${named}" cannot be copied for reading (${String(error.code)}).`), named);
}

export function removeCopy(path: string): void {
  rmSync(path, { force: true });
}
