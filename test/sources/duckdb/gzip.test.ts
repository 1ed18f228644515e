import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Folder } from '../folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

const ROWS = 5_000;
const TEXT = `group,x,y\n${Array.from({ length: ROWS }, (_, i) => `g${i % 3},${(i * 7919) % 1000},${i}`).join('\n')}\n`;
const PACKED = gzipSync(TEXT);
const cut = (share: number) => PACKED.subarray(0, Math.floor(PACKED.length * share));
const flipped = (at: number) => {
  const bytes = Buffer.from(PACKED);
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  return bytes;
};

describe('M1: a damaged gzip file is refused as a whole, with the line reached', () => {
  it.each([
    ['cut off at 10 %', cut(0.1)],
    ['cut off at 90 %', cut(0.9)],
    ['cut off in its trailer', PACKED.subarray(0, -3)],
    ['without its trailer', PACKED.subarray(0, -8)],
    ['with another checksum', flipped(-8)],
    ['with another length', flipped(-1)],
    ['with a bit flipped', flipped(PACKED.length >> 1)],
    ['followed by text', Buffer.concat([PACKED, Buffer.from('g1,1,1\n')])],
    ['followed by zero bytes and text', Buffer.concat([PACKED, Buffer.alloc(20), Buffer.from('x')])],
    ['followed by half a member', Buffer.concat([PACKED, PACKED.subarray(0, 40)])],
  ])('%s', async (_, bytes) => {
    folder.write('bad.csv.gz', bytes);
    for (const tableBytes of [undefined, 1]) {
      const { faults, rows } = await folder.profile('bad.csv.gz', { tableBytes });
      expect([rows, faults.length, faults[0].fatal, faults[0].kind]).toEqual([0, 1, true, 'unreadable']);
      expect(faults[0].message).toContain('damaged');
      expect(faults[0].line).toBeGreaterThan(0);
    }
  });

  it('wherever it is cut or altered', { timeout: 60_000 }, async () => {
    const damage = fc.oneof(
      fc.integer({ min: 30, max: PACKED.length - 1 }).map((end) => PACKED.subarray(0, end)),
      fc.integer({ min: 30, max: PACKED.length - 1 }).map(flipped),
    );
    await fc.assert(
      fc.asyncProperty(damage, async (bytes) => {
        folder.write('any.csv.gz', bytes);
        const { faults } = await folder.profile('any.csv.gz');
        expect(faults[0]?.fatal).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['one member', PACKED],
    ['two members', Buffer.concat([gzipSync(TEXT.slice(0, 30_000)), gzipSync(TEXT.slice(30_000))])],
    [
      'many members, as bgzip writes them',
      Buffer.concat(Array.from({ length: Math.ceil(TEXT.length / 997) }, (_, i) => gzipSync(TEXT.slice(i * 997, (i + 1) * 997)))),
    ],
    ['zero bytes at its end', Buffer.concat([PACKED, Buffer.alloc(512)])],
    ['an empty last member', Buffer.concat([PACKED, gzipSync('')])],
  ])('reads %s', async (_, bytes) => {
    folder.write('good.csv.gz', bytes);
    folder.write('good.csv', TEXT);
    for (const tableBytes of [undefined, 1]) {
      const [a, b] = [await folder.profile('good.csv.gz', { tableBytes }), await folder.profile('good.csv', { tableBytes })];
      expect(a.faults).toEqual([]);
      expect([a.rows, a.columns.map((c) => c.mean)]).toEqual([ROWS, b.columns.map((c) => c.mean)]);
    }
  });

  it('keeps what unpacks to much out of memory: it is scanned', { timeout: 60_000 }, async () => {
    const row = 'group0,1.5,2.5\n';
    folder.write('bomb.csv.gz', gzipSync(`group,x,y\n${row.repeat(10_000_000)}`));
    const before = process.memoryUsage().rss;
    expect((await folder.profile('bomb.csv.gz')).rows).toBe(10_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(700e6);
  });
});

describe('M1: a last line that is too long is not left out', () => {
  it.each<[string, (text: string) => string | Buffer]>([
    ['csv', (text) => text],
    ['csv.gz', (text) => gzipSync(text)],
  ])('in a .%s', { timeout: 60_000 }, async (extension, pack) => {
    for (const end of ['', '\n']) {
      folder.write(`long.${extension}`, pack(`group,y\nA,1\nB,${'1'.repeat(34e6)}${end}`));
      const { faults } = await folder.profile(`long.${extension}`);
      expect(faults.map((f) => [f.kind, f.line])).toEqual([['too_long', 3]]);
    }
  });
});
