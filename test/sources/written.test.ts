/** Whatever way a table is written in, the keys that say so read the numbers that were written. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isEmptyCell, numberIn } from '../../core/data/cells.ts';
import { DEFAULT_READER } from '../../core/spec/types.ts';
import { Folder } from './folder.ts';

let folder: Folder;
beforeAll(() => {
  folder = new Folder();
});
afterAll(() => folder.remove());

const NUMBER = fc.oneof(
  fc.integer({ min: -2_000_000, max: 2_000_000 }),
  fc.integer({ min: -2_000_000, max: 2_000_000 }).map((n) => n / 100),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
);
/** Names of groups, with all that may need quotes. */
const GROUPS = ['a', 'b c', 'Zürich', "d'Or", 'x;y', 'x,y', 'say "so"', 'tab\there', '1', '2,5', 'a#b', '%', 'two\nlines', '12.345'];

interface Way {
  readonly delimiter: string;
  readonly decimal: '.' | ',';
  readonly thousands: string | null;
  readonly na: readonly string[] | null;
  readonly comment: string | null;
  readonly skip: number;
  readonly encoding: 'utf-8' | 'utf-16' | 'windows-1252' | null;
  readonly eol: '\n' | '\r\n';
  readonly quoteAll: boolean;
  readonly sayDelimiter: boolean;
}

const WAY: fc.Arbitrary<Way> = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    decimal: fc.constantFrom('.' as const, ',' as const),
    thousands: fc.constantFrom(null, '.', ',', ' ', "'"),
    na: fc.constantFrom(null, [], ['-', 'missing'], ['NA', '-99'], ['.', '?']),
    comment: fc.constantFrom(null, '#', '%'),
    skip: fc.integer({ min: 0, max: 3 }),
    encoding: fc.constantFrom(null, 'utf-8' as const, 'utf-16' as const, 'windows-1252' as const),
    eol: fc.constantFrom('\n' as const, '\r\n' as const),
    quoteAll: fc.boolean(),
    sayDelimiter: fc.boolean(),
  })
  .map((way) => ({ ...way, thousands: way.thousands === way.decimal ? null : way.thousands }));

const TABLE = fc.array(fc.tuple(fc.constantFrom(...GROUPS), fc.option(NUMBER, { freq: 5 }), NUMBER), { minLength: 2, maxLength: 12 });

function numberText(n: number, { decimal, thousands }: Way): string {
  const [whole, rest] = String(n).split('.');
  if (/e/i.test(whole)) return whole;
  const parted = thousands === null ? whole : whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  return rest === undefined ? parted : `${parted}${decimal}${rest}`;
}

function write(rows: readonly (readonly [string, number | null, number])[], way: Way): Buffer {
  const { delimiter, comment, eol, skip } = way;
  const special = (text: string) => [delimiter, '"', '\n', '\r', ...(comment === null ? [] : [comment])].some((c) => text.includes(c));
  const cell = (text: string) => (way.quoteAll || special(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const spellings = ['', ...(way.na ?? ['NA', 'n/a', 'NaN', 'null'])];
  const lines = Array.from({ length: skip }, (_, i) => `Title ${i}, of "2024`);
  const note = comment === null ? [] : [`${comment} a note with ${delimiter} and "quotes`];
  lines.push(...note, ['g', 'x', 'y'].map(cell).join(delimiter));
  rows.forEach(([g, x, y], i) => {
    const empty = spellings[i % spellings.length];
    lines.push([cell(g), x === null ? cell(empty) : cell(numberText(x, way)), cell(numberText(y, way))].join(delimiter));
    if (comment !== null && i % 3 === 1) lines[lines.length - 1] += ` ${comment} said ${delimiter}`;
    if (i % 4 === 2) lines.push(...note);
  });
  const text = lines.join(eol) + eol;
  if (way.encoding === 'utf-16') return Buffer.from(text, 'utf16le');
  return Buffer.from(text, way.encoding === 'windows-1252' ? 'latin1' : 'utf8');
}

it('numbers and groups are read as they were written', async () => {
  await fc.assert(
    fc.asyncProperty(TABLE, WAY, async (table, way) => {
      // What the way takes for empty is no number of the table, nor a group.
      const rules = { ...DEFAULT_READER, decimal: way.decimal, thousands: way.thousands, na: way.na };
      const isNumber = (n: number) => !isEmptyCell(numberText(n, way), rules) && numberIn(numberText(n, way), rules) === n;
      fc.pre(table.every(([, x, y]) => isNumber(y) && (x === null || isNumber(x))));
      folder.write('way.csv', write(table, way));
      const { delimiter, sayDelimiter, eol: _, quoteAll: __, ...keys } = way;
      const said = Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== null));
      const data = { file: 'way.csv', ...said, ...(sayDelimiter ? { delimiter } : {}) };
      const profile = await folder.profileOf({ data, response: 'y', group: 'g', covariates: ['x'] });
      // With commas for decimals between commas nobody can tell the delimiter of few rows.
      fc.pre(sayDelimiter || profile.columns.length === 3);
      expect(profile.faults).toEqual([]);
      const [g, x, y] = profile.columns;
      const known = table.map((r) => r[1]).filter((n) => n !== null);
      expect([x.count, x.empty, x.texts, y.count, y.texts]).toEqual([known.length, table.length - known.length, 0, table.length, 0]);
      expect([y.min, y.max]).toEqual([Math.min(...table.map((r) => r[2])), Math.max(...table.map((r) => r[2]))]);
      expect(profile.groups.map((p) => p.name)).toEqual([...new Set(table.map((r) => r[0]))]);
      const last = Math.max(...profile.groups.map((p) => p.firstRow));
      expect(last).toBe(table.findIndex((r) => r[0] === profile.groups.at(-1)?.name));
      expect(g.empty).toBe(0);
      if (known.length === 0) return;
      const { rows } = await folder.load({ data, response: 'y', covariates: ['x'], missing: 'drop' });
      const full = table.filter((r) => r[1] !== null);
      expect([...rows.y]).toEqual(full.map((r) => r[2]));
      expect([...rows.x.at(-1)!]).toEqual(full.map((r) => r[1]));
    }),
    { numRuns: 60 },
  );
}, 120_000);
