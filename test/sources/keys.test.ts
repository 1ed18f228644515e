/** Each key of `data` that says how cells are written: what is read with it, and what is said without it. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { check } from '../../core/rules/check.ts';
import { parseSpec } from '../../core/spec/parse.ts';
import { profileData } from '../../sources/duckdb/index.ts';
import { Folder } from './folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

type Files = Readonly<Record<string, string | Buffer>>;

/** What UTF-16 and Windows-1252 make of a text. */
const wide = (text: string, mark = ''): Buffer => Buffer.from(mark + text, 'utf16le');
const big = (text: string): Buffer => wide(text).swap16();
const western = (text: string): Buffer => Buffer.from(text, 'latin1');

function write(files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, 'spec', name)), { recursive: true });
    folder.write(name, content);
  }
}

const specOf = (data: unknown): string => JSON.stringify({ data, response: 'y', group: 'g', covariates: ['x'] });

/** The problems of a spec with its data as they are. */
async function problemsOf(text: string) {
  const { spec } = parseSpec(text);
  const profile =
    spec === null ? null : await profileData({ specPath: folder.specPath, source: spec.data, group: spec.group, roots: [folder.path] });
  return check(text, profile).problems.filter((p) => p.severity === 'error');
}

/** Six rows of two groups, of which enough to be fitted: g, x, y. */
const ROWS: readonly (readonly [string, number, number])[] = [
  ['A', 1234.5, 0.25],
  ['A', 2, -7.5],
  ['A', 3.75, 1000],
  ['B', 4, 12345.5],
  ['B', 5.5, 6],
  ['B', 1000000.25, 7],
];
const X = ROWS.map((r) => r[1]);
const Y = ROWS.map((r) => r[2]);
const comma = (n: number): string => String(n).replace('.', ',');
const parted = (n: number, point: string, mark: string): string => {
  const [whole, rest] = String(Math.abs(n)).split('.');
  return `${n < 0 ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, mark)}${rest === undefined ? '' : point + rest}`;
};
const table = (write: (n: number) => string, d = ';', eol = '\n'): string =>
  [['g', 'x', 'y'].join(d), ...ROWS.map(([g, x, y]) => [g, write(x), write(y)].join(d)), ''].join(eol);
const plain = table(String, ',');

