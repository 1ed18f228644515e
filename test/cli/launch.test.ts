import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
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
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, HOME: join(folder, 'home'), NODE_DISABLE_COMPILE_CACHE: '', ...env },
    timeout: 30_000,
  });
  expect([status, stderr.includes('internal error')]).toEqual([0, false]);
  return JSON.parse(stdout).parameters;
}

const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((e) => (e.isFile() ? [join(e.parentPath, e.name)] : []));

describe.skipIf(process.platform !== 'linux')('M4: kept code', () => {
  const cache = () => join(folder, 'cache');

  it('stands in the user’s own folder where Node keeps any, and changes nothing', () => {
    const first = runFit({ XDG_CACHE_HOME: cache() });
    expect(existsSync(join(cache(), 'hmask'))).toBe('enableCompileCache' in Module);
    expect(runFit({ XDG_CACHE_HOME: cache() })).toEqual(first);
  });

  it('may be damaged in any way', () => {
    const plain = runFit({ NODE_DISABLE_COMPILE_CACHE: '1', XDG_CACHE_HOME: join(folder, 'none') });
    expect(existsSync(join(folder, 'none'))).toBe(false);
    const files = existsSync(cache()) ? filesBelow(cache()) : [];
    for (const file of files) {
      const bytes = readFileSync(file);
      const flipped = Buffer.from(bytes);
      for (let i = 40; i < flipped.length; i += 97) flipped[i] ^= 0x55;
      for (const damage of [Buffer.from('no code at all'), bytes.subarray(0, bytes.length / 2), flipped, Buffer.alloc(0)]) {
        writeFileSync(file, damage);
        expect(runFit({ XDG_CACHE_HOME: cache() })).toEqual(plain);
      }
    }
  });

  it.each(['/proc/none', '/dev/null', 'relative', ''])('has no place in %j', (place) => {
    runFit({ XDG_CACHE_HOME: place });
    expect(readdirSync(folder).filter((name) => name !== 'cache' && name !== 'home')).toEqual([]);
  });

  it('an older version’s damaged code is not looked at', () => {
    const old = join(folder, 'old', 'hmask', 'code');
    spawnSync('mkdir', ['-p', old]);
    writeFileSync(join(old, `${'0'.repeat(32)}.bin`), 'no code at all');
    runFit({ XDG_CACHE_HOME: join(folder, 'old') });
    rmSync(join(folder, 'old'), { recursive: true });
  });
});
