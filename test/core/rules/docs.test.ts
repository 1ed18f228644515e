import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const pages = readdirSync(new URL('docs/rules/', root)).filter((f) => /^HM\d{3}\.md$/.test(f));

/** Every code that the sources can say. */
const codes = new Set(
  ['core/rules/', 'core/spec/'].flatMap((folder) =>
    readdirSync(new URL(folder, root)).flatMap((f) => [...read(folder + f).matchAll(/'(HM\d{3})'/g)].map((m) => m[1])),
  ),
);

test('every code has a page, and every page a code', () => {
  expect(pages.map((f) => f.slice(0, 5)).sort()).toEqual([...codes].sort());
});

test.each(pages)('%s says what, why, an example and a fix', (page) => {
  const text = read(`docs/rules/${page}`);
  expect(text.startsWith(`# ${page.slice(0, 5)}: `)).toBe(true);
  for (const part of ['Severity: ', '## Why it matters', '## Example\n\n```', '## How to fix it']) expect(text).toContain(part);
  expect(read('docs/rules/README.md')).toContain(`(${page})`);
});
