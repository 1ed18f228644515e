import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, example, root, runCli } from '../built.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hmask-output-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command line by a shell's words; `HMASK` stands for the command. */
function shell(words: string) {
  const command = words.replaceAll('HMASK', `"${process.execPath}" "${built('cli.js')}"`);
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: root, encoding: 'utf8', timeout: 60_000 });
  return { status, stdout, stderr: stderr.split('\n').filter((line) => !/: hint HM/.test(line) && line !== '') };
}

/** What a full disk does without one: a write goes as far as it can, and the next fails. */
const SMALL = 'ulimit -f 2;';
const FULL = /^hmask: Standard output cannot be written: .+ \((ENOSPC|EFBIG)\)\.$/;

describe.skipIf(process.platform !== 'linux')('M2: a command whose results did not arrive has failed', () => {
  it.each([
    ['a device without room', `HMASK fit "${example}" --json > /dev/full`],
    ['a device without room, as text', `HMASK fit "${example}" > /dev/full`],
    ['a disk that fills up on the way', `${SMALL} HMASK fit "${example}" --json > FILE`],
    ['help', 'HMASK --help > /dev/full'],
    ['the version', 'HMASK --version > /dev/full'],
    ['check', `HMASK check "${example}" --json > /dev/full`],
    ['predict', `HMASK predict "${example}" --new examples/manufacturing/manufacturing.csv > /dev/full`],
    ['sbc', `HMASK sbc "${example}" --simulations 20 --json > /dev/full`],
  ])('%s', (_, words) => {
    const { status, stderr } = shell(words.replace('FILE', `"${join(folder, 'out.json')}"`));
    expect([status, stderr]).toEqual([1, [expect.stringMatching(FULL)]]);
  });

  it.each([
    ['text', `HMASK fit "${example}" | head -c 20`],
    ['JSON', `HMASK fit "${example}" --json | head -c 20`],
    ['nothing', `HMASK fit "${example}" --json | true`],
  ])('a reader that has gone after %s is no fault', (_, words) => {
    expect(shell(`${words}; exit \${PIPESTATUS[0]}`)).toMatchObject({ status: 0, stderr: [] });
  });

  it('a document that arrives is whole', () => {
    const file = join(folder, 'whole.json');
    expect(shell(`HMASK fit "${example}" --json > "${file}"`).status).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8')).parameters).toHaveLength(9);
  });
});

describe.skipIf(process.platform !== 'linux')('M3: a failing --out never loses the fit', () => {
  it('results come first; a file that cannot be whole is not there', () => {
    const out = join(folder, 'small');
    const { status, stdout, stderr } = shell(`(${SMALL} HMASK fit "${example}" --out "${out}"; echo code $?) | cat`);
    expect(status).toBe(0);
    expect(stdout).toContain('w[Feed_Speed, Product_Group_1]');
    expect(stdout).toMatch(/\ncode 1\n$/);
    expect(stderr).toEqual([expect.stringMatching(/^hmask: .*small\/report\.json cannot be written: file too large \(EFBIG\)\.$/)]);
    expect(readdirSync(out)).toEqual([]);
  });

  it('files that are there stay until the new ones are whole', () => {
    const out = join(folder, 'kept');
    expect(shell(`HMASK fit "${example}" --out "${out}"`).status).toBe(0);
    const before = readFileSync(join(out, 'draws.csv'), 'utf8');
    expect(shell(`${SMALL} HMASK fit "${example}" --seed 7 --out "${out}" | cat`).stderr).toHaveLength(1);
    expect(readFileSync(join(out, 'draws.csv'), 'utf8')).toBe(before);
    expect(readdirSync(out).sort()).toEqual(['draws.csv', 'report.json']);
    expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')).parameters).toHaveLength(9);
  });

  it('is written although standard output is full', () => {
    const out = join(folder, 'other');
    expect(shell(`HMASK fit "${example}" --out "${out}" > /dev/full`).status).toBe(1);
    expect(readdirSync(out).sort()).toEqual(['draws.csv', 'report.json']);
  });

  it('a folder that takes no file', () => {
    const { status, stdout, stderr } = shell(`HMASK fit "${example}" --out /proc`);
    expect(status).toBe(1);
    expect(stdout).toContain('w[Feed_Speed, Product_Group_1]');
    expect(stderr).toEqual([expect.stringMatching(/^hmask: \/proc\/report\.json cannot be written: .+\.$/)]);
  });

  it.each(['/proc/x', '/proc/x/y', '/sys/x', `${example}/folder`, '/dev/null'])('the folder %s is refused at once', (out) => {
    const { status, stdout, stderr } = shell(`HMASK fit "${example}" --out "${out}"`);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toEqual([expect.stringMatching(/^hmask: --out names the folder .+, which cannot be made: .+ \(E[A-Z]+\)\.$/)]);
  });

  it.each(['1e3', '007', 'true'])('the text %s stays as it is, in options and arguments', async (name) => {
    expect((await runCli(['fit', example, '--draws', '50', '--out', name], { cwd: folder })).code).toBe(0);
    expect(readdirSync(join(folder, name)).sort()).toEqual(['draws.csv', 'report.json']);
    expect((await runCli(['simulate', `${name}.csv`, '--n', '4'], { cwd: folder })).code).toBe(0);
    const numbered = readFileSync(join(folder, `${name}.csv`), 'utf8')
      .replace('Product_Group', name)
      .replace('Feed_Speed', '1.0');
    writeFileSync(join(folder, 'n.csv'), numbered);
    expect((await runCli(['init', 'n.csv', '--group', name, '--response', '1.0'], { cwd: folder })).stdout.split('\n')[0]).toBe(
      `n.hmask.json: response 1.0, group ${name}`,
    );
    rmSync(join(folder, 'n.hmask.json'));
  });

  it('simulate leaves no half of a file', () => {
    const out = join(folder, 'half.csv');
    const { status, stderr } = shell(`${SMALL} HMASK simulate "${out}" --n 2000`);
    expect([status, stderr]).toEqual([1, [expect.stringMatching(/half\.csv cannot be written: file too large/)]]);
    expect(readdirSync(folder)).not.toContain('half.csv');
  });
});
