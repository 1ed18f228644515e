/**
 * Starts the program (`program.js`, beside this file) with the code that V8 made of it in an earlier run, where Node keeps that (from
 * 22.1 on): to compile half a megabyte anew takes longer than many a command. Node checks what it kept by its digest, so that damage
 * costs time and nothing else, and `NODE_DISABLE_COMPILE_CACHE=1` turns it off.
 */
import Module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What Node's types of version 20 do not have yet. */
interface ModuleWithCache {
  /** Never throws for a folder that cannot be made or written. */
  readonly enableCompileCache?: (folder: string) => unknown;
}

/** The user's own: what another user could write would be run. A relative XDG_CACHE_HOME counts as none, as its specification says. */
function cacheFolder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME = '' } = process.env;
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'hmask', 'code');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'hmask', 'code');
  return join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'hmask', 'code');
}

try {
  (Module as ModuleWithCache).enableCompileCache?.(cacheFolder());
} catch {
  // A user without a home starts a little later.
}
createRequire(__filename)('./program.js');
