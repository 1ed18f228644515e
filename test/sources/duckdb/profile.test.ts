import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnOf } from '../../../core/data/profile.ts';
import { Folder } from '../folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

const GOOD = 'group,x1,x2,y\nA,1.5,,3\nB,2,0.5,4\nA,3,,5\nB,4.25,1.5,6\n';

describe('a good file', () => {
  it('is profiled by column and group', async () => {
    folder.write('good.csv', GOOD);
    const p = await folder.profile('good.csv');
    expect(p.faults).toEqual([]);
    expect(p.rows).toBe(4);
    expect(p.groupColumn).toBe('group');
    expect(p.columns.map((c) => [c.name, c.kind])).toEqual([
      ['group', 'text'],
      ['x1', 'number'],
      ['x2', 'number'],
      ['y', 'number'],
    ]);
    expect(columnOf(p, 'group')).toMatchObject({ levels: ['A', 'B'], distinct: 2, texts: 4 });
    const x1 = columnOf(p, 'x1');
    expect(x1).toMatchObject({ count: 4, empty: 0, min: 1.5, max: 4.25, mean: 2.6875, integer: false, distinct: 4 });
    expect(x1?.sd).toBeCloseTo(1.2140669, 6);
    expect(x1?.firstFraction).toEqual({ row: 0, line: 2, column: 3, text: '1.5' });
    expect(x1?.maxPlace).toEqual({ row: 3, line: 5, column: 3, text: '4.25' });
    expect(x1?.histogram?.counts.reduce((a, b) => a + b)).toBe(4);
    expect(columnOf(p, 'y')).toMatchObject({ integer: true, firstFraction: null });
    expect(p.groups.map((g) => [g.name, g.rows, g.firstRow])).toEqual([
      ['A', 2, 0],
      ['B', 2, 1],
    ]);
    expect(p.groups[0].columns[2]).toMatchObject({ count: 0, empty: 2, firstEmpty: { row: 0, line: 2, column: 7, text: '' } });
    expect(p.groups[1].columns[2]).toMatchObject({ count: 2, empty: 0, mean: 1, firstEmpty: null });
  });

  it.each([
    ['CRLF', GOOD.replaceAll('\n', '\r\n')],
    ['CR alone', GOOD.replaceAll('\n', '\r')],
    ['no last line end', GOOD.trimEnd()],
    ['mixed line ends', GOOD.replace('\n', '\r\n')],
    ['mixed line ends, the other way', GOOD.replace(/\n$/, '\r\n')],
    ['a byte order mark', `\ufeff${GOOD}`],
    ['blank lines', GOOD.replaceAll('\n', '\n\n')],
    ['quoted numbers', GOOD.replaceAll('1.5', '"1.5"')],
    ['spaces around numbers', GOOD.replaceAll(',4', ', 4')],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${GOOD}`, 'utf16le')],
    ['UTF-16 of the other order', Buffer.from(`\ufeff${GOOD}`, 'utf16le').swap16()],
    ['a line sep=,', `sep=,\n${GOOD}`],
    ['semicolons', GOOD.replaceAll(',', ';')],
    ['lines of blanks at the end', `${GOOD}\n   \n\t \n`],
    ['lines of blanks between', GOOD.replaceAll('\n', '\n  \n')],
    ['blank lines before the header', `\n  \n${GOOD}`],
    ['named empties', GOOD.replace(',,', ',NA,').replace(',,', ',nan,')],
  ] as [string, string | Buffer][])('reads the same with %s', async (_, text) => {
    folder.write('plain.csv', GOOD);
    folder.write('variant.csv', text);
    const [a, b] = [await folder.profile('plain.csv'), await folder.profile('variant.csv')];
    expect(b.faults).toEqual([]);
    const numbers = (p: typeof a) => [
      p.groups.map((g) => [g.name, g.rows, g.columns.map((c) => [c.count, c.empty, c.mean, c.sd])]),
      p.columns.map((c) => c.distinct),
    ];
    expect(numbers(b)).toEqual(numbers(a));
  });

  it.each([
    ['a.tsv', GOOD.replaceAll(',', '\t'), null],
    ['semicolons.csv', GOOD.replaceAll(',', ';'), null],
    ['bars.csv', GOOD.replaceAll(',', '#'), '#'],
    ['packed.csv.gz', gzipSync(GOOD), null],
    ["it's.csv", GOOD, null],
    ['data[1].csv', GOOD, null],
  ])('reads %s', async (name, content, delimiter) => {
    folder.write(name, content);
    const p = await folder.profile(name, delimiter === null ? {} : { delimiter });
    expect(p.faults).toEqual([]);
    expect(p.groups[1].columns[2].mean).toBe(1);
    expect(p.groups[0].columns[2].firstEmpty).toMatchObject({ line: 2, column: 7 });
  });

  it('is scanned alike when it is too large for memory', async () => {
    folder.write('good.csv', GOOD);
    const [a, b] = [await folder.profile('good.csv'), await folder.profile('good.csv', { tableBytes: 1 })];
    expect(b.groups).toEqual(a.groups);
    const shape = (p: typeof a) => p.columns.map((c) => ({ ...c, minPlace: null, maxPlace: null }));
    expect(shape(b)).toEqual(shape(a));
    const c = await folder.profile('good.csv', { tableBytes: 1, columns: ['x1', 'y'] });
    expect(c.columns.map((x) => x.kind)).toEqual(['unread', 'number', 'unread', 'number']);
  });

  it('has one group when there is no group column', async () => {
    folder.write('good.csv', GOOD);
    const p = await folder.profile('good.csv', { group: null });
    expect(p.groups.map((g) => [g.name, g.rows])).toEqual([['all', 4]]);
    expect((await folder.profile('good.csv', { group: 'site' })).groupColumn).toBeNull();
  });

  it('tells correlations within groups', async () => {
    folder.write('line.csv', 'group,a,b,c\nA,1,2,1\nA,2,4,5\nA,3,6,2\nB,1,1,7\nB,2,0,7\nB,4,-2,7\n');
    const p = await folder.profile('line.csv', { columns: ['a', 'b', 'c'] });
    expect(p.correlated).toEqual([1, 2, 3]);
    expect(p.groups[0].correlations[0]).toBeCloseTo(1, 12);
    expect(p.groups[1].correlations[0]).toBeCloseTo(-1, 12);
    expect(p.groups[1].correlations[1]).toBeNaN();
    expect(p.groups[0].correlations[1]).toBeCloseTo(0.2401922, 6);
  });
});

describe('names and cells', () => {
  it('keeps groups apart by their exact text', async () => {
    folder.write('g.csv', 'group,y\n10,1\n2,2\n1,3\n01,4\n1.0,5\n1e0,6\nNA,7\n A,8\nA,9\n"x,""q""\nz",10\nZürich 東京🏭,11\n');
    const p = await folder.profile('g.csv');
    expect(p.groups.map((g) => g.name)).toEqual(['10', '2', '1', '01', '1.0', '1e0', 'NA', ' A', 'A', 'x,"q"\nz', 'Zürich 東京🏭']);
    expect(p.emptyGroups).toBe(0);
  });

  it('keeps columns apart that differ in case, or are named like nothing else', async () => {
    folder.write('h.csv', 'group,X1,x1,"a ""b"", c",__proto__,c0\nA,1,2,3,4,5\nB,2,3,4,5,6\n');
    const p = await folder.profile('h.csv');
    expect(p.columns.map((c) => [c.name, c.mean])).toEqual([
      ['group', Number.NaN],
      ['X1', 1.5],
      ['x1', 2.5],
      ['a "b", c', 3.5],
      ['__proto__', 4.5],
      ['c0', 5.5],
    ]);
  });

  it('counts blank groups and says where the first is', async () => {
    folder.write('b.csv', 'y,group\n1,A\n2,\n3,"  "\n4,B\n');
    const p = await folder.profile('b.csv');
    expect(p.groups.map((g) => g.name)).toEqual(['A', 'B']);
    expect([p.emptyGroups, p.firstEmptyGroup]).toEqual([2, { row: 1, line: 3, column: 3, text: '' }]);
  });

  it.each([
    ['12abc', 'text'],
    ['1,000', 'text'],
    ['0x1F', 'text'],
    ['1 2', 'text'],
    ['-', 'text'],
    ['inf', 'infinite'],
    ['-Infinity', 'infinite'],
    ['1e999', 'infinite'],
    ['NA', 'empty'],
    ['n/a', 'empty'],
    ['NaN', 'empty'],
    ['NULL', 'empty'],
    [' na ', 'empty'],
    ['  ', 'empty'],
    ['1e-3', 'number'],
    ['.5', 'number'],
    ['+7.', 'number'],
  ])('takes %j for %s', async (cell, kind) => {
    folder.write('cell.csv', `group,x,y\nA,1,1\nB,"${cell}",2\n`);
    for (const tableBytes of [undefined, 1]) {
      const c = columnOf(await folder.profile('cell.csv', { tableBytes }), 'x');
      expect([c?.count, c?.empty, c?.texts, c?.infinite]).toEqual([
        kind === 'number' ? 2 : 1,
        +(kind === 'empty'),
        +(kind === 'text'),
        +(kind === 'infinite'),
      ]);
      const place = { row: 1, line: 3, column: 3, text: cell };
      if (kind === 'text') expect([c?.firstText, c?.kind]).toEqual([place, 'mixed']);
      if (kind === 'infinite') expect([c?.firstInfinite, c?.kind]).toEqual([place, 'mixed']);
      if (kind === 'empty') expect([c?.firstEmpty, c?.kind]).toEqual([place, 'number']);
    }
  });

  it('finds a text cell far down, past the head of the file, on its line', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `g${i % 3},${i},${i}`);
    rows[50_000] = '"g\n9",1,1';
    rows[59_000] = 'g0,NA,oops';
    folder.write('far.csv', `group,x,y\n${rows.join('\n')}\n`);
    const p = await folder.profile('far.csv');
    expect(p.rows).toBe(60_000);
    expect(columnOf(p, 'y')?.firstText).toEqual({ row: 59_000, line: 59_003, column: 7, text: 'oops' });
    expect(columnOf(p, 'x')?.firstEmpty).toEqual({ row: 59_000, line: 59_003, column: 4, text: 'NA' });
    expect(p.groups.map((g) => g.name)).toEqual(['g0', 'g1', 'g2', 'g\n9']);
  });

  it('has finite moments for values near the largest double', async () => {
    folder.write('huge.csv', 'group,x,y\nA,1e308,1\nA,1.5e308,2\nB,-1e308,3\nB,1e308,4\n');
    const x = columnOf(await folder.profile('huge.csv'), 'x');
    expect(x?.max).toBe(1.5e308);
    expect(Number.isFinite(x?.mean)).toBe(true);
    expect(x?.sd).toBeCloseTo(1.1086779e308, -303);
  });
});

describe('faults', () => {
  it.each([
    ['header only', 'group,x,y\n', 'header_only', 1],
    ['an empty file', '', 'empty', null],
    ['blank lines alone', '\n \n', 'empty', null],
    ['a duplicate header', 'group,x,x\nA,1,2\n', 'duplicate_header', 1],
    ['a short row', 'group,x,y\nA,1,2\nB,1\n', 'ragged', 3],
    ['a long row', 'group,x,y\nA,1,2\n"B\nb",1,3\nB,1,3,4,5\n', 'ragged', 5],
    ['an open quote', 'group,x,y\nA,1,2\n"B,1,3\n', 'unreadable', 3],
    ['text after a quote', 'group,x,y\nA,1,2\n"B"b,1,3\n', 'unreadable', 3],
    ['UTF-16 without', Buffer.from(GOOD, 'utf16le'), 'encoding', 1],
    ['Latin-1 groups', Buffer.from('group,y\nZ\xfcrich,1\nZ\xf6rich,2\n', 'latin1'), 'encoding', 2],
    ['a Latin-1 header', Buffer.from('gr\xfcppe,y\nA,1\n', 'latin1'), 'encoding', 1],
    ['Latin-1 far down', Buffer.from(`group,y\n${'A,1\n'.repeat(90_000)}Z\xf6,2\n`, 'latin1'), 'encoding', 90_002],
    ['a cell of 20 MB', `group,y\nA,${'1'.repeat(20e6)}\nB,2\n`, 'too_long', 2],
    ['an endless header', 'x'.repeat(5e6), 'too_long', 1],
  ])('%s', async (_, content, kind, line) => {
    folder.write('bad.csv', content as string);
    for (const tableBytes of [undefined, 1]) {
      const p = await folder.profile('bad.csv', { tableBytes });
      expect(p.faults.map((f) => [f.kind, f.line, f.fatal])).toEqual([[kind, line, true]]);
      expect(p.faults[0].message).toContain('bad.csv');
      expect(p.faults[0].message).not.toMatch(/\n|DuckDB|read_csv/);
    }
  });

  it.each([
    ['missing.csv', 'missing'],
    ['../neighbour.csv', 'outside'],
    ['../../../../../../../../etc/hostname', 'outside'],
    ['/etc/hostname', 'outside'],
    ['http://127.0.0.1:9/data.csv', 'outside'],
    ['s3://bucket/data.csv', 'outside'],
    ['link.csv', 'outside'],
    ['linked/neighbour.csv', 'outside'],
    ['sub', 'not_a_file'],
    ['.', 'not_a_file'],
    ['pipe.csv', 'not_a_file'],
    ['a\0b', 'missing'],
    ['dangling.csv', 'missing'],
  ])('%s is %s', async (file, kind) => {
    const at = (name: string) => join(folder.path, 'spec', name);
    if (!made) {
      made = true;
      writeFileSync(join(folder.path, 'neighbour.csv'), GOOD);
      symlinkSync(join(folder.path, 'neighbour.csv'), at('link.csv'));
      symlinkSync(folder.path, at('linked'));
      symlinkSync('nowhere.csv', at('dangling.csv'));
      mkdirSync(at('sub'));
      execFileSync('mkfifo', [at('pipe.csv')]);
    }
    const p = await folder.profile(file);
    expect(p.faults.map((f) => f.kind)).toEqual([kind]);
    expect(p.columns).toEqual([]);
  });
  let made = false;

  it('names the data files beside the spec when one is missing', async () => {
    folder.write('good.csv', GOOD);
    const [fault] = (await folder.profile('god.csv')).faults;
    expect(fault.suggestions).toContain('good.csv');
    expect(fault.suggestions).not.toContain('sub');
  });

  it('reads an absolute path inside the workspace, and beside the spec below another root', async () => {
    const path = folder.write('good.csv', GOOD);
    expect((await folder.profile(path)).faults).toEqual([]);
    writeFileSync(join(folder.path, 'above.csv'), GOOD);
    expect((await folder.profile('../above.csv', { roots: [folder.path] })).faults).toEqual([]);
  });

  it('refuses as many groups as rows', async () => {
    folder.write('ids.csv', `group,y\n${Array.from({ length: 20_001 }, (_, i) => `id${i},1`).join('\n')}\n`);
    const [fault] = (await folder.profile('ids.csv')).faults;
    expect([fault.kind, fault.message]).toEqual(['unsupported', expect.stringContaining('20,000')]);
  });

  it('says that Trino is not read', async () => {
    const source = { kind: 'trino', server: 'http://x', catalog: 'c', schema: 's', table: 't', user: 'u', where: null } as const;
    expect((await folder.profile('', { source })).faults[0]).toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('Trino'),
    });
  });
});

describe('where', () => {
  beforeAll(() => folder.write('w.csv', 'group,year,X 1,y,note\nA,2019,1,1,a\nB,2020,2,2,b\nA,2021,3,3,\nC,2022,4,4,NA\n'));

  it.each([
    ['year >= 2020', ['B', 'A', 'C']],
    [`"group" IN ('A', 'B') AND year < 2021`, ['A', 'B']],
    ['"x 1" BETWEEN 2 AND 3', ['B', 'A']],
    [`note IS NOT NULL`, ['A', 'B']],
    [`lower("group") LIKE 'a%' -- the first`, ['A']],
    ['NOT (y = 1) AND y / 2 > 1', ['A', 'C']],
    ['CASE WHEN y > 2 THEN true ELSE false END', ['A', 'C']],
  ])('%s', async (where, groups) => {
    for (const tableBytes of [undefined, 1]) {
      const p = await folder.profile('w.csv', { where, tableBytes });
      expect(p.faults).toEqual([]);
      expect(p.groups.map((g) => g.name)).toEqual(groups);
    }
  });

  it('keeps places those of the file', async () => {
    const p = await folder.profile('w.csv', { where: 'year > 2020' });
    expect(columnOf(p, 'note')?.firstEmpty).toMatchObject({ row: 2, line: 4, column: 12 });
  });

  it.each([
    ['year >', 'where'],
    ['', 'where'],
    ['yaer > 2020', 'where'],
    ['year > (SELECT 1)', 'where'],
    ["EXISTS (SELECT 1 FROM read_csv('/etc/passwd'))", 'where'],
    ['1 = 1; DROP TABLE x', 'where'],
    ['y > 1) OR (1 = 1', 'where'],
    ['y > 1) GROUP BY (y', 'where'],
    ['y > 1 ORDER BY y', 'where'],
    ['y > 1 LIMIT 1', 'where'],
    ['y > 1 UNION SELECT 2', 'where'],
    ['count(*) > 1', 'where'],
    ['random() < 0.5', 'where'],
    [`getenv('HOME') = 'x'`, 'where'],
    [`current_setting('threads') = 1`, 'where'],
    ['row_number() OVER () > 1', 'where'],
    ['(SELECT y) > 1', 'where'],
    ['y > ?', 'where'],
    [`note > 3`, 'where'],
    ['#1 = 1', 'where'],
    ['y > 100', 'where_empty'],
  ])('%s is refused', async (where, kind) => {
    for (const tableBytes of [undefined, 1]) {
      const p = await folder.profile('w.csv', { where, tableBytes });
      expect(p.faults.map((f) => [f.kind, f.message.split('\n').length])).toEqual([[kind, 1]]);
    }
  });
});

describe('too many groups', () => {
  it('are refused also where they begin late in a large file', async () => {
    const rows = Array.from({ length: 20_100 * 3 }, (_, i) => `g${Math.floor(i / 3)},${i % 7}`);
    folder.write('late.csv', `group,y\n${rows.join('\n')}\n`);
    const { faults } = await folder.profile('late.csv', { tableBytes: 1000 });
    expect(faults).toMatchObject([{ kind: 'unsupported', message: expect.stringContaining('more than 20,000 different values') }]);
  });
});

describe('the sample of a large file', () => {
  it('tells distinct values, fractions and the histogram', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${'AB'[i % 2]},${i % 2 === 0 ? '' : i % 5},${i / 4}`);
    folder.write('sampled.csv', `group,x,y\n${rows.join('\n')}\n`);
    const { columns, groups } = await folder.profile('sampled.csv', { tableBytes: 1000 });
    expect(columns[1]).toMatchObject({ count: 15_000, empty: 15_000, integer: true, distinct: 5 });
    expect(columns[2]).toMatchObject({ min: 0, max: 29_999 / 4, integer: false });
    const sampled = columns[2].histogram?.counts.reduce((a, b) => a + b, 0) ?? 0;
    expect(sampled).toBe(columns[2].distinct);
    expect(sampled).toBeGreaterThanOrEqual(10_000);
    expect(groups.map((g) => [g.name, g.columns[1].count])).toEqual([
      ['A', 0],
      ['B', 15_000],
    ]);
  });
});
