import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { check } from '../../../core/rules/check.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const pages = readdirSync(new URL('docs/rules/', root)).filter((f) => /^HM\d{3}\.md$/.test(f));

const FOLDERS = ['cli', 'core', 'engine', 'extension', 'protocol', 'server', 'sources', 'webview'];

/** Every code that the sources speak of, comments included: none may be told that has no page. */
const codes = new Set(
  FOLDERS.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.ts'))
      .flatMap((f) => [...read(`${folder}/${f}`).matchAll(/\bHM\d{3}\b/g)].map((m) => m[0])),
  ),
);

test('D9: every code has a page, and every page a code', () => {
  expect(pages.map((f) => f.slice(0, 5)).sort()).toEqual([...codes].sort());
});

test.each(pages)('%s says what, why, an example and a fix', (page) => {
  const text = read(`docs/rules/${page}`);
  expect(text.startsWith(`# ${page.slice(0, 5)}: `)).toBe(true);
  for (const part of ['Severity: ', '## Why it matters', '## Example\n\n```', '## How to fix it']) expect(text).toContain(part);
  expect(read('docs/rules/README.md')).toContain(`(${page})`);
});

/** Pages whose examples need no data to be judged. */
const ALONE =
  'HM001 HM002 HM003 HM004 HM005 HM202 HM203 HM211 HM215 HM403 HM404 HM405 HM601 HM602 HM603 HM604 HM605 HM607 HM701 HM702'.split(' ');

/** A whole spec of a page's snippet: what it leaves out is added around it. */
function specOf(snippet: string): string {
  const text = snippet.replace(/\/\/.*$/gm, '').trim();
  if (text.startsWith('{')) return text;
  const isPrior = /^"(weights|scale)":/.test(text);
  const around = [
    ['data', '"d.csv"'],
    ['response', '"y"'],
    ['covariates', '["x1", "x2"]'],
  ].flatMap(([key, value]) => (text.includes(`"${key}":`) ? [] : [`"${key}": ${value}`]));
  return `{ ${around.join(', ')}, ${isPrior ? `"priors": { ${text} }` : text} }`;
}

test.each(ALONE)('the example of %s has its fault, and the one below it has not', (code) => {
  const text = read(`docs/rules/${code}.md`);
  const snippets = [...text.matchAll(/```jsonc\n([\s\S]*?)```/g)].map((m) => m[1]);
  expect(snippets.length).toBe(2);
  const codes = snippets.map((snippet) => check(specOf(snippet), null).problems.map((p) => p.code));
  expect(codes[0], specOf(snippets[0])).toContain(code);
  expect(codes[1], specOf(snippets[1])).not.toContain(code);
});
