import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULT_CODES } from '../../core/rules/dataFault.ts';
import { Folder } from './folder.ts';

let folder: Folder;
let good: Buffer;

/** Writes the rows of a query as a Parquet file beside the spec. */
async function parquet(name: string, query: string): Promise<Buffer> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const path = join(folder.path, 'spec', name);
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return readFileSync(path);
}

beforeAll(async () => {
  folder = new Folder();
  good = await parquet(
    'good.parquet',
    `SELECT 'g' || i % 3 AS "group", i * 0.5 AS x, i AS y, 'level ' || i % 7 AS kind FROM range(2000) t(i)`,
  );
});
afterAll(() => folder.remove());

/** One sentence about the file: no control characters, no SQL, no path of this machine. */
function expectSentence(message: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is tested
  expect(message).not.toMatch(/[\u0000-\u001f\u007f]|SELECT|read_parquet|read_csv|LINE 1|Error:|exception/);
  expect(message).not.toContain(folder.path);
  expect(message).toMatch(/^[^\n]{10,500}\.$/);
}

const altered = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(good);
  change(bytes);
  return bytes;
};
const footerOf = (bytes: Buffer): number => bytes.readUInt32LE(bytes.length - 8);

describe('M6: a damaged file is told as one, whatever DuckDB makes of it', () => {
  it.each<[string, () => Uint8Array | string, RegExp]>([
    ['cut off', () => good.subarray(0, good.length >> 1), /damaged Parquet file/],
    ['cut off by one byte', () => good.subarray(0, -1), /damaged Parquet file/],
    ['its end alone', () => good.subarray(-200), /no Parquet file/],
    ['the mark alone', () => 'PAR1', /damaged Parquet file/],
    ['two marks', () => 'PAR1PAR1', /damaged Parquet file/],
    ['no byte', () => '', /is empty/],
    ['zero bytes', () => Buffer.alloc(4096), /no Parquet file/],
    ['a CSV of that name', () => 'group,x,y\na,1,2\n', /is text, not a Parquet file; .*\.csv/],
    ['encrypted', () => altered((b) => b.write('PARE', 0)), /encrypted/],
    ['a footer of impossible length', () => altered((b) => b.writeUInt32LE(0xffffff00, b.length - 8)), /damaged Parquet file/],
    ['a footer of zeros', () => altered((b) => b.fill(0, b.length - 8 - footerOf(b), b.length - 8)), /./],
    ['a footer of ones', () => altered((b) => b.fill(0xff, b.length - 8 - footerOf(b), b.length - 8)), /./],
    ['a footer whose half is gone', () => altered((b) => b.fill(0x20, b.length - 8 - (footerOf(b) >> 1), b.length - 8)), /./],
    ['columns of ones', () => altered((b) => b.fill(0xff, 4, b.length - 8 - footerOf(b))), /./],
    ['the first column damaged', () => altered((b) => b.fill(0xff, 4, 40)), /./],
  ])('%s', async (_, bytes, says) => {
    folder.write('bad.parquet', bytes());
    const { faults, rows } = await folder.profile('bad.parquet');
    expect([rows, faults.length, faults[0]?.fatal]).toEqual([0, 1, true]);
    expect(FAULT_CODES[faults[0].kind]).toMatch(/^HM10[34]$/);
    expectSentence(faults[0].message);
    expect(faults[0].message).toMatch(says);
  });

  it('wherever a byte is altered: read, or told in a sentence', { timeout: 120_000 }, async () => {
    const damage = fc.tuple(fc.integer({ min: 4, max: good.length - 9 }), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(damage, async ([at, value]) => {
        folder.write(
          'any.parquet',
          altered((b) => b.writeUInt8(value, at)),
        );
        const { faults } = await folder.profile('any.parquet');
        for (const fault of faults) expectSentence(fault.message);
      }),
      { numRuns: 150 },
    );
  });

  it.each<[string, () => Uint8Array | string, RegExp]>([
    ['Parquet', () => good, /is a Parquet file/],
    ['an Excel workbook', () => 'PK\u0003\u0004\u0014\u0000\u0006\u0000', /Excel workbook/],
    ['an old Excel workbook', () => Buffer.from('d0cf11e0a1b11ae10000', 'hex'), /old Excel workbook; |old Excel workbook, /],
    ['zstd', () => Buffer.from('28b52ffd24', 'hex'), /zstd/],
    ['SQLite', () => 'SQLite format 3\0', /SQLite/],
    ['Arrow', () => 'ARROW1\0\0', /Arrow/],
  ])('%s under the name of a CSV', async (_, bytes, says) => {
    folder.write('other.csv', bytes());
    const { faults } = await folder.profile('other.csv');
    expect(faults.map((f) => f.kind)).toEqual(['unreadable']);
    expectSentence(faults[0].message);
    expect(faults[0].message).toMatch(says);
  });

  it.each([
    ['PAR1', 'PAR1,group\n1,a\n'],
    ['PK', 'PK,group\n1,a\n'],
  ])('a CSV whose first column is named %s is a CSV', async (_, text) => {
    folder.write('named.csv', text);
    expect((await folder.profile('named.csv')).faults).toEqual([]);
  });

  it('a DuckDB file that is none', async () => {
    folder.write('bad.duckdb', Buffer.alloc(20_000, 7));
    const { faults } = await folder.profile('bad.duckdb');
    expect(faults.map((f) => f.kind)).toEqual(['unreadable']);
    expectSentence(faults[0].message);
  });

  it.each([
    ['group', `SELECT 'a' || chr(0) || 'b' AS "group", 1 AS x, 2 AS y`, 1, 1],
    ['a level', `SELECT 'g' AS "group", CASE i WHEN 3 THEN chr(0) ELSE 'u' END AS x, i AS y FROM range(5) t(i)`, 4, 2],
  ])('a zero character in %s', async (_, query, line, column) => {
    await parquet('zero.parquet', query);
    const { faults } = await folder.profile('zero.parquet');
    expect(faults).toMatchObject([{ kind: 'encoding', fatal: true, line, column }]);
    expectSentence(faults[0].message);
  });
});

