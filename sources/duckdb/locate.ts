/** Finds the files that a spec's `data` names, and refuses everything that is not a readable file below the allowed folders. */

import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import type { DataFault } from '../../core/data/profile.ts';
import type { FileSource } from '../../core/spec/types.ts';
import { DataError, fatal } from './dataError.ts';
import { plainPath } from './ownFolder.ts';
import { expand } from './patterns.ts';

/** One file. */
export interface DataPart {
  /** As the spec names it, or as a pattern found it. */
  readonly named: string;
  /** Absolute, symbolic links resolved; or a link to that which holds no `*`, `?`, `[` or `]`. */
  readonly path: string;
  readonly size: number;
  /** Size and modification time: changes whenever the content may have. */
  readonly version: string;
}

/** What a spec's data are read from: one file, or several of a format as one table. */
export interface DataFile {
  /** As the spec names it. */
  readonly named: string;
  readonly format: 'csv' | 'parquet' | 'duckdb';
  /** All parts' versions. */
  readonly version: string;
  /** At least one, in the order of their rows. */
  readonly parts: readonly DataPart[];
}

const ADDRESS = /^[a-z][a-z0-9+.-]+:\/\//i;
/** More files than this are refused. */
const MOST_FILES = 1_000;

const isWithin = (path: string, root: string): boolean => {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === path;
};

/** A file's name is relative to the spec. Nothing outside `roots` is touched, not even to see whether it exists. Throws a DataError. */
export async function locateFile(specPath: string, source: FileSource, roots: readonly string[]): Promise<DataFile> {
  const folder = dirname(resolve(specPath));
  const place = await placeOf(folder, roots);
  const names = source.files === undefined ? [source.file] : await expand(source.files, folder, (path) => refuseOutside(path, place));
  const parts = new Map<string, DataPart>();
  for (const name of names) {
    const part = await locatePart(name, place);
    parts.set(part.path, part);
  }
  if (parts.size > MOST_FILES) {
    throw new DataError(fatal('unsupported', `"files" stands for ${parts.size} files; at most ${MOST_FILES} are read.`), source.file);
  }
  const formats = new Map([...parts.values()].map((p) => [formatOf(p, source), p.named]));
  if (formats.size > 1 || (parts.size > 1 && formats.has('duckdb'))) {
    const message = `"files" are read as one table only where all are CSV or all are Parquet files, but there is ${[...formats.values()].map((n) => JSON.stringify(n)).join(' beside ')}.`;
    throw new DataError(fatal('unsupported', message), source.file);
  }
  const [format] = formats.keys();
  const all = [...parts.values()];
  if (all.length === 1) return { named: all[0].named, format, version: all[0].version, parts: all };
  return { named: source.file, format, version: all.map((p) => `${p.named} ${p.version}`).join(', '), parts: all };
}

function formatOf({ path, named }: DataPart, source: FileSource): DataFile['format'] {
  if (source.reader?.table != null || /\.(duckdb|ddb)$/i.test(named)) return 'duckdb';
  return /\.parquet$/i.test(path) || /\.parquet$/i.test(named) ? 'parquet' : 'csv';
}

interface Place {
  readonly folder: string;
  readonly allowed: readonly string[];
  /** `allowed`, symbolic links resolved. */
  readonly real: readonly string[];
}

async function placeOf(folder: string, roots: readonly string[]): Promise<Place> {
  const allowed = roots.length > 0 ? roots.map((r) => resolve(r)) : [folder];
  return { folder, allowed, real: await Promise.all(allowed.map((r) => realpath(r).catch(() => r))) };
}

/** Throws unless the path, which need not exist, is an allowed folder or below one. */
function refuseOutside(file: string, { folder, allowed, real }: Place): void {
  const wanted = resolve(folder, file);
  if ([...allowed, ...real].some((r) => wanted === r || isWithin(wanted, r))) return;
  throw new DataError(fatal('outside', `"${file}" lies outside the workspace; move the data below the spec's folder.`), file);
}

async function locatePart(file: string, place: Place): Promise<DataPart> {
  const { folder, real } = place;
  const refuse = (kind: DataFault['kind'], message: string): never => {
    throw new DataError(fatal(kind, message), file);
  };
  if (ADDRESS.test(file)) refuse('outside', `"${file}" is an address; the data must be a file beside the spec, so download it first.`);
  if (file.trim() === '' || file.includes('\0')) refuse('missing', 'The data file has no name; give a path relative to the spec.');
  const wanted = resolve(folder, file);
  const outside = `"${file}" lies outside the workspace; move the data below the spec's folder.`;
  if (wanted === folder) refuse('not_a_file', outside);
  refuseOutside(file, place);
  const path = await realpath(wanted).catch((error: NodeJS.ErrnoException): Promise<never> | never =>
    error.code === 'ENOENT' || error.code === 'ENOTDIR'
      ? missing(file, folder)
      : refuse('unreadable', `The data file "${file}" cannot be opened (${error.code}).`),
  );
  if (!real.some((r) => isWithin(path, r))) refuse('outside', outside);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) =>
    refuse('unreadable', `The data file "${file}" cannot be read (${error.code}).`),
  );
  if (!found.isFile()) {
    refuse('not_a_file', `"${file}" is ${found.isDirectory() ? 'a folder' : 'no regular file'}; name a CSV or Parquet file.`);
  }
  if (found.size === 0) refuse('empty', `The data file "${file}" is empty.`);
  return { named: file, path: readablePath(path, file), size: found.size, version: `${found.size}-${found.mtimeMs}` };
}

function readablePath(path: string, named: string): string {
  try {
    return plainPath(path);
  } catch {
    const message = `The path of "${named}" holds *, ?, [ or ], which stand for many files; rename it.`;
    throw new DataError(fatal('unsupported', message), named);
  }
}

const DATA_FILE = /\.(csv|tsv|csv\.gz|tsv\.gz|parquet|duckdb|ddb)$/i;
const MAX_SUGGESTIONS = 200;

/** Throws, naming the data files that stand beside the spec. */
async function missing(file: string, folder: string): Promise<never> {
  const beside = await readdir(folder).catch(() => []);
  const suggestions = beside.filter((name) => DATA_FILE.test(name)).slice(0, MAX_SUGGESTIONS);
  throw new DataError({ ...fatal('missing', `The data file "${file}" does not exist.`), suggestions }, file);
}
