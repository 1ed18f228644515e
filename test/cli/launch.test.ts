import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, example } from '../built.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hmask-launch-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runFit(env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [built('cli.js'), 'fit', example, '--json', '--draws', '50'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '', ...env },
  });
  expect([status, stderr.includes('internal error')]).toEqual([0, false]);
  return JSON.parse(stdout).parameters;
}

describe.skipIf(process.platform !== 'linux')('the kept code', () => {
  const files = () => readdirSync(join(folder, 'hmask', 'code'));

  it('is written by the first fit, used by the next, and changes nothing', () => {
    const first = runFit({ XDG_CACHE_HOME: folder });
    expect(files()).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.bin$/)]);
    expect(runFit({ XDG_CACHE_HOME: folder })).toEqual(first);
    expect(files()).toHaveLength(1);
  });

  it('may be damaged, or have no place', () => {
    const plain = runFit({ NODE_DISABLE_COMPILE_CACHE: '1', XDG_CACHE_HOME: join(folder, 'none') });
    expect(readdirSync(folder)).toEqual(['hmask']);
    writeFileSync(join(folder, 'hmask', 'code', files()[0]), 'no code at all');
    expect(runFit({ XDG_CACHE_HOME: folder })).toEqual(plain);
    expect(runFit({ XDG_CACHE_HOME: '/proc/none' })).toEqual(plain);
  });
});
