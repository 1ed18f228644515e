import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../built.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hmask-init-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const table = (header: string, row: (i: number) => string, n = 60): string =>
  `${header}\n${Array.from({ length: n }, (_, i) => row(i)).join('\n')}\n`;
const wave = (i: number, k = 1): string => (10 * Math.sin(1.3 * i * k + k)).toFixed(3);

describe('hmask init', () => {
  it.each<[string, string, { response: string; group?: string; covariates: string[]; pooling?: string }]>([
    [
      'D4: R’s write.csv',
      table('"","lab","x","y"', (i) => `"${i + 1}","${'abc'[i % 3]}",${wave(i)},${wave(i, 3)}`),
      { response: 'y', group: 'lab', covariates: ['x'] },
    ],
    [
      'D4: pandas’ to_csv',
      table(',lab,x,y', (i) => `${i},${'abcdef'[i % 6]},${wave(i)},${wave(i, 3)}`),
      { response: 'y', group: 'lab', covariates: ['x'], pooling: 'partial' },
    ],
    [
      'D4: two indices',
      table(',,x,y', (i) => `${Math.floor(i / 10)},${i % 10},${wave(i)},${wave(i, 3)}`),
      { response: 'y', covariates: ['x'] },
    ],
    [
      'D19: a numeric id as the group',
      table('Reaction,Days,Subject', (i) => `${250 + Number(wave(i))},${i % 10},${300 + Math.floor(i / 10)}`),
      { response: 'Reaction', group: 'Subject', covariates: ['Days'], pooling: 'partial' },
    ],
    [
      'D19: dates, notes, constants',
      table('when,note,k,x,value', (i) => `2021-03-${String((i % 28) + 1).padStart(2, '0')},note ${i},7,${wave(i)},${wave(i, 3)}`),
      { response: 'value', covariates: ['x'] },
    ],
    [
      'D6: a text column whose level a group lacks',
      table(
        'lab,k,x,y',
        (i) =>
          `${'ab'[i % 2]},${i % 2 === 0 ? ['lo', 'mid', 'hi'][Math.floor(i / 2) % 3] : ['lo', 'mid'][Math.floor(i / 2) % 2]},${wave(i)},${wave(i, 3)}`,
      ),
      { response: 'y', group: 'lab', covariates: ['x'] },
    ],
    [
      'D4: headers that need quotes',
      table('"a ""b""","c, d",y', (i) => `${wave(i)},${wave(i, 2)},${wave(i, 3)}`),
      { response: 'y', covariates: ['a "b"', 'c, d'] },
    ],
  ])('%s', async (name, csv, expected) => {
    const file = `${name.replace(/\W+/g, '_')}.csv`;
    await writeFile(join(folder, file), csv);
    const { code, stdout } = await runCli(['init', file], { cwd: folder });
    expect(code).toBe(0);
    const spec = JSON.parse(readFileSync(join(folder, file.replace('.csv', '.hmask.json')), 'utf8'));
    const { response, group, covariates, pooling } = spec;
    expect({ response, group, covariates, pooling }).toEqual({ group: undefined, pooling: undefined, ...expected });
    expect(stdout).toContain(`response ${expected.response}: `);
    if (name.includes('D4: R') || name.includes('pandas')) expect(stdout).toContain('left out a column without a name: it has no name');
    if (name.includes('dates'))
      expect(stdout).toMatch(
        /left out "when": it holds dates[\s\S]*left out "note": it has 60 different texts[\s\S]*left out "k": it is the same/,
      );
    const checked = await runCli(['check', file.replace('.csv', '.hmask.json')], { cwd: folder });
    expect([checked.code, checked.stdout]).toEqual([0, 'No problems.\n']);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['ragged', 'a,b\n1,2\n1,2,3\n4,5\n', 'error HM106 '],
    ['latin', Buffer.from('a,b\nZ\xfcrich,2\nBern,3\n', 'latin1'), 'error HM103 '],
    ['twice', 'a,a\n1,2\n3,4\n', 'error HM105 '],
    ['header', 'a,b\n', 'error HM104 '],
  ])('D9: a file that is %s is told with its own code', async (name, content, said) => {
    await writeFile(join(folder, `${name}.csv`), content);
    const { code, stderr } = await runCli(['init', `${name}.csv`], { cwd: folder });
    expect([code, stderr]).toEqual([1, expect.stringContaining(said)]);
    expect(existsSync(join(folder, `${name}.hmask.json`))).toBe(false);
  });

  it('D9: one that is not there, too', async () => {
    const { code, stderr } = await runCli(['init', 'none.csv'], { cwd: folder });
    expect([code, stderr]).toEqual([1, expect.stringContaining('error HM101 ')]);
  });

  it('writes nothing for a response that cannot be one', async () => {
    await writeFile(
      join(folder, 'text.csv'),
      table('a,x', (i) => `t${i % 3},${wave(i)}`),
    );
    const { code, stderr } = await runCli(['init', 'text.csv', '--response', 'a'], { cwd: folder });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/error HM207 [\s\S]*nothing was written/)]);
    expect(existsSync(join(folder, 'text.hmask.json'))).toBe(false);
  });
});

it('D9: predict ends with 1 where a group cannot be predicted, and for a file that is not there', async () => {
  await writeFile(
    join(folder, 'p.csv'),
    table('g,x,y', (i) => `${'ab'[i % 2]},${wave(i)},${wave(i, 3)}`),
  );
  await writeFile(
    join(folder, 'p.hmask.json'),
    JSON.stringify({ data: 'p.csv', response: 'y', group: 'g', covariates: ['x'], sampler: { warmup: 100, draws: 100 } }),
  );
  await writeFile(join(folder, 'new.csv'), 'g,x\na,1\nzz,1\n');
  await writeFile(join(folder, 'known.csv'), 'g,x\na,1\n');
  const run = (file: string) => runCli(['predict', 'p.hmask.json', '--new', file], { cwd: folder });
  expect((await run('known.csv')).code).toBe(0);
  const unknown = await run('new.csv');
  expect([unknown.code, unknown.stdout]).toEqual([1, expect.stringContaining('zz')]);
  const none = await run('none.csv');
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('error HM101 ')]);
});
