import { describe, expect, test } from 'vitest';
import type { MarkupContent } from 'vscode-languageserver/node';
import type { FitReport } from '../../../core/posterior/report.ts';
import { hashText } from '../../../protocol/server.ts';
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

describe('after a fit', () => {
  const csv = 'g,k,x,z,y\nA,u,1,2,3\nA,v,2,1,4\nA,u,4,5,5\nA,v,5,4,4\nB,u,3,1,2\nB,v,1,2,5\nB,v,4,4,1';
  const spec = `{ "data": { "file": "d.csv", "where": "x > 0" }, "response": "y", "group": "g", "covariates": ["x", "k", "x:z"], "mask": { "A": [1, 1, 1] }, "predictions": [{ "group": "A", "at": { "x": 3, "z": 2, "k[v]": 1 } }], "priors": { "weights": "normal(0, 9)", "intercept": "normal(0, 9)" }, "sampler": { "seed": 42 } }`;
  const numbers = {
    sd: 0.1,
    median: 1,
    lower: 0,
    upper: 2,
    q5: 0,
    q95: 2,
    mcse_mean: 0.1,
    mcse_sd: 0.1,
    ess_bulk: 900,
    ess_tail: 800,
    r_hat: 1,
  };
  const names = ['alpha[A]', 'w[x, A]', 'w[k[v], A]', 'w[x:z, A]'];
  const report = {
    interval: { kind: 'hdi', prob: 0.8 },
    parameters: names.map((name, i) => ({ name, masked: false, mean: 10 + i, ...numbers })),
    predictions: [],
  } as unknown as FitReport;
  const hovered = (from: string, plus = 1, specHash = hashText(spec)) => {
    const at = spec.indexOf(from) + plus;
    const { context, offset } = contextOf(`${spec.slice(0, at)}|${spec.slice(at)}`, csv, { uri: '', report, specHash, densities: [] });
    return (hover(context, offset)?.contents as MarkupContent | undefined)?.value ?? '';
  };

  test.each([
    ['a product has its posterior and its column', '"x:z"', 1, ['w[x:z, A]', '`x`']],
    ['a mask cell of text has its indicators', '1, 1, 1]', 3, ['4 cells of text', 'w[k[v], A]']],
    ['an indicator in a prediction', '"k[v]"', 1, ['w[k[v], A]']],
    ['a column of a product in a prediction', '"z": 2', 1, ['`z`', 'mean']],
    ['the prior of the weights', '"normal(0, 9)"', 1, ['80 % HDI', 'w[x, A]', 'w[x:z, A]']],
    ['the prior of the intercept', '"intercept": "n', 15, ['alpha[A]']],
    ['a column in a condition', 'x > 0', 0, ['`x`', 'mean']],
    ['a number of a key', '42', 1, ['same draws']],
  ])('%s', (_, from, plus, expected) => {
    for (const part of expected) expect(hovered(from, plus)).toContain(part);
  });

  test.each(['"x:z"', '1, 1, 1]', '"k[v]"', '"A": [', '"normal(0, 9)"'])('stale results are marked at %s, once', (from) => {
    const plus = from.startsWith('1') ? 3 : 1;
    expect(hovered(from, plus)).not.toContain('changed since this fit');
    expect(hovered(from, plus, 'another').split('changed since this fit').length).toBe(2);
  });

  test('a column of text has no means by group', () => {
    expect(hovered('"k", ')).toContain('| group | rows | empty |\n');
  });
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
  const names = [
    '<img src=x onerror=alert(1)>',
    '[x](command:evil)',
    '**bold** `code` $(zap)',
    '![i](https://evil/x.png)',
    '`',
    'a\nb',
    'a\u202eb',
  ];
  test.each(names)('%s', (name) => {
    const shown = code(name);
    const fence = /^`+/.exec(shown)![0];
    expect(shown.endsWith(fence)).toBe(true);
    expect(shown).not.toMatch(/[\n\u202e]/);
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
