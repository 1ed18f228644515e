import { applyEdits, type ParseError, parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { addPrediction } from '../../extension/fits/predictions.ts';

const scenario = { name: null, group: 'b', at: [['x', 1.5]] } as const;
const ITEM = '{ "group": "b", "at": { "x": 1.5 } }';

const rows: readonly [what: string, before: string, after: string][] = [
  ['a missing list', '{\n  "data": "a.csv"\n}\n', `{\n  "data": "a.csv",\n  "predictions": [\n    ${ITEM}\n  ]\n}\n`],
  ['a missing list after a trailing comma', '{\n  "a": 1,\n}\n', `{\n  "a": 1,\n  "predictions": [\n    ${ITEM}\n  ]\n}\n`],
  ['an empty object', '{}', `{\n  "predictions": [\n    ${ITEM}\n  ]\n}`],
  ['an empty list', '{\n  "predictions": []\n}', `{\n  "predictions": [\n    ${ITEM}\n  ]\n}`],
  ['an empty list over two lines', '{\n  "predictions": [\n  ]\n}', `{\n  "predictions": [\n    ${ITEM}\n  ]\n}`],
  ['a list on one line', '{ "predictions": [{ "group": "a" }] }', `{ "predictions": [{ "group": "a" }, ${ITEM}] }`],
  [
    'a list over lines, with comments',
    '{\n  "predictions": [\n    { "group": "a" } // first\n    // last\n  ]\n}',
    `{\n  "predictions": [\n    { "group": "a" }, // first\n    // last\n    ${ITEM}\n  ]\n}`,
  ],
  [
    'tabs and carriage returns',
    '{\r\n\t"predictions": [\r\n\t\t{ "group": "a" }\r\n\t]\r\n}',
    `{\r\n\t"predictions": [\r\n\t\t{ "group": "a" },\r\n\t\t${ITEM}\r\n\t]\r\n}`,
  ],
];

describe('addPrediction', () => {
  test.each(rows)('%s', (_, before, after) => {
    const edited = applyEdits(before, [...addPrediction(before, scenario)]);
    expect(edited).toBe(after);
    const errors: ParseError[] = [];
    const { predictions } = parse(edited, errors, { allowTrailingComma: true });
    expect(errors).toEqual([]);
    expect(predictions.at(-1)).toEqual({ group: 'b', at: { x: 1.5 } });
  });

  test('names from the data are text', () => {
    const hostile = { name: '"}', group: '__proto__', at: [['__proto__', 1]] } as const;
    const edited = applyEdits('{}', [...addPrediction('{}', hostile)]);
    expect(edited).toContain('{ "name": "\\"}", "group": "__proto__", "at": { "__proto__": 1 } }');
  });

  test.each([
    ['[]', /not an object/],
    ['', /not an object/],
    ['{ "predictions": 3 }', /not a list/],
  ])('%s is refused', (text, message) => {
    expect(() => addPrediction(text, scenario)).toThrow(message);
  });
});
