import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSpec } from '../../../core/spec/parse.ts';
import { formatText } from '../../../server/features/formatting.ts';
import { SPEC } from '../manufacturing.ts';

const options = { tabSize: 2, insertSpaces: true };
const rows: readonly [name: string, before: string, after: string][] = [
  [
    'rows under each other',
    '{\n"mask": {\n"A": [1,0], "Long": [ 1,  1 ]}\n}',
    '{\n  "mask": {\n    "A":    [1, 0],\n    "Long": [1, 1]\n  }\n}\n',
  ],
  [
    'rows over several lines',
    '{\n  "mask": {\n    "A": [\n      1,\n      0\n    ],\n    "B": [\n      1,\n      1\n    ]\n  }\n}\n',
    '{\n  "mask": {\n    "A": [1, 0],\n    "B": [1, 1]\n  }\n}\n',
  ],
  [
    'comments stay',
    '{\n  "mask": {\n    "A": [1,0], // why\n    "B": [1,1]\n  }\n}\n',
    '{\n  "mask": {\n    "A": [1, 0], // why\n    "B": [1, 1]\n  }\n}\n',
  ],
  [
    'rows in object form stay',
    '{\n  "mask": {\n    "A": { "x": 0 },\n    "Long": [1]\n  }\n}\n',
    '{\n  "mask": {\n    "A": { "x": 0 },\n    "Long": [1]\n  }\n}\n',
  ],
  [
    'wide letters count twice, marks that combine not at all',
    '{\n  "mask": {\n    "日本": [1],\n    "abcd": [1],\n    "e\u0301": [1],\n    "😀": [1]\n  }\n}\n',
    '{\n  "mask": {\n    "日本": [1],\n    "abcd": [1],\n    "e\u0301":    [1],\n    "😀":   [1]\n  }\n}\n',
  ],
  [
    'a comment before the cells stays',
    '{\n  "mask": {\n    "A": // why\n      [1,0],\n    "Long": [1,1]\n  }\n}\n',
    '{\n  "mask": {\n    "A": // why\n    [1, 0],\n    "Long": [1, 1]\n  }\n}\n',
  ],
  [
    'tabs and line ends of Windows stay',
    '{\r\n\t"mask": {\r\n\t\t"A": [1,0],\r\n\t\t"Long": [1,1]\r\n\t}\r\n}\r\n',
    '{\r\n  "mask": {\r\n    "A":    [1, 0],\r\n    "Long": [1, 1]\r\n  }\r\n}\r\n',
  ],
  ['no mask', '{"data":1}', '{\n  "data": 1\n}\n'],
];

test.each(rows)('%s', (_, before, after) => {
  expect(formatText(before, options)).toBe(after);
  expect(formatText(after, options)).toBe(after);
});

test('the example is formatted', () => {
  expect(formatText(SPEC, options)).toBe(SPEC);
});

test('a text of one line gets lines, and the same meaning', () => {
  const one = SPEC.replace(/\/\/.*/, '').replace(/\s+/g, ' ');
  const formatted = formatText(one, options);
  expect(formatted.split('\n').length).toBeGreaterThan(10);
  expect(parseSpec(formatted).spec).toEqual(parseSpec(SPEC).spec);
});

test('formatting changes no meaning, and a second time nothing', () => {
  const cell = fc.constantFrom('0', '1', ' 1', '1 ', '\n1', '0\r\n', '/* c */ 1');
  const row = fc.tuple(fc.stringMatching(/^[A-Za-z ]{1,8}$/), fc.array(cell, { maxLength: 4 }));
  fc.assert(
    fc.property(
      fc.uniqueArray(row, { maxLength: 5, selector: ([name]) => name }),
      fc.constantFrom('', ' ', '\n', '\n\n  '),
      (mask, gap) => {
        const text = `{${gap}"data": "d.csv",${gap}"response": "y", "covariates": ["a","b"],${gap}"mask": {${mask.map(([name, cells]) => `"${name}"${gap}: [${cells.join(',')}]`).join(`,${gap}`)}${gap}}}`;
        const once = formatText(text, options);
        expect(parseSpec(once).spec).toEqual(parseSpec(text).spec);
        expect(formatText(once, options)).toBe(once);
      },
    ),
    { numRuns: 300 },
  );
});
