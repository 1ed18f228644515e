import { describe, expect, it } from 'vitest';
import { withColumns } from '../../../core/spec/columns.ts';
import { parseSpec } from '../../../core/spec/parse.ts';
import { termsIn, tokensOf } from '../../../core/spec/products.ts';

const specOf = (covariates: readonly unknown[], rest: object = {}) =>
  parseSpec(JSON.stringify({ data: 'd.csv', response: 'y', covariates, ...rest }));
const columns = (covariates: readonly unknown[]) => specOf(covariates).spec!.covariates.map((c) => [c.name, c.columns]);

describe('products as the list writes them', () => {
  it.each([
    ['x', [['x']]],
    ['a:b', [['a', 'b']]],
    ['a : b', [['a', 'b']]],
    ['a:b:c', [['a', 'b', 'c']]],
    ['a*b', [['a'], ['b'], ['a', 'b']]],
    ['a * b:c', [['a'], ['b', 'c'], ['a', 'b', 'c']]],
    ['a*b*c', [['a'], ['b'], ['c'], ['a', 'b'], ['a', 'c'], ['b', 'c'], ['a', 'b', 'c']]],
    ['a*a', [['a']]],
    ['x:x', [['x', 'x']]],
    [' x', [[' x']]],
    ['a:', [['a:']]],
    ['*', [['*']]],
    ['a::b', [['a::b']]],
  ])('%s', (written, terms) => {
    expect(termsIn(written)).toEqual(terms);
  });

  it('know where their factors stand', () => {
    expect(tokensOf(' a * bc:d')).toEqual([
      { text: 'a', from: 1 },
      { text: 'bc', from: 5 },
      { text: 'd', from: 8 },
    ]);
  });
});

describe('covariates of a list with products', () => {
  it.each([
    [
      'names stand for columns',
      [{ column: 'x', name: 'speed' }, 'speed:z'],
      [
        ['speed', ['x']],
        ['speed:z', ['x', 'z']],
      ],
    ],
    [
      'a star adds what the list lacks',
      ['a', 'a*b'],
      [
        ['a', ['a']],
        ['b', ['b']],
        ['a:b', ['a', 'b']],
      ],
    ],
    [
      'a star knows a column under another name',
      ['a*b', { column: 'a', name: 'dose', transform: 'center' }],
      [
        ['b', ['b']],
        ['a:b', ['a', 'b']],
        ['dose', ['a']],
      ],
    ],
    [
      'two stars',
      ['a*b', 'a*c'],
      [
        ['a', ['a']],
        ['b', ['b']],
        ['a:b', ['a', 'b']],
        ['c', ['c']],
        ['a:c', ['a', 'c']],
      ],
    ],
  ])('%s', (_, list, expected) => {
    expect(columns(list)).toEqual(expected);
  });

  it('take mask rows with an entry for each of them, or for each item', () => {
    const mask = { A: [1, 0, 1, 1], B: [0, 1] };
    const { spec, problems } = specOf(['a*b', 'z'], { group: 'g', mask });
    expect(problems).toEqual([]);
    expect(spec!.mask).toEqual(
      new Map([
        ['A', [1, 0, 1, 1]],
        ['B', [0, 0, 0, 1]],
      ]),
    );
  });

  it.each(['a:b', 'a*b'])('are the column %s where the data have it', (name) => {
    const { spec } = specOf(['z', name], { group: 'g', mask: { A: [1, 0] } });
    const whole = withColumns(spec!, (column) => column === name);
    expect(whole.covariates.map((c) => [c.name, c.columns])).toEqual([
      ['z', ['z']],
      [name, [name]],
    ]);
    expect(whole.mask).toEqual(new Map([['A', [1, 0]]]));
    expect(withColumns(spec!, () => false)).toBe(spec);
  });

  it.each([
    ['levels of a product', { column: 'a:b', levels: ['u', 'v'] }, '"levels" cannot be given here'],
    ['the name of three', { column: 'a*b', name: 'ab' }, '"name" cannot be given here'],
    ['the transform of three', { column: 'a*b', transform: 'log' }, 'stands for 3 covariates'],
  ])('refuse %s', (_, item, message) => {
    const { problems } = specOf([item]);
    expect(problems.map((p) => p.message).join()).toContain(message);
  });
});
