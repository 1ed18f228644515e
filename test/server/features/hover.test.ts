import { describe, expect, test } from 'vitest';
import type { MarkupContent } from 'vscode-languageserver/node';
import { hover } from '../../../server/features/hover.ts';
import { code } from '../../../server/features/markdown.ts';
import { contextOf, specWith } from './contextOf.ts';

const text = (marked: string, csv?: string): string | null => {
  const { context, offset } = contextOf(marked, csv);
  return (hover(context, offset)?.contents as MarkupContent | undefined)?.value ?? null;
};

test.each([
  ['a column', '"Production_Speed"', '"Prod|uction_Speed"', '60 numbers'],
  ['a covariate', '"Feed_Speed", "P', '"Fe|ed_Speed", "P', '| `Product_Group_1` | 30 | 0 |'],
  ['a group', '"Product_Group_1": [', '"Product|_Group_1": [', 'masked: `Cutting_Wait_Time`'],
  ['a mask cell', '[1, 1, 0]', '[1, 1, |0]', '0 numbers, 30 empty'],
  ['a key', '"family"', '"fam|ily"', 'distribution of the response'],
  ['a family', '"gaussian"', '"gauss|ian"', 'identity link'],
  ['a prior', '"half_normal(5)"', '"half_nor|mal(5)"', 'folded'],
  ['a prediction covariate', '{ "Feed_Speed": 3', '{ "Feed|_Speed": 3', 'active'],
  ['the data file', '"manufacturing.csv"', '"manu|facturing.csv"', '60 rows, 5 columns, 2 groups'],
])('%s', (_, from, to, expected) => {
  expect(text(specWith(from, to))).toContain(expected);
});

test('an automatic prior is shown as numbers', () => {
  expect(text(specWith('"weights": "normal(0, 5)"', '"weights": "au|to"'))).toMatch(
    /`auto` is here `normal\(0, [\d.]+\)` for `Feed_Speed`/,
  );
});

test('nothing where there is nothing to say', () => {
  expect(text(specWith('{\n', '{|\n'))).toBeNull();
});

describe('hostile names are text', () => {
  const names = ['<img src=x onerror=alert(1)>', '[x](command:evil)', '**bold** `code` $(zap)', '![i](https://evil/x.png)', '`', 'a\nb'];
  test.each(names)('%s', (name) => {
    const shown = code(name);
    const fence = /^`+/.exec(shown)![0];
    expect(shown.endsWith(fence)).toBe(true);
    expect(shown).not.toContain('\n');
    // Within the fence there is no run of as many backquotes, so nothing of the name is Markdown.
    const inside = shown.slice(fence.length, -fence.length);
    expect((inside.match(/`+/g) ?? []).every((run) => run.length !== fence.length)).toBe(true);
  });

  test('in every place of a hover', () => {
    const group = '<script>alert(1)</script>';
    const column = '[x](//evil)';
    const csv = `g,${column},y\n${group},1,2\n${group},2,3\n${group},4,1\nB,1,2\nB,3,4\nB,2,2`;
    const marked = `{ "data": "d.csv", "response": "y", "group": "g", "covariates": ["[x](//ev|il)"], "mask": { "${group}": [1], "B": [1] } }`;
    const shown = text(marked, csv)!;
    const outside = shown.replace(/`+[^`]*`+/g, '').replace(/!\[histogram\]\(data:image\/svg\+xml;base64,[\w+/=]+\)/g, '');
    expect(outside).not.toMatch(/[<>]|\]\(|command:/);
    expect(shown).toContain(`\`${column}\``);
  });

  test('pictures hold numbers only', () => {
    const shown = text(specWith('"Production_Speed"', '"Prod|uction_Speed"'))!;
    const svg = Buffer.from(/base64,([\w+/=]+)/.exec(shown)![1], 'base64').toString();
    expect(svg).toMatch(/^<svg [^>]*>(<(rect|line|text|polyline) [^<>]*\/?>([\d.e+-]*<\/text>)?)*<\/svg>$/);
  });
});