describe('D11: files as people have them are read by the key that says how they are written', () => {
  it.each<[string, Files, object]>([
    ['decimal commas', { 'd.csv': table(comma) }, { decimal: ',' }],
    ['decimal commas below sep=;', { 'd.csv': `sep=;\r\n${table(comma, ';', '\r\n')}` }, { decimal: ',' }],
    ['decimal commas in quotes between commas', { 'd.csv': table((n) => `"${comma(n)}"`, ',') }, { decimal: ',' }],
    ['decimal commas between tabs', { 'd.csv': table(comma, '\t') }, { decimal: ',' }],
    ['thousands with dots', { 'd.csv': table((n) => parted(n, ',', '.')) }, { decimal: ',', thousands: '.' }],
    ['thousands with commas', { 'd.csv': table((n) => parted(n, '.', ',')) }, { thousands: ',' }],
    ['thousands with commas in quotes', { 'd.csv': table((n) => `"${parted(n, '.', ',')}"`, ',') }, { thousands: ',' }],
    ['thousands with blanks', { 'd.csv': table((n) => parted(n, ',', ' ')) }, { decimal: ',', thousands: ' ' }],
    ['thousands with no-break spaces', { 'd.csv': table((n) => parted(n, ',', '\u202f')) }, { decimal: ',', thousands: ' ' }],
    ['thousands with apostrophes', { 'd.csv': table((n) => parted(n, '.', "'")) }, { thousands: "'" }],
    ['a head of comments', { 'd.csv': `# logger v2\n# units: cm, g\n\n${plain}` }, { comment: '#' }],
    [
      'comments between and behind rows',
      { 'd.csv': plain.replace('A,2,', '# again\nA,2,').replace('\nB,4', ' # so, so\nB,4') },
      { comment: '#' },
    ],
    ['comments of another mark', { 'd.csv': `% one\n${plain}` }, { comment: '%' }],
    ['a title of one cell', { 'd.csv': `Report of 2024\n${plain}` }, { skip: 1 }],
    ['title rows of a spreadsheet', { 'd.csv': `Report,,\n,,\n${plain}` }, { skip: 2 }],
    ['a title with a quote', { 'd.csv': `Report "4\n${plain}` }, { skip: 1 }],
    ['skip nothing', { 'd.csv': plain }, { skip: 0 }],
    ['UTF-16 without a mark', { 'd.csv': wide(plain) }, { encoding: 'utf-16' }],
    ['UTF-16, big end first', { 'd.csv': big(plain) }, { encoding: 'utf-16' }],
    ['UTF-16 with a mark', { 'd.csv': wide(plain, '\ufeff') }, {}],
    ['UTF-8 with a mark', { 'd.csv': `\ufeff${plain}` }, { encoding: 'utf-8' }],
    [
      'two files',
      { 'a.csv': table(String, ',').split('\n').slice(0, 3).join('\n'), 'b.csv': ['g,x,y', ...plain.split('\n').slice(3)].join('\n') },
      { file: undefined, files: ['a.csv', 'b.csv'] },
    ],
    [
      'a pattern, with other orders of columns and delimiters',
      {
        'runs/1.csv': plain.split('\n').slice(0, 3).join('\n'),
        'runs/2.csv': `y;g;x\n${ROWS.slice(2)
          .map(([g, x, y]) => `${y};${g};${x}`)
          .join('\n')}\n`,
      },
      { file: undefined, files: 'runs/*.csv' },
    ],
    [
      'a pattern over folders, gzip among them',
      {
        'deep/a/1.csv': plain.split('\n').slice(0, 3).join('\n'),
        'deep/b/2.csv.gz': gzipSync(['g,x,y', ...plain.split('\n').slice(3)].join('\n')),
      },
      { file: undefined, files: 'deep/**/*.csv*' },
    ],
    ['a pattern with brackets in its names', { 'odd/[1]{a,b}(2)-1.csv': plain }, { file: undefined, files: 'odd/[1]{a,b}(2)-?.csv' }],
    [
      'everything at once',
      {
        'd.csv': western(
          `Bericht\n% Gerät\n${table((n) => parted(n, ',', '.'))
            .replace('A;2;', 'A;2;')
            .replaceAll('\n', '\r\n')}`,
        ),
      },
      { skip: 1, comment: '%', encoding: 'windows-1252', decimal: ',', thousands: '.', delimiter: ';' },
    ],
  ])('%s', async (_, files, keys) => {
    write(files);
    const data = { file: 'd.csv', ...keys };
    expect(await problemsOf(specOf(data))).toEqual([]);
    for (const tableBytes of [undefined, 1]) {
      const { rows } = await folder.load({ data, response: 'y', group: 'g', covariates: ['x'] }, { tableBytes });
      expect([...rows.y]).toEqual(Y);
      expect([...rows.x.at(-1)!]).toEqual(X);
    }
  });

  it('windows-1252: names and groups are what they were written as', async () => {
    write({ 'w.csv': western('gr\xf6\xdfe,x,y\nZ\xfcrich,1,2\nGen\xe8ve \x80,2,3\n') });
    const p = await folder.profile('w.csv', {
      group: 'größe',
      source: { kind: 'file', file: 'w.csv', where: null, delimiter: null, reader: readerOf({ encoding: 'windows-1252' }) },
    });
    expect(p.groups.map((g) => g.name)).toEqual(['Zürich', 'Genève €']);
  });
});

const readerOf = (keys: object) => {
  const data = parseSpec(specOf({ file: 'd.csv', ...keys })).spec?.data;
  return data?.kind === 'file' ? data.reader : undefined;
};

