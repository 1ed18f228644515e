import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataProfile } from '../../core/data/profile.ts';
import { Folder } from './folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

/** What some work took of the processors, in seconds, all threads together. */
async function measured<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(start);
  return [value, (user + system) / 1e6];
}

const HEAD = 'group,x,y\na,1,2\nb,2,3\n';
const TAIL = 'a,3,5\nb,4,4\n';
const facts = (p: DataProfile) => [
  p.faults,
  p.rows,
  p.columns.map((c) => c.mean),
  p.columns[1].minPlace?.line,
  p.columns[1].maxPlace?.line,
];

describe('M8: blank lines cost little, however many there are', () => {
  const MANY = 60_000_000;
  it.each<[string, string, number]>([
    ['empty lines', '\n'.repeat(MANY), MANY],
    ['lines of carriage returns', '\r\n'.repeat(MANY / 2), MANY / 2],
    ['lines of blanks', `${' '.repeat(59)}\n`.repeat(MANY / 60), MANY / 60],
    ['empty lines between rows', 'a,3,5\n\n\n'.repeat(3).concat('\n'.repeat(1_000_000), 'b,2,3\n').repeat(50), 0],
  ])('%s', { timeout: 120_000 }, async (_, blanks, lines) => {
    for (const [name, text] of [
      ['blank.csv', Buffer.from(HEAD + blanks + TAIL)],
      ['blank.csv.gz', gzipSync(HEAD + blanks + TAIL, { level: 1 })],
    ] as const) {
      folder.write(name, text);
      const [p, seconds] = await measured(() => folder.profile(name));
      // DuckDB's own reading took from 15 s to 50 s of them.
      expect(seconds).toBeLessThan(8);
      expect(p.faults).toEqual([]);
      if (lines > 0) expect(facts(p)).toEqual([[], 4, [Number.NaN, 2.5, 3.5], 2, 5 + lines]);
      else expect(p.rows).toBe(4 + 4 * 50);
    }
  });

  it('at the end', { timeout: 60_000 }, async () => {
    folder.write('end.csv', HEAD + TAIL + '\n'.repeat(MANY));
    const [p, seconds] = await measured(() => folder.profile('end.csv'));
    expect([facts(p)[0], p.rows, seconds < 8]).toEqual([[], 4, true]);
  });

  it('before the header they are told', async () => {
    folder.write('before.csv', '\n'.repeat(8e6) + HEAD);
    expect((await folder.profile('before.csv')).faults).toMatchObject([{ kind: 'empty', message: expect.stringContaining('blank lines') }]);
    folder.write('few.csv', '\n'.repeat(1e6) + HEAD);
    expect(await folder.profile('few.csv')).toMatchObject({ faults: [], rows: 2 });
  });

  it('in a file of one column they are rows, and too many are told', async () => {
    folder.write('one.csv', `y\n1\n2\n${'\n'.repeat(8e6)}`);
    const { faults } = await folder.profile('one.csv', { group: null });
    expect(faults).toMatchObject([{ kind: 'unsupported', message: expect.stringContaining('blank lines') }]);
  });
});

describe('M8: reading has a bound of memory', () => {
  it('what takes more is refused, with the bound', { timeout: 60_000 }, async () => {
    const noise = randomBytes(16 * 1024 * 1024).toString('hex');
    const rows = Array.from({ length: 1_000_000 }, (_, i) => `g${i % 2},${noise.slice(32 * i, 32 * (i + 1))},${i}`).join('\n');
    folder.write('texts.csv', `group,kind,y\n${rows}\n`);
    for (const tableBytes of [undefined, 1]) {
      const { faults } = await folder.profile('texts.csv', { memoryBytes: 40 * 1024 * 1024, tableBytes });
      expect(faults.map((f) => f.kind)).toEqual(['unsupported']);
      expect(faults[0].message).toMatch(/^Reading "texts\.csv" takes more than 40 MiB of memory, .*\.$/);
    }
    expect(await folder.profile('texts.csv')).toMatchObject({ faults: [], rows: 1_000_000 });
  });
});
