/**
 * A gzip file is unpacked once as a whole before anything of it is used: whether its checksums and lengths hold, how much it unpacks to, and
 * whether its last record is too long, which DuckDB would leave out. It streams: nothing is kept.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { BlankSeeker } from './blanks.ts';
import { DataError, fatal } from './dataError.ts';
import type { DataPart } from './locate.ts';
import { OddSeeker } from './oddNumbers.ts';
import { CalledOff, goOn } from './turn.ts';

export interface Unpacked {
  /** Bytes of text. */
  readonly bytes: number;
  /** Bytes after the last line end that is followed by anything. */
  readonly lastLine: number;
  /** Whether a text such as `2020_1` may be in it (oddNumbers.ts). */
  readonly odd: boolean;
  /** Whether zero bytes follow, which DuckDB takes for damage. */
  readonly isPadded: boolean;
  /** Whether it has megabytes of blank lines (blanks.ts). */
  readonly hasBlanks: boolean;
}

const known = new Map<string, Unpacked>();
/** Files whose facts are kept. */
const MOST_KNOWN = 64;

/** Throws a DataError that names the line reached for a file that is cut off, altered or followed by something else. */
export async function verifyGzip(file: DataPart): Promise<Unpacked> {
  const key = `${file.path}\0${file.version}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = await unpack(file);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, found);
  return found;
}

async function unpack(file: DataPart): Promise<Unpacked> {
  const raw = createReadStream(file.path, { highWaterMark: 1 << 18 });
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  raw.on('error', (error) => gunzip.destroy(error));
  const seeker = new OddSeeker();
  const blanks = new BlankSeeker();
  let [bytes, lastLine, ended] = [0, 0, false];
  try {
    for await (const chunk of raw.pipe(gunzip) as AsyncIterable<Buffer>) {
      goOn();
      seeker.push(chunk);
      blanks.push(chunk);
      if (ended && chunk.length > 0) lastLine = 0;
      const at = chunk.lastIndexOf(LF, -2);
      lastLine = at < 0 ? lastLine + chunk.length : chunk.length - at - 1;
      ended = chunk.at(-1) === LF;
      bytes += chunk.length;
    }
  } catch (error) {
    if (error instanceof CalledOff) throw error;
    throw damaged(file, await lineReached(file), error instanceof Error ? error.message : String(error));
  } finally {
    raw.destroy();
    gunzip.destroy();
  }
  if (!(await isPadding(file, gunzip.bytesWritten)))
    throw damaged(file, await lineReached(file), 'something else follows the compressed text');
  return { bytes, lastLine, odd: seeker.found, isPadded: gunzip.bytesWritten < file.size, hasBlanks: blanks.found };
}

const LF = 0x0a;

/** The line that unpacking comes to, in small steps: what a step unpacks before it fails is lost. */
async function lineReached({ path }: DataPart): Promise<number> {
  const raw = createReadStream(path, { highWaterMark: 256 });
  const gunzip = createGunzip({ chunkSize: 1 << 14 });
  raw.on('error', (error) => gunzip.destroy(error));
  let line = 1;
  try {
    for await (const chunk of raw.pipe(gunzip) as AsyncIterable<Buffer>) {
      for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) line++;
    }
  } catch {
    // This is where it ends.
  } finally {
    raw.destroy();
    gunzip.destroy();
  }
  return line;
}

const damaged = (file: DataPart, line: number, reason: string): DataError =>
  new DataError(
    fatal(
      'unreadable',
      `"${file.named}" is a damaged gzip file: unpacking it failed about line ${line} (${reason}), and nothing of it is used; fetch or compress it again.`,
      line,
      1,
    ),
    file.named,
  );

/** Whether the rest of the file is zero bytes, which tapes and block devices add. */
async function isPadding({ path, size }: DataPart, from: number): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(1 << 16);
    for (let at = from; at < size; ) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return true;
      if (buffer.subarray(0, bytesRead).some((byte) => byte !== 0)) return false;
      at += bytesRead;
    }
    return true;
  } finally {
    await handle.close();
  }
}
