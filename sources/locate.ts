/** Finds the file that a spec's `data` names, and refuses everything that is not a readable file below the allowed folders. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import type { DataFault } from '../core/data/profile.ts';

export interface DataFile {
  /** As the spec names it. */
  readonly named: string;
  /** Absolute, symbolic links resolved. */
  readonly path: string;
  readonly format: 'csv' | 'parquet';
  readonly size: number;
  /** Size and modification time: changes whenever the content may have. */
  readonly version: string;
}

/** A fault that leaves no profile. */
export const fatal = (kind: DataFault['kind'], message: string, line: number | null = null, column: number | null = null): DataFault => ({
  kind,
  fatal: true,
  message,
  line,
  column,
});

/** What a source throws for a fault of the user's data; `profileData` turns it into `DataProfile.faults`. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly fault: DataFault;
  /** The data file as the spec names it. */
  readonly file: string;

  constructor(fault: DataFault, file: string) {
    super(fault.message);
    this.fault = fault;
    this.file = file;
  }
}

const ADDRESS = /^[a-z][a-z0-9+.-]+:\/\//i;

const isWithin = (path: string, root: string): boolean => {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === path;
};

/** `file` is relative to the spec. Nothing outside `roots` is touched, not even to see whether it exists. Throws a DataError. */
export async function locateFile(specPath: string, file: string, roots: readonly string[]): Promise<DataFile> {
  const refuse = (kind: DataFault['kind'], message: string): never => {
    throw new DataError(fatal(kind, message), file);
  };
  if (ADDRESS.test(file)) refuse('outside', `"${file}" is an address; the data must be a file beside the spec, so download it first.`);
  if (file.trim() === '' || file.includes('\0')) refuse('missing', 'The data file has no name; give a path relative to the spec.');
  const folder = dirname(resolve(specPath));
  const allowed = roots.length > 0 ? roots.map((r) => resolve(r)) : [folder];
  const outside = `"${file}" lies outside the workspace; move the data below the spec's folder.`;
  const wanted = resolve(folder, file);
  const real = await Promise.all(allowed.map((r) => realpath(r).catch(() => r)));
  if (![...allowed, ...real].some((r) => isWithin(wanted, r))) refuse(wanted === folder ? 'not_a_file' : 'outside', outside);
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
  if (/[*?]/.test(path)) refuse('unsupported', `The path of "${file}" holds * or ?, which stand for many files; rename it.`);
  return {
    named: file,
    path,
    format: /\.parquet$/i.test(path) || /\.parquet$/i.test(file) ? 'parquet' : 'csv',
    size: found.size,
    version: `${found.size}-${found.mtimeMs}`,
  };
}

const DATA_FILE = /\.(csv|tsv|csv\.gz|tsv\.gz|parquet)$/i;
const MAX_SUGGESTIONS = 200;

/** Throws, naming the data files that stand beside the spec. */
async function missing(file: string, folder: string): Promise<never> {
  const beside = await readdir(folder).catch(() => []);
  const suggestions = beside.filter((name) => DATA_FILE.test(name)).slice(0, MAX_SUGGESTIONS);
  throw new DataError({ ...fatal('missing', `The data file "${file}" does not exist.`), suggestions }, file);
}