describe('na', () => {
  const rows = 'g,x,y\nA,1,2\nA,NA,3\nA,-,4\nA,missing,5\nA,-99.0,6\nA,,7\nA,8,9\n';
  it.each<[object, readonly (number | null)[] | 'text']>([
    [{}, 'text'],
    [{ na: ['NA', '-', 'missing', '-99'] }, [1, null, null, null, null, null, 8]],
    [{ na: ['NA', '-', 'missing'] }, [1, null, null, null, -99, null, 8]],
    [{ na: ['-', 'missing'] }, 'text'],
    [{ na: ['na', '-', 'missing'] }, 'text'],
  ])('%j', async (keys, cells) => {
    write({ 'd.csv': rows });
    const text = JSON.stringify({ data: { file: 'd.csv', ...keys }, response: 'y', group: 'g', covariates: ['x'], missing: 'drop' });
    const problems = await problemsOf(text);
    if (cells === 'text') expect(problems.map((p) => p.code)).toEqual(['HM204']);
    else {
      expect(problems).toEqual([]);
      const { rows } = await folder.load(JSON.parse(text));
      expect([...rows.x.at(-1)!]).toEqual(cells.filter((c) => c !== null));
    }
  });
});

describe('dates', () => {
  it.each<[string, readonly string[], string, readonly number[]]>([
    ['ISO dates in days', ['2024-02-28', '2024-03-01', '2024-02-27'], 'days', [0, 2, -1]],
    ['dates with dots, day first', ['31.12.2023', '1.1.2024', '05.01.2024'], 'days', [0, 1, 5]],
    ['times in hours', ['2024-02-28 12:00:00', '2024-02-28T13:30', '2024-02-27 12:00:00.000'], 'hours', [0, 1.5, -24]],
    ['times of zones in seconds', ['2024-02-28 12:00:00+01:00', '2024-02-28 11:00:01Z', '2024-02-28T11:00:02+00'], 'seconds', [0, 1, 2]],
    ['times with dots in days', ['28.02.2024 12:00', '29.02.2024 00:00', '28.02.2024 18:00:00'], 'days', [0, 0.5, 0.25]],
    [
      'zones however written, in hours',
      ['2024-02-28 12:00 +0130', '2024-02-28T10:30Z', '2024-02-28 05:30:00-05', '2024-02-28 12:00'],
      'hours',
      [0, 0, 0, 1.5],
    ],
    ['before 1970', ['1969-12-31', '1970-01-02', '1900-01-01'], 'days', [0, 2, -25566]],
  ])('%s', async (_, cells, unit, values) => {
    write({ 'd.csv': `g,x,y\n${cells.map((c, i) => `A,${c},${i}`).join('\n')}\n` });
    const data = { file: 'd.csv', dates: { x: unit } };
    expect(await problemsOf(specOf(data))).toEqual([]);
    for (const tableBytes of [undefined, 1]) {
      const { rows } = await folder.load({ data, response: 'y', group: 'g', covariates: ['x'] }, { tableBytes });
      expect([...rows.x.at(-1)!]).toEqual(values);
    }
  });

  it('time starts at the first value of the file, whatever "where" leaves out, and empty cells are passed over', async () => {
    write({ 'd.csv': 'g,x,y\nA,,0\nA,2024-01-01,1\nA,2024-01-03,2\nA,2024-01-05,3\n' });
    const data = { file: 'd.csv', dates: { x: 'days' }, where: 'y >= 2' };
    const { rows } = await folder.load({ data, response: 'y', group: 'g', covariates: ['x'] });
    expect([...rows.x.at(-1)!]).toEqual([2, 4]);
  });

  it.each<[string, string, object, string, string]>([
    [
      'a cell that is no date',
      'A,2024-01-01,1\nA,soon,2\n',
      { x: 'days' },
      'HM204',
      'has 1 cell (the first is "soon" in line 3) that "dates" cannot read',
    ],
    ['a day that no month has', 'A,2024-01-01,1\nA,2024-02-30,2\n', { x: 'days' }, 'HM204', '"2024-02-30" in line 3'],
    ['month first', 'A,01/31/2024,1\nA,02/28/2024,2\n', { x: 'days' }, 'HM204', 'it reads 2024-01-31'],
    [
      'a column that is not there',
      'A,2024-01-01,1\nA,2024-01-02,2\n',
      { x: 'days', xx: 'days' },
      'HM201',
      'The data have no column "xx", which "dates" names.',
    ],
    ['the group', 'A,2024-01-01,1\nA,2024-01-02,2\n', { x: 'days', g: 'days' }, 'HM204', 'is the group'],
  ])('%s is told', async (_, rows, dates, code, says) => {
    write({ 'd.csv': `g,x,y\n${rows}` });
    const [problem, ...others] = await problemsOf(specOf({ file: 'd.csv', dates }));
    expect(others).toEqual([]);
    expect([problem.code, problem.message]).toEqual([code, expect.stringContaining(says)]);
  });
});

