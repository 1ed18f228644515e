import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Folder } from './folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

const text = (rows: number): string => `group,x,y\n${Array.from({ length: rows }, (_, i) => `g${i % 2},${i},${i * 2}\n`).join('')}`;

function write(name: string, content: string): void {
  mkdirSync(dirname(join(folder.path, 'spec', name)), { recursive: true });
  folder.write(name, content);
}

describe('M: *, ?, [ and ] are characters of names', () => {
  // Beside each stands a file that it would match as a pattern.
  it.each([
    ['a[b]c/d.csv', 'abc/d.csv'],
    ['d*e/d.csv', 'dxe/d.csv'],
    ['f?g/d.csv', 'fxg/d.csv'],
    ['{a,b}/d.csv', 'a/d.csv'],
    ['[x].csv', 'x.csv'],
    ['star*.csv', 'stars.csv'],
    ['d[.csv', 'd.csv'],
    ['**/d.csv', 'h/i/d.csv'],
    ["it's [1]/d'.csv", "it's 1/d'.csv"],
  ])('%s', async (name, other) => {
    write(name, text(6));
    write(other, text(10));
    for (const tableBytes of [undefined, 1]) {
      const p = await folder.profile(name, { tableBytes, where: 'x >= 0' });
      expect([p.faults, p.rows, p.file]).toEqual([[], 6, name]);
      expect((await folder.profile(other, { tableBytes })).rows).toBe(10);
    }
    const bad = text(4).replace('g1,1', 'g1,1,5');
    write(name, bad);
    expect((await folder.profile(name)).faults).toMatchObject([{ kind: 'ragged', line: 3, message: expect.stringContaining(name) }]);
  });

  it('of Parquet files, too', async () => {
    mkdirSync(join(folder.path, 'spec', 'p[q]'), { recursive: true });
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `COPY (SELECT 'g' AS "group", i AS x, i AS y FROM range(7) t(i)) TO '${join(folder.path, 'spec', 'p[q]', 'd*.parquet')}'`,
    );
    connection.closeSync();
    expect(await folder.profile('p[q]/d*.parquet')).toMatchObject({ faults: [], rows: 7 });
  });

  it.each<[readonly string[], number]>([
    [['n[1]/*.csv'], 6],
    [['n*2/a*.csv'], 10],
    [['n?3/a.csv'], 3],
    [['n[1]/r.csv', 'n[1]/s(*).csv'], 6],
  ])('and in patterns: %j', async (files, rows) => {
    write('n[1]/r.csv', text(4));
    write('n[1]/s(2).csv', text(2));
    write('n1/t.csv', text(50));
    write('n*2/ab.csv', text(10));
    write('n?3/a.csv', text(3));
    write('nx3/a.csv', text(60));
    const source = { kind: 'file', file: files.join(', '), files, where: null, delimiter: null } as const;
    expect(await folder.profile('', { source })).toMatchObject({ faults: [], rows });
  });
});

describe('M: an open quote is told as one, with its place', () => {
  const rest = 'a,1,2\n'.repeat(600_000);
  it.each<[string, string, number, number]>([
    ['in a row', `group,x,y\na,1,2\nb,2,"3\n${rest}`, 3, 5],
    ['in the first cell', `group,x,y\n"a,1,2\n${rest}`, 2, 1],
    ['in the header', `group,"x,y\n${rest}`, 1, 7],
    ['after a quoted line end', `group,x,y\n"a\nb",1,"2\n${rest}`, 3, 6],
    ['near the end', `group,x,y\n${'a,1,2\n'.repeat(20)}a,1,"2\na,3,4\n`, 22, 5],
    ['far down', `group,x,y\n${rest}a,"1,2\n${rest}`, 600_002, 3],
  ])('%s', async (_, content, line, column) => {
    folder.write('open.csv', content);
    const { faults } = await folder.profile('open.csv');
    expect(faults).toMatchObject([{ kind: 'unreadable', line, column, message: expect.stringContaining('opens a quote') }]);
  });

  it('a cell of one line is too long', async () => {
    folder.write('long.csv', `group,x,y\na,1,"${'x'.repeat(3e6)}"\n`);
    expect((await folder.profile('long.csv')).faults).toMatchObject([{ kind: 'too_long', line: 2 }]);
  });
});
