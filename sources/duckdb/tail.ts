/** The last line of a file of text, which DuckDB leaves out without a word where it is longer than its buffer. */
import { open } from 'node:fs/promises';
import type { DataPart } from './locate.ts';
import { MAX_RECORD_BYTES, type RecordForm } from './records.ts';

/** Bytes after the last line end that is followed by anything; more than MAX_RECORD_BYTES: at least so many. */
export async function lastLineLength({ path, size }: DataPart, { dialect }: RecordForm): Promise<number> {
  const length = Math.min(size, MAX_RECORD_BYTES + 2);
  const handle = await open(path, 'r');
  try {
    // From the end in growing steps: most lines are short.
    for (let bytes = 4096; ; bytes = Math.min(length, bytes * 16)) {
      const wanted = Math.min(bytes, length);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted), 0, wanted, size - wanted);
      const at = buffer.subarray(0, bytesRead).lastIndexOf(dialect.newline === 'cr' ? 0x0d : 0x0a, -2);
      if (at >= 0) return bytesRead - at - 1;
      if (wanted === length) return bytesRead;
    }
  } finally {
    await handle.close();
  }
}
