import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkPredicate } from '../../../sources/duckdb/predicate.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

const nested = (depth: number, call: (inner: string) => string): string =>
  Array.from({ length: depth }).reduce<string>((inner) => call(inner), 't');

describe('M8: texts that a predicate makes do not grow without bounds', () => {
  it.each([
    ['nested replace', nested(6, (t) => `replace(${t}, 'a', '${'a'.repeat(16)}')`)],
    ['one replace by a long text', `replace(t, 'a', '${'b'.repeat(40)}') = 'x'`],
    ['a replace by a column', `replace(t, 'a', u) = 'x'`],
    ['a replace by a computed text', `replace(t, 'a', upper('${'b'.repeat(40)}')) = 'x'`],
    ['a replace of nothing that is known', `replace(t, u, 'bbbbbbbbbbbbbbbbbbbbbbbb') = 'x'`],
    ['a replace of a sum of cells', `replace(t || t || t, 'a', 'aaaaaaaa') = 'x'`],
    ['repeat', `repeat(t, 1000000) = 'x'`],
    ['lpad and rpad', `lpad(t, 1000000000, 'x') = rpad(t, 1000000000, 'x')`],
    ['format and printf', `format('{:>1000000000}', t) = 'x' OR printf('%1000000000s', t) = 'x'`],
    ['a list', `list_contains(range(1000000000), 1)`],
    ['a chain of concat', `concat(${Array(40).fill('t').join(', ')}) = 'x'`],
    ['a chain of ||', `${Array(40).fill('t').join(' || ')} = 'x'`],
    ['inside a CASE', `CASE WHEN x > 1 THEN replace(replace(t, 'a', 'aaaaa'), 'a', 'aaaaa') ELSE t END = 'x'`],
    ['inside a comparison of a list', `list_contains([${Array(40).fill('t').join(', ')}], 'x')`],
    ['inside IN', `t IN (${nested(4, (t) => `replace(${t}, 'a', 'aaaa')`)})`],
    ['a long text of its own', `concat(t, '${'x'.repeat(9000)}', '${'y'.repeat(9000)}') = 'x'`],
  ])('%s is refused', async (_, where) => {
    const found = await checkPredicate(connection, where.includes('=') || where.includes('IN') ? where : `length(${where}) > 0`);
    expect(found).toMatchObject({ ok: false, message: expect.stringMatching(/^"where" .+\.$/) });
  });

  it.each([
    ['a comma taken out', `replace(t, ',', '') = '1'`],
    ['an entity', `replace(replace(t, '&amp;', '&'), '&', '&amp;') = 'x'`],
    ['a word for another', `replace(lower(t), 'north', 'south') LIKE 'south%'`],
    ['a few cells joined', `t || '/' || u || '/' || cast(x AS VARCHAR) = 'a/b/1'`],
    ['a long chain of conditions', Array.from({ length: 150 }, (_, i) => `x <> ${i}`).join(' AND ')],
    ['long arithmetic', `${Array.from({ length: 60 }, (_, i) => `x * ${i}`).join(' + ')} > 0`],
    ['a list of names', `t IN (${Array.from({ length: 2000 }, (_, i) => `'name ${i}'`).join(', ')})`],
  ])('%s may run', async (_, where) => {
    expect(await checkPredicate(connection, where)).toMatchObject({ ok: true });
  });

  it('a zero character is told', async () => {
    expect(await checkPredicate(connection, "t = 'a\u0000' OR 1 = 1")).toEqual({
      ok: false,
      message: expect.stringContaining('zero character'),
    });
  });
});
