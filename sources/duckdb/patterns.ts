/** Patterns such as `runs/*.csv` into the files that they stand for. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import glob from 'fast-glob';
import { DataError, fatal } from './dataError.ts';

/** Only `*` and `?` stand for anything. */
const escaped = (segment: string): string => segment.replace(/[[\](){}!+@|\\]/g, '\\$&');

const isPattern = (name: string): boolean => /[*?]/.test(name);

/**
 * The files of a list of names and patterns, each pattern's in the order of their names; links to folders are not followed. `refuse` throws
 * for a folder that may not be looked at, before anybody looks.
 */
export async function expand(names: readonly string[], folder: string, refuse: (path: string) => void): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const isFile = isPattern(name) && (await isThere(name, folder, refuse));
    found.push(...(isPattern(name) && !isFile ? await matches(name, folder, refuse) : [name]));
  }
  return found;
}

/** Whether a file is named so, letter by letter. */
async function isThere(name: string, folder: string, refuse: (path: string) => void): Promise<boolean> {
  if (name.includes('\0') || name.startsWith('/') || name.split('/').includes('..')) return false;
  refuse(name);
  return stat(resolve(folder, name)).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function matches(pattern: string, folder: string, refuse: (path: string) => void): Promise<string[]> {
  const segments = pattern.split('/');
  const first = segments.findIndex(isPattern);
  const [base, rest] = [segments.slice(0, first).join('/'), segments.slice(first)];
  if (pattern.startsWith('/') || rest.includes('..') || pattern.includes('\0')) {
    const message = `"${pattern}" must be a pattern of files below the spec's folder, such as "runs/*.csv".`;
    throw new DataError(fatal('outside', message), pattern);
  }
  if (base !== '') refuse(base);
  const options = { cwd: resolve(folder, base), followSymbolicLinks: false, onlyFiles: true, braceExpansion: false, extglob: false };
  const names = await glob(rest.map(escaped).join('/'), options).catch((error: NodeJS.ErrnoException) => {
    throw new DataError(fatal('unreadable', `The files of "${pattern}" cannot be listed (${error.code}).`), pattern);
  });
  if (names.length === 0) throw new DataError(fatal('missing', `No file matches "${pattern}".`), pattern);
  return names.map((n) => (base === '' ? n : `${base}/${n}`)).sort();
}
