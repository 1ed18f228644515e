import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type * as Promises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeIo } from '../../server/data/io.ts';

/** Every path that anything is asked of. */
const asked = vi.hoisted(() => new Set<string>());
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof Promises>();
  const watched = Object.entries(real).map(([name, value]) => {
    const isFunction = typeof value === 'function';
    return [
      name,
      isFunction
        ? (...args: unknown[]) => {
            asked.add(String(args[0]));
            return (value as (...given: unknown[]) => unknown)(...args);
          }
        : value,
    ];
  });
  return Object.fromEntries(watched);
});

let top: string;
let folder: string;
const io = nodeIo(null);

beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'hmask-io-')));
  folder = join(top, 'work');
  mkdirSync(join(folder, 'sub'), { recursive: true });
  mkdirSync(join(top, 'work2'));
  writeFileSync(join(top, 'secret.csv'), 'secret,y\n1,2\n');
  writeFileSync(join(top, 'work2', 'd.csv'), 'secret,y\n1,2\n');
  for (const name of ['d.csv', 'sub/d.csv', '..d.csv']) writeFileSync(join(folder, name), 'x,y\n1,2\n');
  symlinkSync(join(top, 'secret.csv'), join(folder, 'link.csv'));
  symlinkSync(top, join(folder, 'up'));
  symlinkSync(join(folder, 'd.csv'), join(folder, 'inside.csv'));
  symlinkSync('/dev/zero', join(folder, 'zero.csv'));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));
beforeEach(() => asked.clear());

const request = (file: string, roots: readonly string[]) => ({
  specPath: join(folder, 'a.hmask.json'),
  source: { kind: 'file', file, where: null, delimiter: null } as const,
  group: null,
  roots,
});

const OUT: readonly (() => string)[] = [
  () => '../secret.csv',
  () => '../../../../../../etc/passwd',
  () => 'sub/../../secret.csv',
  () => '../work2/d.csv',
  () => '/etc/passwd',
  () => join(top, 'secret.csv'),
  () => '.',
  () => '..',
  () => '',
  () => 'a\0b.csv',
];

describe('M: the server looks at nothing outside the folders of the workspace', () => {
  it.each(OUT)('%s', async (name) => {
    for (const roots of [[], [folder]]) {
      expect(await io.version(request(name(), roots))).toBeNull();
      expect([...asked].filter((path) => path !== folder)).toEqual([]);
    }
    expect(await io.header(request(name(), [folder]))).toBeNull();
    expect([...asked].filter((path) => path !== folder)).toEqual([]);
  });

  it.each(['link.csv', 'up/secret.csv', 'zero.csv'])('a link out of them, %s', async (name) => {
    expect(await io.version(request(name, [folder]))).toBeNull();
    expect(await io.header(request(name, [folder]))).toBeNull();
  });

  it.each(['d.csv', './d.csv', 'sub/d.csv', 'sub/../d.csv', '..d.csv', 'inside.csv'])('but at %s', async (name) => {
    expect(await io.version(request(name, []))).toMatch(/^8-/);
    expect(await io.header(request(name, [folder]))).toMatchObject({ text: 'x,y', line: 1 });
  });

  it('and at all that a workspace of several folders has', async () => {
    expect(await io.version(request('../work2/d.csv', [folder, join(top, 'work2')]))).toMatch(/^13-/);
  });

  it('a folder that is a link itself is one of the workspace', async () => {
    const alias = join(top, 'alias');
    symlinkSync(folder, alias);
    expect(await io.version({ ...request('d.csv', [alias]), specPath: join(alias, 'a.hmask.json') })).toMatch(/^8-/);
    expect(await io.header({ ...request('d.csv', [alias]), specPath: join(alias, 'a.hmask.json') })).toMatchObject({
      text: 'x,y',
      line: 1,
    });
  });
});
