/** The keys of `data` on the command line: a fit, a check and a prediction read as the spec says. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../built.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hmask-keys-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ROWS = Array.from({ length: 24 }, (_, i): [string, number, number] => {
  const x = Math.round(1000 * Math.sin(1.7 * i)) / 100;
  return [['Süd', 'Nord'][i % 2], x, Math.round(100 * (3 + 2 * x + Math.cos(5 * i))) / 100];
});
const comma = (n: number): string => String(n).replace('.', ',');
const table = (write: (n: number) => string, d: string, rows = ROWS): string =>
  [['site', 'x', 'y'].join(d), ...rows.map(([g, x, y]) => [g, write(x), write(y)].join(d)), ''].join('\n');
const NEW: [string, number, number][] = [
  ['Süd', 1.5, 0],
  ['Nord', -2.25, 0],
];
const SAMPLER = { chains: 2, warmup: 100, draws: 200, seed: 7 };

async function write(name: string, files: Readonly<Record<string, string | Buffer>>, data: unknown): Promise<void> {
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
  const spec = { data, response: 'y', group: 'site', covariates: ['x'], sampler: SAMPLER };
  await writeFile(join(folder, `${name}.hmask.json`), JSON.stringify(spec));
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runCli([...args, '--json'], { cwd: folder });
  expect([code, stderr.replaceAll(/^.*warning.*\n/gm, '')]).toEqual([0, '']);
  return JSON.parse(stdout);
}

type Case = readonly [name: string, data: string | Buffer, keys: object, fresh: string | Buffer, said: RegExp];
const western = (text: string): Buffer => Buffer.from(text, 'latin1');

const CASES: readonly Case[] = [
  [
    'decimal',
    `sep=;\r\n${table(comma, ';').replaceAll('\n', '\r\n')}`,
    { decimal: ',' },
    table(comma, ';', NEW),
    /^decimal\.csv:4:.* error HM207 The response "y" must be numbers: .*; write "decimal": "," in "data"/m,
  ],
  [
    'comment',
    `# exported by logger v2\n# units: cm\n${table(String, ',')}`,
    { comment: '#' },
    `# today\n${table(String, ',', NEW)}`,
    /^comment\.csv:3:\d+: error HM106 .*write "comment": "#" in "data"/m,
  ],
  [
    'skip',
    `Report of 2024\n\n${table(String, ',')}`,
    { skip: 2 },
    `Rows to come\n\n${table(String, ',', NEW)}`,
    /error HM106 .*write "skip": 1 in "data"/m,
  ],
  [
    'encoding',
    western(table(String, ',')),
    { encoding: 'windows-1252' },
    western(table(String, ',', NEW)),
    /^encoding\.csv:2:.* error HM103 .*write "encoding": "windows-1252" in "data"/m,
  ],
  [
    'utf16',
    Buffer.from(table(String, '\t'), 'utf16le'),
    { encoding: 'utf-16' },
    Buffer.from(table(String, '\t', NEW), 'utf16le'),
    /error HM103 .*write "encoding": "utf-16" in "data"/m,
  ],
  [
    'thousands',
    table((n) => `"${comma(n)}"`, ',').replace('Süd', 'Süd'),
    { decimal: ',', thousands: '.' },
    table((n) => `"${comma(n)}"`, ',', NEW),
    /write "decimal": "," in "data"/m,
  ],
  ['delimiter', table(String, ':'), { delimiter: ':' }, table(String, ':', NEW), /error HM201 The data have no column/m],
];

describe('D8, D11: fit, check and predict --new read as the spec says', () => {
  let fitted: Record<string, unknown>;
  let predicted: Record<string, unknown>;
  beforeAll(async () => {
    await write('plain', { 'plain.csv': table(String, ','), 'plain-new.csv': table(String, ',', NEW) }, 'plain.csv');
    fitted = await json('fit', 'plain.hmask.json');
    predicted = await json('predict', 'plain.hmask.json', '--new', 'plain-new.csv');
  });

  it.each(CASES)('%s', async (name, data, keys, fresh, said) => {
    await write(name, { [`${name}.csv`]: data, [`${name}-new.csv`]: fresh }, `${name}.csv`);
    const without = await runCli(['check', `${name}.hmask.json`], { cwd: folder });
    expect([without.code, without.stderr]).toEqual([1, expect.stringMatching(said)]);
    expect((await runCli(['fit', `${name}.hmask.json`], { cwd: folder })).code).toBe(1);

    await write(name, {}, { file: `${name}.csv`, ...keys });
    const checked = await runCli(['check', `${name}.hmask.json`], { cwd: folder });
    expect([checked.code, checked.stdout]).toEqual([0, 'No problems.\n']);
    const { parameters, rows } = await json('fit', `${name}.hmask.json`);
    expect({ parameters, rows }).toEqual({ parameters: fitted.parameters, rows: fitted.rows });
    const { rows: predictions } = await json('predict', `${name}.hmask.json`, '--new', `${name}-new.csv`);
    expect(predictions).toEqual(predicted.rows);
  });

  it('files: the fit is that of the one file, and a fault of a row is told with its own', async () => {
    const lines = table(String, ',').trimEnd().split('\n');
    const parts = { 'part-1.csv': [...lines.slice(0, 10), ''].join('\n'), 'part-2.csv': [lines[0], ...lines.slice(10), ''].join('\n') };
    await write('files', parts, { files: 'part-*.csv' });
    expect((await json('fit', 'files.hmask.json')).parameters).toEqual(fitted.parameters);
    const { rows } = await json('predict', 'files.hmask.json', '--new', 'plain-new.csv');
    expect(rows).toEqual(predicted.rows);
    await writeFile(join(folder, 'part-2.csv'), `${parts['part-2.csv']}Nord,oops,1\n`);
    const { code, stderr } = await runCli(['check', 'files.hmask.json'], { cwd: folder });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^part-2\.csv:17:6: error HM204 .*"oops" in line 17 of "part-2\.csv"/m)]);
  });

  it('dates: new rows count from the first value of the data that were fitted', async () => {
    const day = (n: number) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10);
    const german = (n: number) => day(n).split('-').reverse().join('.');
    const rows = ROWS.map(([g, x], i): [string, number, number] => [g, i % 7, Math.round(100 * (i + x / 10)) / 100]);
    const next: [string, number, number][] = [
      ['Süd', 9, 0],
      ['Nord', 3, 0],
    ];
    await write('days', { 'days.csv': table(String, ',', rows), 'days-new.csv': table(String, ',', next) }, 'days.csv');
    const dated = (all: typeof rows, text: (n: number) => string) =>
      table(String, ';', all)
        .split('\n')
        .map((l, i) => (i === 0 || l === '' ? l : l.replace(/;[^;]*;/, `;${text(all[i - 1][1])};`)))
        .join('\n');
    await write(
      'dates',
      { 'dates.csv': dated(rows, day), 'dates-new.csv': dated(next, german) },
      { file: 'dates.csv', dates: { x: 'days' } },
    );
    const plain = await json('fit', 'days.hmask.json');
    expect((await json('fit', 'dates.hmask.json')).parameters).toEqual(plain.parameters);
    const numbers = await json('predict', 'days.hmask.json', '--new', 'days-new.csv');
    expect((await json('predict', 'dates.hmask.json', '--new', 'dates-new.csv')).rows).toEqual(numbers.rows);
  });

  it('na: an empty cell of a new row is told, whatever it is spelt like', async () => {
    const rows = `${table(String, ',')}Nord,-,3\n`;
    await writeFile(join(folder, 'na.csv'), rows);
    const spec = {
      data: { file: 'na.csv', na: ['-', '-99'] },
      response: 'y',
      group: 'site',
      covariates: ['x'],
      missing: 'drop',
      sampler: SAMPLER,
    };
    await writeFile(join(folder, 'na.hmask.json'), JSON.stringify(spec));
    await writeFile(join(folder, 'na-new.csv'), 'site,x\nNord,1\nNord,-99\nNord,-\n');
    const { code, stderr } = await runCli(['predict', 'na.hmask.json', '--new', 'na-new.csv', '--json'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^na-new\.csv:3:6: error HM120 .*\n?na-new\.csv:4:6: error HM120 /m);
  });
});

describe('D11: hmask init writes the keys that a file needs', () => {
  const plain = table(String, ',');
  it.each<[string, string | Buffer, object | null]>([
    ['comma', table(comma, ';'), { decimal: ',' }],
    ['sep', `sep=;\n${table(comma, ';')}`, { decimal: ',' }],
    ['head', `# logger\n# cm\n${plain}`, { comment: '#' }],
    ['title', `Report of 2024\n${plain}`, { skip: 1 }],
    ['blank-titles', `Report,,\n,,\n${plain}`, { skip: 2 }],
    ['wide', Buffer.from(plain, 'utf16le'), { encoding: 'utf-16' }],
    ['dash', `${plain}Nord,-,2\n`, { na: ['NA', 'N/A', 'NaN', 'null', '-'] }],
    ['all', `Bericht 2024\n${table(comma, ';')}Nord;-;2\n`, { skip: 1, decimal: ',', na: ['NA', 'N/A', 'NaN', 'null', '-'] }],
    ['none', plain, null],
    ['semicolon', table(String, ';'), null],
  ])('%s', async (name, content, keys) => {
    await writeFile(join(folder, `init-${name}.csv`), content);
    const { code, stdout } = await runCli(['init', `init-${name}.csv`], { cwd: folder });
    expect(code).toBe(0);
    const spec = JSON.parse(await readFile(join(folder, `init-${name}.hmask.json`), 'utf8'));
    expect(spec).toMatchObject({ response: 'y', group: 'site', covariates: ['x'] });
    expect(spec.data).toEqual(keys === null ? `init-${name}.csv` : { file: `init-${name}.csv`, ...keys });
    for (const key of Object.keys(keys ?? {})) expect(stdout).toMatch(new RegExp(`^  data: .*"${key}": `, 'm'));
    const checked = await runCli(['check', `init-${name}.hmask.json`], { cwd: folder });
    expect([checked.code, checked.stderr.replaceAll(/^.* (info|hint) .*\n/gm, '')]).toEqual([0, '']);
  });
});
