/** Completion, hovers, definitions and links of the keys of `data`. */
import { describe, expect, test } from 'vitest';
import type { CompletionItem, MarkupContent, TextEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { complete } from '../../../server/features/completion.ts';
import { hover } from '../../../server/features/hover.ts';
import { completeFromSchema } from '../../../server/features/jsonService.ts';
import { documentLinks } from '../../../server/features/links.ts';
import { definition } from '../../../server/features/navigation.ts';
import { contextOf } from './contextOf.ts';

const CSV = 'g,when,x,y\nA,2024-01-01,1,2\nA,2024-01-02,-,3\nB,2024-01-03,2,4\nB,2024-01-04,3,5\n';
const spec = (data: string) => `{ "data": ${data}, "response": "y", "group": "g", "covariates": ["x"] }`;
const at = (data: string) => contextOf(spec(data), CSV);
const apply = (document: TextDocument, item: CompletionItem) => TextDocument.applyEdits(document, [item.textEdit as TextEdit]);

describe('completion', () => {
  test.each<[marked: string, first: string, after: string]>([
    ['{ "files": "|" }', 'runs/*.csv', '{ "files": "runs/*.csv" }'],
    ['{ "files": ["runs/1.csv", "|"] }', 'runs/*.csv', '{ "files": ["runs/1.csv", "runs/*.csv"] }'],
    ['{ "file": "d.csv", "thousands": | }', '.', '{ "file": "d.csv", "thousands": "." }'],
    ['{ "file": "d.csv", "comment": "|" }', '#', '{ "file": "d.csv", "comment": "#" }'],
    ['{ "file": "d.csv", "na": ["|"] }', 'NA', '{ "file": "d.csv", "na": ["NA"] }'],
    ['{ "file": "d.csv", "dates": { "|" } }', 'when', '{ "file": "d.csv", "dates": { "when": "days" } }'],
  ])('%s', (marked, first, after) => {
    const { context, offset } = at(marked);
    const { items } = complete(context, offset, ['a.csv', 'runs/1.csv', 'runs/2.csv'])!;
    expect(items[0].label).toBe(first);
    expect(apply(context.document, items[0])).toBe(spec(after));
  });

  test.each<[marked: string, labels: readonly string[]]>([
    ['{ "file": "d.csv", "|" }', ['where', 'delimiter', 'decimal', 'thousands', 'na', 'comment', 'skip', 'encoding', 'dates', 'table']],
    ['{ "file": "d.csv", "decimal": | }', ['"."', '","']],
    ['{ "file": "d.csv", "encoding": | }', ['"utf-8"', '"utf-16"', '"windows-1252"']],
    ['{ "file": "d.csv", "dates": { "when": | } }', ['"days"', '"hours"', '"seconds"']],
  ])('from the schema: %s', async (marked, expected) => {
    const { context, offset } = at(marked);
    expect(complete(context, offset, [])).toBeNull();
    const list = await completeFromSchema(context.document, context.document.positionAt(offset));
    expect(list?.items.map((i) => i.label)).toEqual(expect.arrayContaining([...expected]));
  });
});

test.each([
  ['{ "file": "d.csv", "deci|mal": "," }', 'before the decimals'],
  ['{ "file": "d.csv", "decimal": "|," }', '1,5 is one and a half'],
  ['{ "file": "d.csv", "thousands": "|." }', 'parts thousands'],
  ['{ "file": "d.csv", "na": ["|-"] }', 'spellings of an empty cell'],
  ['{ "file": "d.csv", "sk|ip": 1 }', 'before the header'],
  ['{ "file": "d.csv", "skip": |1 }', 'before the header'],
  ['{ "file": "d.csv", "com|ment": "#" }', 'rest of a line a comment'],
  ['{ "file": "d.csv", "encoding": "win|dows-1252" }', 'Western European'],
  ['{ "file": "d.csv", "da|tes": { "when": "days" } }', 'Columns of dates or times'],
  ['{ "file": "d.csv", "dates": { "wh|en": "days" } }', '`when`'],
  ['{ "file": "d.csv", "dates": { "when": "da|ys" } }', 'Days since the column'],
  ['{ "fi|les": ["d.csv"] }', 'read as one table'],
  ['{ "files": ["d|.csv"] }', '4 rows'],
  ['{ "file": "d.duckdb", "ta|ble": "t" }', 'of a DuckDB file'],
])('hover over %s', (marked, says) => {
  const { context, offset } = at(marked);
  expect((hover(context, offset)?.contents as MarkupContent | undefined)?.value).toContain(says);
});

test('a column is found in its header, wherever that stands', () => {
  const text = spec('{ "file": "d.csv", "skip": 2 }');
  const { context } = contextOf(text, CSV);
  const found = definition(context, text.indexOf('"x"') + 1, { file: 'd.csv', line: 3, text: 'g;when;x;y', delimiter: ';' });
  expect(found).toEqual([{ uri: 'file:///home/ada/d.csv', range: { start: { line: 2, character: 7 }, end: { line: 2, character: 8 } } }]);
});

test('each file of a list is linked, a pattern is not', () => {
  const text = spec('{ "files": ["a.csv", "runs/*.csv", "../../b.csv", "c/d.csv"] }');
  const links = documentLinks(contextOf(text, CSV).context);
  expect(links.map((l) => [l.target, text.slice(l.range.start.character, l.range.end.character)])).toEqual([
    ['file:///home/ada/a.csv', 'a.csv'],
    ['file:///home/ada/c/d.csv', 'c/d.csv'],
  ]);
});
