// Where the corpus keeps what it has found, outside the repository: lines of JSON that are only ever added to, so that a run can be broken off
// and gone on with.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const home = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hmask', 'corpus');

export function linesOf(name) {
  const path = join(home, `${name}.jsonl`);
  if (!existsSync(path)) return [];
  const found = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue;
    // The last line of a run that was broken off may be half a line.
    try {
      found.push(JSON.parse(line));
    } catch {}
  }
  return found;
}

export function addLine(name, value) {
  mkdirSync(home, { recursive: true });
  appendFileSync(join(home, `${name}.jsonl`), `${JSON.stringify(value)}\n`);
}

export const dropLines = (name) => existsSync(join(home, `${name}.jsonl`)) && writeFileSync(join(home, `${name}.jsonl`), '');
