import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Preparer } from '../../engine/prepare.ts';
import { Folder } from '../sources/folder.ts';

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
