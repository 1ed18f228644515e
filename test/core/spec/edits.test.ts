import fc from 'fast-check';
import { type ParseError, parse, parseTree } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { additionAt, newLine, removalEdits } from '../../../core/spec/edits.ts';
import { nodeAt, type Path } from '../../../core/spec/json.ts';
import type { TextEdit } from '../../../core/spec/problem.ts';

const applied = (text: string, edits: readonly TextEdit[]) =>
  [...edits].sort((a, b) => b.start - a.start).reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);

const without = (text: string, path: Path): string => {
  const tree = parseTree(text)!;
  const value = nodeAt(tree, path)!;
  const child = value.parent!.type === 'property' ? value.parent! : value;
  return applied(text, removalEdits(child.parent!, child, text));
};

test.each<[name: string, text: string, path: Path, after: string]>([
  ['the first of a line', '{ "a": 1, "b": 2 }', ['a'], '{ "b": 2 }'],
  ['the last of a line', '{ "a": 1, "b": 2 }', ['b'], '{ "a": 1 }'],
  ['the only one', '{ "a": 1 }', ['a'], '{  }'],
  ['an item', '[1, 2, 3]', [1], '[1, 3]'],
  ['a line', '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}', ['b'], '{\n  "a": 1,\n  "c": 3\n}'],
  ['the last line', '{\n  "a": 1,\n  "b": 2\n}', ['b'], '{\n  "a": 1\n}'],
  ['the last line, a comma after it', '{\n  "a": 1,\n  "b": 2,\n}', ['b'], '{\n  "a": 1,\n}'],
  ['a line with its comment', '{\n  "a": 1, // of a\n  // of b\n  "b": 2\n}', ['a'], '{\n  // of b\n  "b": 2\n}'],
  ['the last line, a comment before it', '{\n  "a": 1, // of a\n  "b": 2 // of b\n}', ['b'], '{\n  "a": 1 // of a\n}'],
  ['a line that ends as Windows has it', '{\r\n\t"a": 1,\r\n\t"b": 2\r\n}', ['a'], '{\r\n\t"b": 2\r\n}'],
  ['several lines', '{\n  "a": {\n    "x": 1\n  },\n  "b": 2\n}', ['a'], '{\n  "b": 2\n}'],
])('removal: %s', (_, text, path, after) => {
  expect(without(text, path)).toBe(after);
});

test.each<[name: string, text: string, path: Path, after: string]>([
  ['to nothing', '{ "m": {} }', ['m'], '{ "m": { "k": 0, "l": [1] } }'],
  ['within a line', '{ "a": 1 }', [], '{ "a": 1, "k": 0, "l": [1] }'],
  ['on lines', '{\n  "a": 1\n}', [], '{\n  "a": 1,\n  "k": 0,\n  "l": [1]\n}'],
  ['behind a comment', '{\n  "a": 1 // of a\n}', [], '{\n  "a": 1, // of a\n  "k": 0,\n  "l": [1]\n}'],
  ['behind a comma and a comment', '{\n  "a": 1, /* of a */\n}', [], '{\n  "a": 1, /* of a */\n  "k": 0,\n  "l": [1],\n}'],
  ['behind a comma', '{\n  "a": 1,\n}', [], '{\n  "a": 1,\n  "k": 0,\n  "l": [1],\n}'],
  ['with tabs and Windows line ends', '{\r\n\t"a": 1\r\n}', [], '{\r\n\t"a": 1,\r\n\t"k": 0,\r\n\t"l": [1]\r\n}'],
  ['to a comment alone', '{ "m": { // later\n } }', ['m'], '{ "m": { // later\n "k": 0, "l": [1]\n} }'],
])('addition: %s', (_, text, path, after) => {
  const members: [string, string][] = [
    ['k', '0'],
    ['l', '[1]'],
  ];
  expect(applied(text, additionAt({ tree: parseTree(text, undefined, { allowTrailingComma: true })!, text }, path, members))).toBe(after);
});

test('a new line is indented as the first key is', () => {
  const at = (text: string) => newLine({ text, tree: parseTree(text) }, 2);
  expect([at('{\n    "a": 1\n}'), at('{\r\n\t"a": 1\r\n}'), at('{ "a": 1 }'), at('{}')]).toEqual([
    '\n        ',
    '\r\n\t\t',
    '\n    ',
    '\n    ',
  ]);
});

test('whatever is removed or added, the rest and its comments stay', () => {
  const gap = fc.constantFrom('', ' ', '\n', '\r\n  ', '\n\t', ' // c\n', ' /* c */ ', '\n// c\n  ');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(gap, gap, gap), { minLength: 1, maxLength: 5 }),
      gap,
      fc.nat(4),
      fc.boolean(),
      (gaps, last, pick, spare) => {
        const text = `{${gaps.map(([a, b, c], i) => `${a}"k${i}":${b}${i}${c}`).join(',')}${spare ? ',' : ''}${last}}`;
        const errors: ParseError[] = [];
        const read = (t: string) => parse(t, errors, { allowTrailingComma: true }) as object;
        const before = read(text);
        const key = `k${pick % gaps.length}`;
        const tree = parseTree(text, [], { allowTrailingComma: true })!;
        const removed = applied(text, removalEdits(tree, nodeAt(tree, [key])!.parent!, text));
        expect(read(removed), removed).toEqual(Object.fromEntries(Object.entries(before).filter(([k]) => k !== key)));
        const added = applied(text, additionAt({ tree, text }, [], [['new', '[]']]));
        expect(read(added), added).toEqual({ ...before, new: [] });
        expect(added.split(' c').length).toBe(text.split(' c').length);
        expect(errors, JSON.stringify([text, removed, added])).toEqual([]);
      },
    ),
    { numRuns: 3000 },
  );
});
