import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CalledOff, loadData, readNewRows } from '../../sources/duckdb/index.ts';
import { Folder } from './folder.ts';

let folder: Folder;
const spec = { data: 'short.csv', response: 'y', group: 'group', covariates: ['x', 'z'] };

beforeAll(() => {
  folder = new Folder();
  const block = Array.from({ length: 20_000 }, (_, i) => `g${i % 7},${(i * 7) % 1000},${i % 997},level ${i % 313},${i * 3.7}\n`).join('');
  const text = `group,x,y,kind,z\n${block.repeat(200)}`;
  folder.write('long.csv', text);
  folder.write('long.csv.gz', gzipSync(text, { level: 1 }));
  folder.write('long16.csv', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text.slice(0, text.length >> 1), 'utf16le')]));
  folder.write('short.csv', `group,x,y,kind,z\n${block}`);
});
afterAll(() => folder.remove());

/** Milliseconds that tell a hang; how long it takes is for benches. */
const LONG = 15_000;

/** Milliseconds from the call that ends some work to its end, which must be that it was called off. */
async function timeToEnd(after: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<number> {
  const calling = new AbortController();
  let at = 0;
  setTimeout(() => {
    at = performance.now();
    calling.abort();
  }, after);
  await expect(work(calling.signal)).rejects.toBeInstanceOf(CalledOff);
  return performance.now() - at;
}

describe('M: a reading that is called off ends at once', () => {
  it.each(['long.csv', 'long.csv.gz', 'long16.csv'])('%s', { timeout: 60_000 }, async (file) => {
    for (const tableBytes of [undefined, 1]) {
      for (const after of [0, 30, 150, 400]) {
        const took = await timeToEnd(after, (signal) => folder.profile(file, { tableBytes, signal, where: 'x < 990' }));
        expect(took).toBeLessThan(LONG);
      }
    }
    // The next reading is served as if nothing had been.
    expect(await folder.profile('short.csv')).toMatchObject({ faults: [], rows: 20_000 });
  });

  it('the rows of a model, and new rows', { timeout: 60_000 }, async () => {
    const { design } = await folder.design(spec);
    const source = { kind: 'file', file: 'long.csv', where: null, delimiter: null } as const;
    const request = { specPath: folder.specPath, source, roots: [folder.path], design };
    expect(await timeToEnd(100, (signal) => loadData({ ...request, signal, tableBytes: 1 }))).toBeLessThan(LONG);
    const fitted = { specPath: folder.specPath, roots: [folder.path], source };
    const rows = { ...request, file: 'long.csv', fitted, standardisation: new Map() };
    expect(await timeToEnd(100, (signal) => readNewRows({ ...rows, signal }))).toBeLessThan(LONG);
  });

  it('one that waits for its turn does not begin', async () => {
    const calling = new AbortController();
    const first = folder.profile('short.csv', { tableBytes: 1 });
    const second = folder.profile('short.csv', { signal: calling.signal });
    calling.abort();
    await expect(second).rejects.toBeInstanceOf(CalledOff);
    expect((await first).rows).toBe(20_000);
  });
});
