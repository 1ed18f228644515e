import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Folder } from '../folder.ts';

let folder: Folder;
beforeAll(async () => {
  folder = new Folder();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = `(1, 1.5::DOUBLE, 2::DECIMAL(8, 2), 'u', true, 10), (2, NULL, 3, 'v', false, 20), (1, 'nan'::DOUBLE, 4, NULL, true, 30), (2, 4.5, 5, 'u', true, 40)`;
  await connection.run(
    `COPY (SELECT * FROM (VALUES ${rows}) t(site, x, d, kind, flag, y)) TO '${join(folder.path, 'spec', 'd.parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
});
afterAll(() => folder.remove());

it('is profiled like a CSV, its rows counted from 1', async () => {
  const p = await folder.profile('d.parquet', { group: 'site' });
  expect(p.faults).toEqual([]);
  expect(p.groups.map((g) => [g.name, g.rows])).toEqual([
    ['1', 2],
    ['2', 2],
  ]);
  expect(p.columns.map((c) => [c.name, c.kind, c.count, c.empty])).toEqual([
    ['site', 'number', 4, 0],
    ['x', 'number', 2, 2],
    ['d', 'number', 4, 0],
    ['kind', 'text', 0, 1],
    ['flag', 'number', 4, 0],
    ['y', 'number', 4, 0],
  ]);
  expect(p.columns[1].firstEmpty).toMatchObject({ row: 1, line: 2, column: 2 });
  expect((await folder.profile('d.parquet', { group: 'site', where: `kind = 'u' AND y > 10` })).rows).toBe(1);
});

it('is read like a CSV', async () => {
  const spec = { data: 'd.parquet', response: 'y', group: 'site', covariates: ['x', 'flag', 'kind'], missing: 'drop', intercept: false };
  const { rows, counts } = await folder.load(spec);
  expect(counts).toEqual({ read: 4, used: 2, dropped: 2 });
  expect(rows.x.map((x) => [...x])).toEqual([
    [1.5, 4.5],
    [1, 1],
    [0, 0],
  ]);
  expect([...rows.group]).toEqual([0, 1]);
});

it('is refused when it is none', async () => {
  folder.write('not.parquet', 'group,x\nA,1\n');
  const [fault] = (await folder.profile('not.parquet')).faults;
  expect(fault.kind).toBe('unreadable');
  expect(fault.message).not.toContain('\n');
});
