import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root, runCli } from '../built.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hmask-printed-'));
  await writeFile(join(folder, 'hostile.csv'), csv([RESPONSE, GROUP, COVARIATE]));
  await writeFile(join(folder, 'twice.csv'), csv([RESPONSE, GROUP, GROUP]));
  await writeFile(join(folder, 'hostile.hmask.json'), JSON.stringify(spec({})));
  await writeFile(join(folder, 'unknown.hmask.json'), JSON.stringify(spec({ covariates: [`${COVARIATE}?`] })));
  await writeFile(join(folder, 'where.hmask.json'), JSON.stringify(spec({ data: { file: 'hostile.csv', where: `"${GROUP}?" = 1` } })));
  await writeFile(join(folder, 'broken.hmask.json'), `{ "data\u001b[2J": ${EVIL} }`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const EVIL = '\u001b[31mRED\u001b]0;PWNED\u0007\u009b2J\u202egnp.\u2066\u200f\u0085';
const RESPONSE = `y${EVIL}`;
const GROUP = `g${EVIL}`;
const COVARIATE = `x${EVIL}`;

function csv(header: readonly string[]): string {
  const rows = Array.from({ length: 24 }, (_, i) => `${2 * i + (i % 3)},${i % 2 ? 'a' : 'b'}${EVIL},${i}`);
  return `${[header.join(','), ...rows].join('\n')}\n`;
}

const spec = (change: object): object => ({
  data: 'hostile.csv',
  response: RESPONSE,
  group: GROUP,
  covariates: [COVARIATE],
  predictions: [{ name: `p${EVIL}`, group: `a${EVIL}`, at: { [COVARIATE]: 1 } }],
  sampler: { draws: 200, warmup: 100 },
  ...change,
});

/** All but what lines are made of. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
const STEERING = /(?!\n)[\u0000-\u001f\u007f-\u009f\p{Bidi_Control}]/u;

it.each([
  ['fit hostile.hmask.json', 0, 'alpha[a[U+001B]'],
  ['fit hostile.hmask.json --histogram', 0, 'y[U+001B]'],
  ['fit hostile.hmask.json --json', 0, '"alpha[a\\u001b'],
  ['fit hostile.hmask.json --prior-only', 0, 'alpha[a[U+001B]'],
  ['check unknown.hmask.json', 1, 'x\\u001b'],
  ['check unknown.hmask.json --json', 1, 'x\\u001b'],
  ['check where.hmask.json', 1, 'g[U+001B]'],
  ['check broken.hmask.json', 1, 'error HM'],
  ['predict hostile.hmask.json --new hostile.csv', 0, 'a[U+001B]'],
  ['predict hostile.hmask.json --new twice.csv', 1, 'g[U+001B]'],
  ['sbc hostile.hmask.json --simulations 20', 0, 'alpha[a[U+001B]'],
  ['init twice.csv', 1, 'g[U+001B]'],
  [`init hostile.csv --response EVIL`, 2, 'RED'],
  [`fit EVIL`, 2, 'There is no file [U+001B]'],
  [`fit hostile.hmask.json --seed EVIL`, 2, '--seed takes a whole number'],
  [`fit hostile.hmask.json --out /proc/EVIL`, 2, '/proc/[U+001B]'],
  [`EVIL`, 2, 'Unknown command'],
])('M7: nothing steers the terminal in: %s', async (call, code, shown) => {
  const ran = await runCli(
    call.split(' ').map((word) => word.replace('EVIL', EVIL)),
    { cwd: folder },
  );
  const said = ran.stdout + ran.stderr;
  expect([ran.code, said]).toEqual([code, expect.stringContaining(shown)]);
  expect(said).not.toMatch(STEERING);
});

it('M7: init says what it wrote without a control', async () => {
  await writeFile(join(folder, 'new.csv'), csv([RESPONSE, GROUP, COVARIATE]));
  const { code, stdout } = await runCli(['init', 'new.csv', '--response', RESPONSE, '--group', GROUP], { cwd: folder });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^new\.hmask\.json: response y\[U\+001B\]/)]);
  expect(stdout).not.toMatch(STEERING);
});

it('M7: one printer: nothing else on the command line writes to the terminal', () => {
  const files = readdirSync(join(root, 'cli'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));
  const around = files.filter((f) => /process\.std(out|err)|console\./.test(readFileSync(join(root, 'cli', f), 'utf8')));
  // The progress lines move the cursor, and hold numbers alone; the program's end waits for standard error.
  expect(around.sort()).toEqual(['main.ts', 'output.ts', join('print', 'progress.ts')]);
});
