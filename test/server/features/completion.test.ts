import { describe, expect, test } from 'vitest';
import type { CompletionItem, TextEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { complete } from '../../../server/features/completion.ts';
import { completeFromSchema } from '../../../server/features/jsonService.ts';
import { contextOf, specWith } from './contextOf.ts';

const labels = (items: readonly CompletionItem[] | undefined) => (items ?? []).map((i) => i.label);
const apply = (document: TextDocument, item: CompletionItem) => TextDocument.applyEdits(document, [item.textEdit as TextEdit]);

describe('from the data', () => {
  /** Where the cursor is, what is offered first, and the text after taking it. */
  const rows: readonly [name: string, from: string, marked: string, first: string, after: string][] = [
    ['a column inside quotes', '"response": "Production_Speed"', '"response": "|"', 'Feed_Speed', '"response": "Feed_Speed"'],
    [
      'a column half typed',
      '"response": "Production_Speed"',
      '"response": "Prod|uc"',
      'Production_Speed',
      '"response": "Production_Speed"',
    ],
    ['a column without quotes', '"response": "Production_Speed"', '"response": |', 'Feed_Speed', '"response": "Feed_Speed"'],
    ['a text column for the group', '"group": "Product_Group"', '"group": "|"', 'Product_Group', '"group": "Product_Group"'],
    ['a data file', '"data": "manufacturing.csv"', '"data": "|"', 'a.csv', '"data": "a.csv"'],
    [
      'a mask row for the group it is of',
      '"Product_Group_2": [1, 1, 1]',
      '"Product_Group_2": |',
      '[1, 1, 1]',
      '"Product_Group_2": [1, 1, 1]',
    ],
    ['a group with its mask row', '"Product_Group_2": [1, 1, 1]', '"|"', 'Product_Group_2', '"Product_Group_2": [1, 1, 1]'],
    [
      'a group of a prediction',
      '"group": "Product_Group_1", "at"',
      '"group": "|", "at"',
      'Product_Group_1',
      '"group": "Product_Group_1", "at"',
    ],
    ['a cell', '[1, 1, 1]', '[1, 1, |]', '0', '[1, 1, 0]'],
    [
      'a product',
      '"Feed_Speed", "Pull_Acceleration", "Cutting_Wait_Time"]',
      '"Feed_Speed", "Feed_Speed:|"]',
      'Feed_Speed:Product_Group',
      '"Feed_Speed", "Feed_Speed:Product_Group"]',
    ],
    [
      'a delimiter',
      '"manufacturing.csv"',
      '{ "file": "manufacturing.csv", "delimiter": | }',
      ',',
      '{ "file": "manufacturing.csv", "delimiter": "," }',
    ],
    [
      'a column in a condition',
      '"manufacturing.csv"',
      '{ "file": "manufacturing.csv", "where": "1 < Pull_|" }',
      'Feed_Speed',
      '{ "file": "manufacturing.csv", "where": "1 < Feed_Speed" }',
    ],
    [
      'the second value of a prediction, not the first again',
      '"at": { "Feed_Speed": 3, "Pull_Acceleration": 2 }',
      '"at": { "Feed_Speed": 3, "|" }',
      'Pull_Acceleration',
      '"at": { "Feed_Speed": 3, "Pull_Acceleration": 2.856 }',
    ],
  ];
  test.each(rows)('%s', (_, from, marked, first, after) => {
    const { context, offset } = contextOf(specWith(from, marked));
    const list = complete(context, offset, ['a.csv', 'b.csv']);
    expect(labels(list?.items)[0]).toBe(first);
    expect(apply(context.document, list!.items[0])).toBe(specWith(from, after));
  });

  test('a covariate of a prediction at its group mean, the masked one last', () => {
    const { context, offset } = contextOf(specWith('"at": { "Feed_Speed": 3, "Pull_Acceleration": 2 }', '"at": { "|" }'));
    const { items } = complete(context, offset, [])!;
    expect(labels(items)).toEqual(['Feed_Speed', 'Pull_Acceleration', 'Cutting_Wait_Time']);
    expect(items[2].detail).toContain('masked');
    expect(apply(context.document, items[0])).toMatch(/"at": \{ "Feed_Speed": \d\.\d+ \}/);
  });

  test('columns say their type, range and share of empty cells', () => {
    const { context, offset } = contextOf(specWith('"Cutting_Wait_Time"]', '"|"]'));
    const item = complete(context, offset, [])!.items.find((i) => i.label === 'Cutting_Wait_Time')!;
    expect(item.detail).toMatch(/^numbers \S+ to \S+, 50 % empty$/);
  });

  test('whole predictions, and all their values, which leave nothing to say', () => {
    const text = (predictions: string) =>
      `{ "data": "d.csv", "response": "Production_Speed", "group": "Product_Group", "covariates": ["Feed_Speed", "Feed_Speed:Cutting_Wait_Time"], "predictions": [${predictions}] }`;
    for (const marked of ['|', '{ "group": "Product_Group_1", "at": {} }, |', '{ "group": "Product_Group_2", "at": | }']) {
      const { context, offset } = contextOf(text(marked));
      const { items } = complete(context, offset, [])!;
      const after = apply(context.document, items.find((i) => i.label === 'Product_Group_2') ?? items[0]);
      expect(after).toContain('"Cutting_Wait_Time": 1.');
      const lacking = contextOf(after).context.checked.problems.filter((p) => p.code === 'HM802');
      expect(lacking.length, after).toBe(marked.includes('"at": {}') ? 1 : 0);
    }
  });

  test('levels that are not there yet', () => {
    const { context, offset } = contextOf(
      '{ "data": "d.csv", "response": "y", "covariates": [{ "column": "Product_Group", "levels": ["Product_Group_1", "|"] }] }',
    );
    expect(labels(complete(context, offset, [])?.items)).toEqual(['Product_Group_2']);
  });

  test('a name that SQL needs quotes for', () => {
    const { context, offset } = contextOf('{ "data": { "file": "d.csv", "where": "|" }, "response": "y" }', 'my x,y\n1,2\n3,4');
    const item = complete(context, offset, [])!.items.find((i) => i.label === 'my x')!;
    expect(apply(context.document, item)).toContain('"where": "\\"my x\\""');
  });

  test('the whole mask', () => {
    const { context, offset } = contextOf(
      '{ "data": "d.csv", "response": "Production_Speed", "group": "Product_Group", "covariates": ["Cutting_Wait_Time"], "mask": | }',
    );
    const { items } = complete(context, offset, [])!;
    expect(labels(items)).toEqual(['auto', 'rows from the data']);
    expect(apply(context.document, items[1])).toContain('"Product_Group_1": [0],\n    "Product_Group_2": [1]');
  });
});

describe('priors', () => {
  test.each([
    ['"weights": "normal(0, 5)"', '"weights": "|"', ['auto', 'normal', 'student_t', 'cauchy', 'laplace', 'uniform', 'flat']],
    [
      '"scale": "half_normal(5)"',
      '"scale": "|"',
      ['auto', 'uniform', 'flat', 'half_normal', 'half_student_t', 'half_cauchy', 'exponential', 'gamma', 'inverse_gamma', 'lognormal'],
    ],
  ])('for %s', (from, to, names) => {
    const { context, offset } = contextOf(specWith(from, to));
    const { items } = complete(context, offset, [])!;
    expect(labels(items).map((l) => l.replace(/\(.*/, ''))).toEqual(names);
    // Every one, its places filled as they are offered, is a prior without fault.
    for (const item of items) {
      const edit = item.textEdit as TextEdit;
      const text = TextDocument.applyEdits(context.document, [{ ...edit, newText: edit.newText.replace(/\$\{\d+:([^}]*)\}/g, '$1') }]);
      expect(
        contextOf(text).context.checked.problems.filter((p) => p.severity === 'error'),
        text,
      ).toEqual([]);
    }
  });
});

describe('from the schema', () => {
  test.each([
    ['{ | }', 'data', '{ "data": "$1" }'],
    ['{ "priors": { | } }', 'weights', '{ "priors": { "weights": "$1" } }'],
    ['{ "|": "d.csv" }', 'data', '{ "data": "d.csv" }'],
    ['{ | }', 'priors', '{ "priors": {$1} }'],
  ])('%s: the key %s with a value to type', async (marked, label, after) => {
    const { context, offset } = contextOf(marked);
    const list = await completeFromSchema(context.document, context.document.positionAt(offset));
    expect(apply(context.document, list!.items.find((i) => i.label === label)!)).toBe(after);
  });

  test('what this version refuses is not offered', async () => {
    const { context, offset } = contextOf('{ "missing": "|" }');
    const list = await completeFromSchema(context.document, context.document.positionAt(offset));
    expect(labels(list?.items)).toEqual(['"error"', '"drop"', '"zero"']);
  });

  test.each([
    ['"family": "gaussian"', '"family": "|"', '"poisson"'],
    ['  "family"', '  "|",\n  "family"', 'missing'],
    ['"sampler": { "chains": 4', '"sampler": { "|": 4', 'max_treedepth'],
  ])('%s', async (from, to, expected) => {
    const { context, offset } = contextOf(specWith(from, to));
    expect(complete(context, offset, [])).toBeNull();
    const list = await completeFromSchema(context.document, context.document.positionAt(offset));
    expect(labels(list?.items)).toContain(expected);
  });
});