const ROWS = 'group,x,y,t\na,1,2,u\nb,2,3,v(\na,3,4,w\nb,4,6,12\n';

describe('M6: a fault of "where" is told as one, with its place', () => {
  it.each([
    ['an open parenthesis', `regexp_matches(t, '(')`, '('],
    ['an open bracket', `x > 1 AND t ~ '[a'`, '[a'],
    ['nothing to repeat', `regexp_full_match(t, '*a')`, '*a'],
    ['a quote within', `regexp_matches(t, 'it''s (')`, "it's ("],
    ['look-behind', `NOT regexp_matches(t, '(?<=a)b')`, '(?<=a)b'],
    ['control characters', `regexp_matches(t, '(\u001b[31m')`, '(\u001b[31m'],
  ])('%s in a regular expression', async (_, where, part) => {
    folder.write('d.csv', ROWS);
    const { faults } = await folder.profile('d.csv', { where });
    expect(faults).toMatchObject([{ kind: 'where', part }]);
    expect(faults[0].message).toContain('is no regular expression');
  });

  it.each([
    ['a regular expression from a column', `regexp_matches('a', t)`],
    ['a cast that some row refuses', `CAST(t AS INTEGER) > 3`],
    ['an escape of two characters', `t LIKE 'a!%' ESCAPE '!!'`],
    ['a logarithm of less than 0', `ln(x - 5) > 0`],
    ['a number too large for its type', `CAST(x * 1000 AS TINYINT) > 0`],
    ['a root of less than 0', `sqrt(x - 5) > 0`],
    ['an overflow', `CAST(power(10, x * 6) AS BIGINT) > 3 OR CAST(x * 1000 AS TINYINT) > y`],
  ])('%s', async (_, where) => {
    folder.write('d.csv', ROWS);
    await parquet('d.parquet', `SELECT * FROM read_csv('${join(folder.path, 'spec', 'd.csv')}')`);
    for (const [file, tableBytes] of [['d.csv'], ['d.csv', 1], ['d.parquet'], ['d.parquet', 1]] as [string, number?][]) {
      const { faults } = await folder.profile(file, { where, tableBytes });
      expect([file, tableBytes, ...faults.map((f) => f.kind)]).toEqual([file, tableBytes, 'where']);
      expectSentence(faults[0].message);
    }
  });

  it('a fault of the data stays one of theirs under a "where"', async () => {
    folder.write('bad.csv', 'group,x,y\na,1,2\na,1\n');
    expect((await folder.profile('bad.csv', { where: 'x > 0' })).faults.map((f) => f.kind)).toEqual(['ragged']);
    folder.write(
      'bad.parquet',
      altered((b) => b.fill(0xff, 4, b.length - 8 - footerOf(b))),
    );
    expect((await folder.profile('bad.parquet', { where: 'x > 0' })).faults.map((f) => f.kind)).toEqual(['unreadable']);
  });
});

describe('M6: columns may be named like anything that this reader names', () => {
  const NAMES = [
    '#r',
    '#g',
    '#n0',
    '#t1',
    '#N2',
    '#d3',
    '#e4',
    '##r',
    '#data',
    '#means',
    'rowid',
    'file_row_number',
    'filename',
    'c0',
    'v0',
    'x0',
    'w',
    'm',
    's',
    'used',
    't',
  ];
  const header = ['group', ...NAMES].map((n) => `"${n}"`).join(',');
  const rows = Array.from({ length: 40 }, (_, r) => [`g${r % 2}`, ...NAMES.map((__, i) => (r * ((i % 10) + 1)) % 11)]);

  it('in CSV and Parquet, in memory and scanned', { timeout: 60_000 }, async () => {
    const path = folder.write('odd.csv', `${header}\n${rows.map((r) => r.join(',')).join('\n')}\n`);
    await parquet('odd.parquet', `SELECT * FROM read_csv('${path}', header = true)`);
    for (const file of ['odd.csv', 'odd.parquet']) {
      for (const tableBytes of [undefined, 1]) {
        const all = await folder.profile(file, { tableBytes, columns: NAMES });
        expect(all.faults).toEqual([]);
        expect(all.columns.map((c) => c.name)).toEqual(['group', ...NAMES]);
        for (const [i, name] of NAMES.entries()) {
          const wanted = rows.filter((r) => Number(r[i + 1]) >= 6);
          const p = await folder.profile(file, { tableBytes, where: `"${name}" >= 6`, columns: NAMES });
          expect([name, p.faults, p.rows]).toEqual([name, [], wanted.length]);
          expect(p.columns[i + 1].min).toBe(Math.min(...wanted.map((r) => Number(r[i + 1]))));
          expect(p.groups.map((g) => g.name).sort()).toEqual(['g0', 'g1']);
        }
        const both = await folder.profile(file, { tableBytes, where: `"#r" >= 6 AND "#n0" < 6 AND "##r" >= 0` });
        expect(both.rows).toBe(rows.filter((r) => Number(r[1]) >= 6 && Number(r[3]) < 6).length);
      }
    }
  });
});
