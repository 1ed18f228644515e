import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawRecord, RecordSplitter, RecordTooLong, splitCells } from '../../../sources/duckdb/records.ts';
import { Folder } from '../folder.ts';

type Seen = Pick<RawRecord, 'line' | 'index' | 'end'> & { readonly cells: readonly string[] };

/** The records of a text that comes in pieces of the given size. */
function split(text: string, piece: number, newline: 'lf' | 'cr' = 'lf', columns = 2): Seen[] {
  const seen: Seen[] = [];
  const splitter = new RecordSplitter({ delimiter: ',', newline, comment: null, skip: 0 }, columns === 1, ({ bytes, line, index, end }) => {
    seen.push({ line, index, end, cells: splitCells(bytes, ',').map((c) => c.text) });
    return true;
  });
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += piece) splitter.push(bytes.subarray(i, i + piece));
  splitter.finish();
  return seen;
}

describe('RecordSplitter', () => {
  it.each([1, 3, 1000])('counts lines through quotes, in pieces of %i bytes', (piece) => {
    const seen = split('a,b\r\n"x\ny","q""q"\n\n,2\nlast,1', piece);
    expect(seen).toEqual([
      { index: 0, line: 1, end: 'crlf', cells: ['a', 'b'] },
      { index: 1, line: 2, end: 'lf', cells: ['x\ny', 'q"q'] },
      { index: 2, line: 5, end: 'lf', cells: ['', '2'] },
      { index: 3, line: 6, end: 'none', cells: ['last', '1'] },
    ]);
  });

  it('takes a quote within a bare cell as it is', () => {
    expect(split('a,b\n5" pipe,1\nc,2\n', 4).map((r) => r.cells)).toEqual([
      ['a', 'b'],
      ['5" pipe', '1'],
      ['c', '2'],
    ]);
  });

  it('counts blank lines as rows in a file of one column', () => {
    expect(split('a\n1\n\n2\n', 5, 'lf', 1).map((r) => [r.index, r.line])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });

  it('splits at CR alone', () => {
    expect(split('a,b\r1,2\r', 2, 'cr').map((r) => [r.cells, r.end])).toEqual([
      [['a', 'b'], 'cr'],
      [['1', '2'], 'cr'],
    ]);
  });

  it.each(['x'.repeat(3_000_000), `"${'\n'.repeat(3_000_000)}`, `"${'""'.repeat(1_500_000)}`])(
    'refuses a record of 3 MB at once',
    (cell) => {
      expect(() => split(`a,b\n1,2\n${cell},1\n`, 1 << 20)).toThrow(RecordTooLong);
    },
  );
});

describe('splitCells', () => {
  it('gives each cell its column, on its line', () => {
    const cells = splitCells(Buffer.from('é,"a\nb",c'), ',');
    expect(cells).toEqual([
      { text: 'é', lineOffset: 0, column: 1 },
      { text: 'a\nb', lineOffset: 0, column: 3 },
      { text: 'c', lineOffset: 1, column: 4 },
    ]);
  });
});

/** A cell as RFC 4180 writes it; always in quotes when `quote` says so. */
const written = (cell: string, quote: boolean) => (quote || /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const lf = (text: string) => text.replaceAll('\r', '');

describe('any text', () => {
  let folder: Folder;
  beforeAll(() => {
    folder = new Folder();
  });
  afterAll(() => folder.remove());

  const name = fc
    .oneof(
      fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
      fc.constantFrom('"', '""', 'a,b', 'l1\nl2', ' x ', '#', "it's", '=1+1', '\\', 'NA'),
    )
    .map((s) => lf(s).replaceAll('\0', ''))
    .filter((s) => s.trim() !== '');

  it('comes back as a group name, with its numbers and places', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            name,
            fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e90, max: 1e90 }).map((x) => x + 0),
            fc.boolean(),
          ),
          {
            minLength: 1,
            maxLength: 25,
          },
        ),
        fc.constantFrom('\n', '\r\n'),
        async (cells, end) => {
          const lines = cells.map(([group, x, quote]) => `${written(group, quote)},${written(String(x), quote)}`);
          const text = `group,x${end}${lines.join(end)}${end}`;
          folder.write('any.csv', text);
          const expected = new Map<string, number[]>();
          for (const [group, x] of cells) expected.set(group, [...(expected.get(group) ?? []), x]);
          for (const tableBytes of [undefined, 1]) {
            const p = await folder.profile('any.csv', { tableBytes });
            expect(p.faults).toEqual([]);
            expect(p.groups.map((g) => [g.name, g.rows, g.columns[1].min])).toEqual(
              [...expected].map(([group, xs]) => [group, xs.length, Math.min(...xs)]),
            );
          }
          const p = await folder.profile('any.csv');
          const place = p.columns[1].maxPlace;
          const before = ['group,x', ...lines.slice(0, place?.row)].join(end).split('\n').length;
          const inCell = cells[place?.row ?? 0][0].split('\n').length;
          expect(place?.line).toBe(before + inCell);
        },
      ),
      { numRuns: 40, seed: 11 },
    );
  });
});
