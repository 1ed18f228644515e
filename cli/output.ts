/**
 * The one way to standard output and standard error. What would steer a terminal is spelled out, and every write to standard output is
 * waited for: a command whose results did not arrive has failed.
 */
import { fstatSync, writeSync } from 'node:fs';
import { visibleJson, visibleLines } from '../core/spec/text.ts';
import { reasonOf } from './exit.ts';

/** Standard output did not take what was written: exit code 1. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** Prints text, a line end added. @throws OutputError when it cannot be written, unless its reader has gone. */
export const print = (text: string): Promise<void> => write(`${visibleLines(text)}\n`);

/** Prints parts of a JSON document, as `jsonParts` gives them. @throws OutputError as `print`. */
export async function printJson(parts: Iterable<string>): Promise<void> {
  for (const part of parts) await write(visibleJson(part));
}

/** Says something on standard error, a line end added. There is nowhere to say that this failed. */
export function tell(text: string): void {
  process.stderr.write(`${visibleLines(text)}\n`);
}

// Callbacks tell of failures of standard output; without listeners they would end the program as well.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

/** A file, or a device that is no terminal. Node takes a write to it for done that a full disk has cut short. */
const isFile = ((): boolean => {
  if (process.stdout.isTTY) return false;
  try {
    const found = fstatSync(1);
    return found.isFile() || found.isCharacterDevice();
  } catch {
    return false;
  }
})();

let readerIsGone = false;

async function write(text: string): Promise<void> {
  if (readerIsGone) return;
  try {
    if (isFile) writeWhole(Buffer.from(text));
    else await new Promise<void>((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
  } catch (error) {
    readerIsGone = (error as NodeJS.ErrnoException).code === 'EPIPE';
    if (!readerIsGone) throw new OutputError(`Standard output cannot be written: ${reasonOf(error)}.`);
  }
}

function writeWhole(bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done);
}
