/** Where things are: the clone, and the cache that outlives it. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The clone. */
export const root = resolve(import.meta.dirname, '..', '..');

/** Downloads that every clone on this machine shares. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hmask');

/** The shipped example that every tour starts with. */
export const example = join(root, 'examples', 'manufacturing', 'manufacturing.hmask.json');
