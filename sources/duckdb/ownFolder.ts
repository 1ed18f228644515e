/** A folder for copies and links, which only this user can look into, and which goes with the process. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

let folder: string | null = null;

export function ownFolder(): string {
  if (folder !== null) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
  const made = realpathSync(mkdtempSync(join(tmpdir(), 'hmask-')));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
}

const aliases = new Map<string, string>();

/** DuckDB takes these for patterns of names, and has no way to write them otherwise. */
const PATTERN = /[*?[\]]/;

/** A path to the same file that DuckDB takes as it stands. Throws what the system says where no link can be made. */
export function plainPath(path: string): string {
  if (!PATTERN.test(path)) return path;
  const known = aliases.get(path);
  if (known !== undefined) return known;
  const alias = join(ownFolder(), `${randomUUID()}${extname(path)}`);
  symlinkSync(path, alias, 'file');
  aliases.set(path, alias);
  return alias;
}