describe('D11: what cannot be read names the key, and the fix that writes it mends the spec', () => {
  const units = table(String, ',').replace('B,4,', 'B,4 cm,');
  it.each<[string, Files, unknown, RegExp, string | null]>([
    [
      'decimal commas',
      { 'd.csv': table(comma) },
      'd.csv',
      /write "decimal": "," in "data" to read them as numbers/,
      '{ "file": "d.csv", "decimal": "," }',
    ],
    [
      'sep=; and decimal commas',
      { 'd.csv': `sep=;\n${table(comma)}` },
      'd.csv',
      /write "decimal": ","/,
      '{ "file": "d.csv", "decimal": "," }',
    ],
    ['decimal commas, in the object form', { 'd.csv': table(comma) }, { file: 'd.csv', where: 'y > 0' }, /./, null],
    [
      'dots part thousands',
      { 'd.csv': table((n) => parted(n, ',', '.')) },
      'd.csv',
      /write "decimal": ",", "thousands": "\." in "data"/,
      '{ "file": "d.csv", "decimal": ",", "thousands": "." }',
    ],
    [
      'commas part thousands',
      { 'd.csv': table((n) => parted(n, '.', ',')) },
      'd.csv',
      /write "thousands": "," in "data"/,
      '{ "file": "d.csv", "thousands": "," }',
    ],
    [
      'blanks part thousands',
      { 'd.csv': table((n) => parted(n, '.', ' ')) },
      'd.csv',
      /write "thousands": " " in "data"/,
      '{ "file": "d.csv", "thousands": " " }',
    ],
    [
      'decimal points under "decimal": ","',
      { 'd.csv': table((n) => n.toFixed(2)) },
      { file: 'd.csv', decimal: ',' },
      /write "decimal": "\." in "data"/,
      '{"file":"d.csv","decimal":"."}',
    ],
    [
      'numbers with three decimals only',
      { 'd.csv': 'g;x;y\nA;1;1,234\nA;2;5,678\n' },
      'd.csv',
      /write "decimal": "," or "thousands": "," in "data", whichever it is/,
      '{ "file": "d.csv", "decimal": "," }',
    ],
    [
      'a dash',
      { 'd.csv': 'g,x,y\nA,1,1\nA,-,5\nA,2,3\n' },
      'd.csv',
      /write "na": \["NA", "N\/A", "NaN", "null", "-"\] in "data" if they stand for empty cells/,
      '{ "file": "d.csv", "na": ["NA", "N/A", "NaN", "null", "-"] }',
    ],
    [
      'another spelling beside those of "na"',
      { 'd.csv': 'g,x,y\nA,1,1\nA,missing,5\nA,2,3\n' },
      { file: 'd.csv', na: ['-'] },
      /write "na": \["-", "missing"\] in "data"/,
      '{"file":"d.csv","na":["-", "missing"]}',
    ],
    [
      'decimal commas and a dash',
      { 'd.csv': 'g;x;y\nA;1,5;1\nA;-;5\nA;2,25;3\n' },
      'd.csv',
      /write "decimal": ",", "na": \["NA", "N\/A", "NaN", "null", "-"\]/,
      null,
    ],
    [
      'comments behind numbers',
      { 'd.csv': 'g,x,y\nA,1,1 # odd\nA,3,5\nA,2,3\n' },
      'd.csv',
      /write "comment": "#" in "data" if a comment starts there/,
      '{ "file": "d.csv", "comment": "#" }',
    ],
    [
      'a head of comments',
      { 'd.csv': `# logger v2\n# units: cm\n${plain}` },
      'd.csv',
      /lines that start with "#" look like comments: write "comment": "#"/,
      '{ "file": "d.csv", "comment": "#" }',
    ],
    [
      'a head of one comment with as many cells',
      { 'd.csv': `# logger, v2, 2024\n${plain}` },
      'd.csv',
      /write "comment": "#"/,
      '{ "file": "d.csv", "comment": "#" }',
    ],
    [
      'a comment far down',
      { 'd.csv': `g,x,y\n${'A,1,2\n'.repeat(40_000)}# sensor changed\nA,2,3\nA,5,6\n` },
      'd.csv',
      /Line 40002 .*look like comments: write "comment": "#"/,
      '{ "file": "d.csv", "comment": "#" }',
    ],
    [
      'a title',
      { 'd.csv': `Report of 2024\n${plain}` },
      'd.csv',
      /header seems to stand elsewhere: write "skip": 1/,
      '{ "file": "d.csv", "skip": 1 }',
    ],
    [
      'title rows of a spreadsheet',
      { 'd.csv': `Report,,\n,,\n${plain}` },
      'd.csv',
      /header seem(s)? to stand elsewhere: write "skip": \d/,
      null,
    ],
    [
      'a title over decimal commas',
      { 'd.csv': `Bericht 2024;;\n${table(String)}` },
      'd.csv',
      /write "skip": 1/,
      '{ "file": "d.csv", "skip": 1 }',
    ],
    [
      'bytes of Windows-1252',
      { 'd.csv': western(plain.replaceAll('A,', 'Z\xfcrich,')) },
      'd.csv',
      /is not UTF-8; write "encoding": "windows-1252" in "data"/,
      '{ "file": "d.csv", "encoding": "windows-1252" }',
    ],
    [
      'bytes of Windows-1252 far down',
      { 'd.csv': western(`g,x,y\n${'A,1,2\n'.repeat(40_000)}Z\xfcrich,3,4\nA,5,6\n`) },
      'd.csv',
      /Line 40002 .*"encoding": "windows-1252"/,
      null,
    ],
    [
      'UTF-16 without a mark',
      { 'd.csv': wide(plain) },
      'd.csv',
      /looks like UTF-16: write "encoding": "utf-16"/,
      '{ "file": "d.csv", "encoding": "utf-16" }',
    ],
    [
      'UTF-16, big end first',
      { 'd.csv': big(plain) },
      { file: 'd.csv' },
      /looks like UTF-16: write "encoding": "utf-16"/,
      '{"file":"d.csv", "encoding": "utf-16"}',
    ],
    [
      'dates in the response',
      { 'd.csv': 'g,x,y\nA,1,2024-01-01\nA,2,2024-01-03\nA,3,2024-01-04\n' },
      'd.csv',
      /write "dates": { "y": "days" } in "data"/,
      '{ "file": "d.csv", "dates": { "y": "days" } }',
    ],
    ['a wrong delimiter', { 'd.csv': table(comma) }, { file: 'd.csv', delimiter: ',', decimal: ',' }, /leave "delimiter" out/, null],
    ['a pattern in "file"', { 'runs/9.csv': plain }, 'runs/9*.csv', /Patterns are written as "files"/, '{ "files": "runs/9*.csv" }'],
    ['units', { 'd.csv': units }, 'd.csv', /correct the data, or give the covariate "levels"/, null],
  ])('%s', async (_, files, data, says, fixed) => {
    write(files);
    let text = specOf(data);
    const problems = await problemsOf(text);
    expect(problems[0]?.message).toMatch(says);
    if (fixed === null) return;
    const fix = problems[0].fixes![0];
    text = [...fix.edits].sort((a, b) => b.start - a.start).reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);
    expect(text).toBe(specOf('DATA').replace('"DATA"', () => fixed));
    expect((await problemsOf(text)).filter((p) => p.code !== 'HM406')).toEqual([]);
  });

  it.each(['1,2', '1 2 3', 'x;y', '1.2.3', '2020/1', '12:30', '5 %', '€ 5', '1,23,45'])('no key is named for %j', async (cell) => {
    write({ 'd.csv': `g\tx\ty\nA\t1.5\t1\nA\t${cell}\t2\nA\t2.5\t2\n` });
    const [problem] = await problemsOf(specOf('d.csv'));
    expect([problem.code, problem.message]).toEqual(['HM204', expect.stringContaining('correct the data')]);
  });
});

