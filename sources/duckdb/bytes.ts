/** A file's text as UTF-8 bytes: unpacked, decoded, its byte order mark taken off. It streams, so that memory does not grow with the file. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { Encoding } from '../../core/spec/types.ts';
import { goOn } from './turn.ts';

/** How a file's bytes become text. */
export interface Coding {
  readonly gzip: boolean;
  readonly charset: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
}

/** Bytes that are no text of their encoding. */
export class NotDecodable extends Error {}

export const isGzip = (bytes: Buffer): boolean => bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The encoding asked for, or what the byte order mark says; UTF-16 without one has its zero bytes at odd places when little-endian. */
export function charsetOf(start: Buffer, asked: Encoding | null): Coding['charset'] {
  const mark = start.length >= 2 ? start.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff) return mark === 0xfffe ? 'utf-16le' : 'utf-16be';
  if (asked !== 'utf-16') return asked ?? 'utf-8';
  const zeros = [0, 0];
  start.subarray(0, 1000).forEach((byte, i) => {
    if (byte === 0) zeros[i % 2]++;
  });
  return zeros[0] > zeros[1] ? 'utf-16be' : 'utf-16le';
}

/** Decodes pieces of a file; UTF-8 goes through as it is, and may be none. */
export class Decoder {
  readonly #decoder: InstanceType<typeof TextDecoder> | null;
  #first = true;

  constructor(charset: Coding['charset']) {
    this.#decoder = charset === 'utf-8' ? null : new TextDecoder(charset, { fatal: true });
  }

  /** `last`: no more comes, so that half a character is a fault. */
  decode(bytes: Buffer, last = false): Buffer {
    if (this.#decoder !== null) {
      try {
        return Buffer.from(this.#decoder.decode(bytes, { stream: !last }));
      } catch {
        throw new NotDecodable();
      }
    }
    const plain = this.#first ? withoutMark(bytes) : bytes;
    this.#first &&= bytes.length === 0;
    return plain;
  }
}

/** The bytes after a UTF-8 byte order mark. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The file's bytes, unpacked where they are gzip. Throws CalledOff. */
export async function* rawBytes(path: string, gzip: boolean): AsyncGenerator<Buffer> {
  const raw = createReadStream(path, { highWaterMark: 1 << 20 });
  const stream = gzip ? raw.pipe(createGunzip({ chunkSize: 1 << 18 })) : raw;
  raw.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      goOn();
      yield chunk;
    }
  } finally {
    raw.destroy();
    stream.destroy();
  }
}

/** The file's text as UTF-8. */
export async function* utf8(path: string, { gzip, charset }: Coding): AsyncGenerator<Buffer> {
  const decoder = new Decoder(charset);
  for await (const chunk of rawBytes(path, gzip)) yield decoder.decode(chunk);
  const rest = decoder.decode(Buffer.alloc(0), true);
  if (rest.length > 0) yield rest;
}

/** The first bytes of a file as they lie there. */
export async function firstBytes(path: string, bytes: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    let filled = 0;
    while (filled < bytes) {
      const { bytesRead } = await handle.read(buffer, filled, bytes - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

/** The first bytes of what a gzip stream unpacks to. */
export function unpackStart(packed: Buffer, bytes: number): Promise<Buffer> {
  return new Promise((done, fail) => {
    const parts: Buffer[] = [];
    let size = 0;
    const gunzip = createGunzip();
    const finish = () => done(Buffer.concat(parts).subarray(0, bytes));
    gunzip.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size >= bytes) {
        gunzip.destroy();
        finish();
      }
    });
    gunzip.on('end', finish);
    // Only the start of the file was given, so an early end is expected once something came out.
    gunzip.on('error', (error) => (size > 0 ? finish() : fail(error)));
    gunzip.end(packed);
  });
}
