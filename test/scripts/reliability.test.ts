import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const rows = read('docs/reliability.md')
  .split('\n')
  .filter((line) => /^\| (?!-|entry)/.test(line))
  .map((line) => line.slice(2, -2).split(' | '))
  .map(([entry, heldBy]) => ({ entry, heldBy }));

/** The entries that a round of hard use had. */
const ENTRIES = [
  ...Array.from({ length: 12 }, (_, i) => `E${i + 1}`),
  ...Array.from({ length: 20 }, (_, i) => `D${i + 1}`),
  ...Array.from({ length: 9 }, (_, i) => `M${i + 1}`),
];
/** Entries whose tests are still to come; empty when all are there. */
const TO_COME: readonly string[] = [];

/** Each file that a row names, and the names of tests that it says are in it. */
function citations(heldBy: string): { file: string; names: readonly string[] }[] {
  const cited = heldBy.split(/(?=`(?:test|bench)\/)/).filter((part) => part.startsWith('`'));
  return cited.map((part) => {
    const [, file, rest] = /^`([^`]+)`(.*)$/.exec(part) ?? ['', '', ''];
    return { file, names: [...rest.matchAll(/"((?:[^"]|"(?=where"|out"))+?)"(?=[,;. (]|$)/g)].map((m) => m[1]) };
  });
}

describe('what holds each entry of a round of hard use', () => {
  it.each(ENTRIES.filter((e) => !TO_COME.includes(e)))('%s has a row', (entry) => {
    expect(rows.filter((r) => new RegExp(`^${entry}: `).test(r.entry)).length).toBeGreaterThan(0);
  });

  it.each(rows)('$entry', ({ heldBy }) => {
    const cited = citations(heldBy);
    expect(cited.length).toBeGreaterThan(0);
    for (const { file, names } of cited) {
      expect([file, existsSync(new URL(file, root))]).toEqual([file, true]);
      const text = read(file);
      // An ellipsis stands for what a table puts there, and a row of a rule's table has its code before its name.
      const pieces = names.flatMap((name) => name.replace(/^HM\d{3}: /, '').split('…'));
      for (const piece of pieces) expect([file, piece, text.includes(piece.trim())]).toEqual([file, piece, true]);
    }
  });
});