describe('files', () => {
  const errors = async (data: object) => (await problemsOf(specOf(data))).map((p) => ({ code: p.code, message: p.message, data: p.data }));
  beforeEach(() => write({ 'many/a.csv': 'g,x,y\nA,1,2\nA,2,3\nA,4,9\n' }));

  it.each<[string, Files, object]>([
    [
      'another header',
      { 'many/b.csv': 'g,z,y\nA,1,2\n' },
      { code: 'HM201', message: expect.stringContaining('"many/b.csv" has no column "x", which "many/a.csv" has') },
    ],
    [
      'a column too many',
      { 'many/b.csv': 'g,x,y,z\nA,1,2,3\n' },
      { code: 'HM201', message: expect.stringContaining('"many/b.csv" has a column "z", which is not in "many/a.csv"') },
    ],
    ['a ragged row', { 'many/b.csv': 'g,x,y\nA,1,2\nA,1\n' }, { code: 'HM106', data: { file: 'many/b.csv', line: 3, column: 3 } }],
    [
      'text among numbers',
      { 'many/b.csv': 'g,x,y\nA,1,2\nA,oops,2\n' },
      {
        code: 'HM204',
        message: expect.stringContaining('"oops" in line 3 of "many/b.csv"'),
        data: { file: 'many/b.csv', line: 3, column: 3 },
      },
    ],
    ['an empty response', { 'many/b.csv': 'g,x,y\nA,1,2\nA,4,\n' }, { code: 'HM208', data: { file: 'many/b.csv', line: 3, column: 5 } }],
    ['an empty cell', { 'many/b.csv': 'g,x,y\nA,,2\nA,4,5\n' }, { code: 'HM406', data: { file: 'many/b.csv', line: 2, column: 3 } }],
    ['an infinite cell', { 'many/b.csv': 'g,x,y\nA,inf,2\nA,4,5\n' }, { code: 'HM205', data: { file: 'many/b.csv', line: 2, column: 3 } }],
    ['an empty file', { 'many/b.csv': '' }, { code: 'HM104' }],
    [
      'bytes that are no text',
      { 'many/b.csv': western('g,x,y\nZ\xfcrich,1,2\n') },
      { code: 'HM103', data: { file: 'many/b.csv', line: 2, column: 2 } },
    ],
  ])('%s is told with its file', async (_, files, expected) => {
    write(files);
    expect((await errors({ files: 'many/*.csv' }))[0]).toMatchObject(expected);
    expect((await errors({ files: ['many/a.csv', 'many/b.csv'] }))[0]).toMatchObject(expected);
  });

  it('one that is missing is told at its place in the list', async () => {
    const text = specOf({ files: ['many/a.csv', 'many/nope.csv'] });
    const [problem] = await problemsOf(text);
    expect([problem.code, text.slice(problem.range.start, problem.range.end)]).toEqual(['HM101', '"many/nope.csv"']);
  });

  it.each([
    [{ files: 'none/*.csv' }, 'HM101'],
    [{ files: '../*.csv' }, 'HM102'],
    [{ files: '../../*/*.csv' }, 'HM102'],
    [{ files: '/etc/*' }, 'HM102'],
    [{ files: 'many/*/../../../*.csv' }, 'HM102'],
    [{ files: ['many/a.csv', '../../x.csv'] }, 'HM102'],
    [{ files: ['https://example.org/a.csv'] }, 'HM102'],
    [{ files: '*/{..,many}/{..,x}/*.csv' }, 'HM101'],
    [{ files: ['many/a.csv', 'mixed.parquet'] }, 'HM103'],
  ])('%j is refused', async (data, code) => {
    writeFileSync(join(folder.path, 'outside.csv'), plain);
    write({ 'mixed.parquet': 'PAR1' });
    const text = specOf(data);
    const { spec } = parseSpec(text);
    const profile = await profileData({ specPath: folder.specPath, source: spec!.data, group: 'g', roots: [join(folder.path, 'spec')] });
    expect(check(text, profile).problems.map((p) => p.code)).toContain(code);
  });

  it('a pattern follows no link out of the folder', async () => {
    mkdirSync(join(folder.path, 'elsewhere'), { recursive: true });
    writeFileSync(join(folder.path, 'elsewhere', 'secret.csv'), 'g,x,y\nS,1,2\n');
    mkdirSync(join(folder.path, 'spec', 'linked'), { recursive: true });
    write({ 'linked/a.csv': plain });
    symlinkSync(join(folder.path, 'elsewhere'), join(folder.path, 'spec', 'linked', 'out'));
    symlinkSync(join(folder.path, 'elsewhere', 'secret.csv'), join(folder.path, 'spec', 'linked', 'b.csv'));
    for (const files of ['linked/*.csv', 'linked/**/*.csv', 'linked/*/*.csv', 'linked/out/*.csv']) {
      const source = { kind: 'file', file: files, files: [files], where: null, delimiter: null } as const;
      const p = await profileData({ specPath: folder.specPath, source, group: 'g', roots: [join(folder.path, 'spec')] });
      expect(p.groups.map((g) => g.name)).not.toContain('S');
    }
  });
});

