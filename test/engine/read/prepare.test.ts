import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Preparer } from '../../../engine/read/prepare.ts';
import { Folder } from '../../sources/folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

describe('a name with a colon', () => {
  const rows = Array.from({ length: 12 }, (_, i) => [`g${i % 2}`, i % 5, (i * i) % 7, 10 + ((3 * i) % 11), i + ((7 * i) % 3)]);
  it.each([
    ['is a product where the data have no such column', ['g', 'a', 'b', 'c', 'y'], ['a', 'b']],
    ['is the column of that name where they have it', ['g', 'a', 'b', 'a:b', 'y'], ['a:b']],
    ['is that column also where its parts are none', ['g', 'a', 'x', 'a:b', 'y'], ['a:b']],
  ])('%s', async (_, header, factors) => {
    folder.write('d.csv', [header, ...rows].map((r) => `${r.join(',')}\n`).join(''));
    const text = JSON.stringify({ data: 'd.csv', response: 'y', group: 'g', covariates: ['a:b'] });
    const prepared = await new Preparer().prepare({ path: folder.specPath, text, roots: [] }, {});
    if (!('design' in prepared)) throw new Error(JSON.stringify(prepared));
    expect(prepared.design.terms.map((t) => t.factors.map((f) => f.column))).toEqual([[], factors]);
    const [, slope] = prepared.data.rows.x;
    const at = (name: string) => header.indexOf(name);
    expect([...slope]).toEqual(rows.map((r) => factors.reduce((product, f) => product * Number(r[at(f)]), 1)));
  });
});

describe('D20: what only the rows tell is told by the check, and by a fit', () => {
  const flat = { intercept: 'flat()', weights: 'flat()' };
  const binomial = { response: { column: 'y', trials: 'n' }, family: 'binomial' };
  const separated = 'x,y\n1,0\n2,0\n3,0\n4,1\n5,1\n6,1\n';
  it.each<[string, object, string, readonly string[]]>([
    ['separation under flat priors', { family: 'bernoulli', priors: flat }, separated, ['error HM504 1:1 is separated by']],
    ['the same under proper ones', { family: 'bernoulli' }, separated, []],
    [
      'two columns alike',
      { covariates: ['x', 'z'], priors: flat },
      'x,z,y\n1,2,3\n2,4,1\n3,6,2\n4,8,2\n5,10,4\n',
      ['error HM504 1:1 cannot tell'],
    ],
    ['7 of 5', binomial, 'x,n,y\n1,9,3\n2,5,7\n3,9,1\n', ['error HM209 3:5 larger than the number of trials, 5']],
    ['7 of 5 after 0 of 0', binomial, 'x,n,y\n1,0,0\n2,5,7\n3,9,1\n', ['error HM209 3:5 larger', 'error HM212 2:3 greater than 0']],
    ['7 of 5 and half a trial', binomial, 'x,n,y\n1,9.5,0\n2,5,7\n3,9,1\n', ['error HM212 2:3 whole numbers']],
    ['counts within their trials', binomial, 'x,n,y\n1,9,3\n2,5,5\n3,9,0\n', []],
  ])('%s', async (_, rest, csv, expected) => {
    folder.write('d.csv', csv);
    const source = { path: folder.specPath, text: JSON.stringify({ data: 'd.csv', response: 'y', covariates: ['x'], ...rest }), roots: [] };
    const { problems } = await new Preparer().check(source);
    const told = problems
      .filter((p) => p.severity === 'error')
      .map((p) => `${p.severity} ${p.code} ${p.data?.line ?? 1}:${p.data?.column ?? 1} ${p.message}`);
    expect(told.length, told.join('\n')).toBe(expected.length);
    expected.forEach((e) => {
      const [head, place, ...words] = [e.split(' ').slice(0, 2).join(' '), ...e.split(' ').slice(2)];
      expect(
        told.find((t) => t.startsWith(`${head} ${place} `) && t.includes(words.join(' '))),
        told.join('\n'),
      ).toBeDefined();
    });
    const prepared = await new Preparer().prepare(source, {});
    expect('design' in prepared).toBe(expected.length === 0);
  });
});
