/** Files that a command writes: whole or not at all. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { reasonOf, UsageError } from './exit.ts';

/** A file could not be written: exit code 1. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/**
 * Writes a file part by part, beside its place first; one that is there already is replaced once the new one is whole.
 * @throws FileError with nothing of the new file left.
 */
export async function writeFileWhole(path: string, parts: Iterable<string>): Promise<void> {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    await create(part, parts);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw new FileError(`${path} cannot be written: ${reasonOf(error)}.`);
  }
}

/** Writes a file that is not there yet: nothing of the user's is overwritten. @throws UsageError when it is there, or cannot be made. @throws FileError */
export async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    await create(path, [text]);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`${path} is there already; move it away or choose another name.`);
    if (syscall === 'open') throw new UsageError(`${path} cannot be written: ${reasonOf(error)}.`);
    await rm(path, { force: true }).catch(() => undefined);
    throw new FileError(`${path} cannot be written: ${reasonOf(error)}.`);
  }
}

async function create(path: string, parts: Iterable<string>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await writeFile(file, parts);
  } finally {
    await file.close();
  }
}

/**
 * Makes a folder and those above it that are not there.
 * (The recursive `mkdir` of Node 20 never returns where a file system refuses folders as `/proc` does.)
 * @throws the system's error
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(path);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || above === path) throw error;
    await makeFolder(above);
    await mkdir(path);
  }
}