describe('table', () => {
  it('the only table is read, one of several must be named, and the file is as it was', async () => {
    const path = join(folder.path, 'spec', 'lab.duckdb');
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(`CREATE TABLE runs AS SELECT * FROM (VALUES ('A', 1, 2.5), ('A', 2, 3.5), ('B', 4, 1)) t(g, x, y)`);
    connection.closeSync();
    instance.closeSync();
    const data = (keys: object) => ({ file: 'lab.duckdb', ...keys });
    const load = async (keys: object) => [
      ...(await folder.load({ data: data(keys), response: 'y', group: 'g', covariates: ['x'] })).rows.y,
    ];
    expect(await load({})).toEqual([2.5, 3.5, 1]);
    const again = await DuckDBInstance.create(path);
    const second = await again.connect();
    await second.run(
      `CREATE TABLE "other ""one""" AS SELECT g, x, CASE WHEN y = 1 THEN '-' ELSE replace(y::VARCHAR, '.', ',') END AS y FROM runs`,
    );
    second.closeSync();
    again.closeSync();
    const [problem] = await problemsOf(specOf(data({})));
    expect(problem.message).toBe(
      '"lab.duckdb" is a DuckDB file; say with "table" which of its tables to read. It has "other \\"one\\"", "runs".',
    );
    expect(problem.fixes!.map((f) => f.title)).toEqual(['Write "table": "other \\"one\\"" in "data"', 'Write "table": "runs" in "data"']);
    expect(await load({ table: 'runs' })).toEqual([2.5, 3.5, 1]);
    const [near] = await problemsOf(specOf(data({ table: 'run' })));
    expect(near.message).toContain('"lab.duckdb" has no table "run". Did you mean "runs"?');
    const text = {
      data: data({ table: 'other "one"', decimal: ',', na: ['-'] }),
      response: 'y',
      group: 'g',
      covariates: ['x'],
      missing: 'drop',
    };
    expect([...(await folder.load(text)).rows.y]).toEqual([2.5, 3.5]);
  });
});
