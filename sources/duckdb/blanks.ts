/**
 * Stretches of blank lines, over which DuckDB takes a hundred times as long as over rows. They are found by looking at a few bytes here and
 * there: only what is megabytes long matters.
 */
import { open } from 'node:fs/promises';
import type { DataPart } from './locate.ts';

/** Bytes from one look to the next. */
const APART = 1 << 18;
/** Bytes looked at. */
const LOOK = 64;
/** So many looks at nothing but blanks, and the file is read from a copy without blank lines. */
const MANY = 6;

const [LF, CR, SPACE, TAB] = [0x0a, 0x0d, 0x20, 0x09];

const isBlank = (bytes: Buffer): boolean => bytes.length > 0 && bytes.every((b) => b === LF || b === CR || b === SPACE || b === TAB);

/** Looks at bytes that come in pieces. */
export class BlankSeeker {
  #looks = 0;
  #next = 0;
  #at = 0;

  get found(): boolean {
    return this.#looks >= MANY;
  }

  push(chunk: Buffer): void {
    for (; this.#next < this.#at + chunk.length; this.#next += APART) {
      const from = this.#next - this.#at;
      if (isBlank(chunk.subarray(from, from + LOOK))) this.#looks++;
    }
    this.#at += chunk.length;
  }
}

/** Whether a file has megabytes of blank lines. */
export async function hasBlankStretches({ path, size }: DataPart): Promise<boolean> {
  if (size < MANY * APART) return false;
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(LOOK);
    let looks = 0;
    for (let at = 0; at < size && looks < MANY; at += APART) {
      const { bytesRead } = await handle.read(buffer, 0, LOOK, at);
      if (isBlank(buffer.subarray(0, bytesRead))) looks++;
    }
    return looks >= MANY;
  } finally {
    await handle.close();
  }
}
