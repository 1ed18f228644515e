/** Reads a spec as the engine takes it. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { SpecSource } from '../protocol/engine.ts';
import { startReader } from '../sources/index.ts';
import { UsageError } from './exit.ts';

const LARGEST_SPEC = 64 * 1024 * 1024;

/** Data may be read below the spec's own folder; what reads them starts meanwhile. @throws UsageError when there is no such file. */
export async function readSpec(file: string): Promise<SpecSource> {
  const path = resolve(file);
  const found = await stat(path).catch(() => null);
  if (!found) throw new UsageError(`There is no file ${file}.`);
  if (!found.isFile()) throw new UsageError(`${file} is not a file.`);
  if (found.size > LARGEST_SPEC) throw new UsageError(`${file} is too large for a spec.`);
  startReader();
  return { path, text: await readFile(path, 'utf8'), roots: [dirname(path)] };
}
