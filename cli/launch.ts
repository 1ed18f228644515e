/**
 * Starts the program (`program.js`, beside this file) with the code that V8 made of it in an earlier run: to compile half a megabyte
 * anew takes longer than a small fit. The code is kept in the user's cache folder under a name that the program's text, Node and the
 * machine decide; without it, or where it cannot be kept, everything works as it would, a little later.
 *
 * Node's own compile cache would do the same from version 22 on. `NODE_DISABLE_COMPILE_CACHE=1` turns off either.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** Codes of other versions that may stay. */
const MOST_KEPT = 4;

const program = join(__dirname, 'program.js');

/** Throws where the user has no home. */
function cacheFolder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'hmask', 'code');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'hmask', 'code');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'hmask', 'code');
}

/** Where the code of this text is kept; `null` where it is not. */
function placeOf(text: string): string | null {
  if (process.env.NODE_DISABLE_COMPILE_CACHE === '1') return null;
  try {
    const hash = createHash('sha256').update(text).update(process.version).update(process.arch).digest('hex');
    return join(cacheFolder(), `${hash.slice(0, 32)}.bin`);
  } catch {
    return null;
  }
}

/** The kept code; `undefined` when there is none, or when it is not this user's own. */
function readCode(file: string): Buffer | undefined {
  try {
    const { uid, mode } = statSync(file);
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOurs ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a folder and at most so many above it. (The recursive `mkdirSync` of Node 20 never returns where a file system refuses, as /proc does.) */
function makeFolder(folder: string, above: number): void {
  if (existsSync(folder)) return;
  if (above > 0) makeFolder(dirname(folder), above - 1);
  mkdirSync(folder, { mode: 0o700 });
}

/** Whole or not at all: another process may read it meanwhile. */
function keepCode(file: string, code: Buffer): void {
  try {
    const folder = dirname(file);
    makeFolder(folder, 3);
    const part = `${file}.${process.pid}`;
    writeFileSync(part, code, { mode: 0o600 });
    renameSync(part, file);
    const age = (name: string) => statSync(join(folder, name)).mtimeMs;
    const others = readdirSync(folder).sort((a, b) => age(b) - age(a));
    for (const name of others.slice(MOST_KEPT)) rmSync(join(folder, name));
  } catch {
    // A home that cannot be written to is no fault of the user's command.
  }
}

function launch(): void {
  const text = readFileSync(program, 'utf8');
  const file = placeOf(text);
  const code = file === null ? undefined : readCode(file);
  const script = new Script(Module.wrap(text), { filename: program, cachedData: code });
  // A fit has run through most of the program; what another command leaves would lack the rest.
  if (file !== null && (code === undefined || script.cachedDataRejected) && process.argv[2] === 'fit') {
    process.once('exit', () => keepCode(file, script.createCachedData()));
  }
  script.runInThisContext()(exports, createRequire(program), module, program, dirname(program));
}

launch();
