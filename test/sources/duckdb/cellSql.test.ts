import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { isEmptyCell, numberIn, USUAL_CELLS } from '../../../core/data/cells.ts';
import type { CellRules } from '../../../core/spec/types.ts';
import { filledSql, numberSql, ODD_NUMBER } from '../../../sources/duckdb/cellSql.ts';
import { literal } from '../../../sources/duckdb/sql.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

const RULES: readonly CellRules[] = [
  USUAL_CELLS,
  { decimal: ',', thousands: null, na: null },
  { decimal: ',', thousands: '.', na: ['-9,5', 'x', ' - '] },
  { decimal: ',', thousands: ' ', na: ['-99', "it's"] },
  { decimal: '.', thousands: "'", na: ['NA', '1e2'] },
  { decimal: '.', thousands: '_', na: [] },
  { decimal: '.', thousands: ',', na: [''] },
];

/** Pieces of which texts that look like numbers are made. */
const PIECES = [
  ...'0123456789+-.,_eEnN()xX#\'" \t\n\v\f\r/',
  'inf',
  'Infinity',
  'nan',
  'NaN',
  'na',
  'null',
  'N/A',
  '1e400',
  '-99',
  '1e2',
  '.000',
  ',000',
  '_000',
  ' 000',
  "'000",
  '\u00a0',
  '\u202f000',
  '\u0661',
  '\uff11',
  '\u2212',
  '\u212a',
  'ä',
];
const TEXT = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((p) => p.join('')),
  fc.double({ noNaN: true }).map(String),
  fc.integer().map(String),
);

async function sql(texts: readonly string[], rules: CellRules): Promise<(readonly [number | null, boolean])[]> {
  const select = texts
    .map((t) => `(${literal(t)}::VARCHAR)`)
    .map((t) => `SELECT ${numberSql(t, rules)}, (${filledSql(t, rules)}) IS NULL`)
    .join(' UNION ALL ');
  const rows = (await connection.runAndReadAll(select)).getRowsJS();
  return rows.map((r) => [r[0] === null ? null : Number(r[0]), r[1] === true] as const);
}

it.each(RULES)('D3: SQL and TypeScript take the same cells for numbers and for empty: %j', { timeout: 60_000 }, async (rules) => {
  await fc.assert(
    fc.asyncProperty(fc.array(TEXT, { minLength: 50, maxLength: 60 }), async (texts) => {
      const found = await sql(texts, rules);
      expect(found).toEqual(texts.map((t) => [numberIn(t, rules), isEmptyCell(t, rules)]));
    }),
    { numRuns: 40 },
  );
});

it('D3: what the CSV reader takes for a number and is none is seen by its characters', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(TEXT, { minLength: 50, maxLength: 60 }), async (texts) => {
      const select = texts.map((t) => `SELECT TRY_CAST(${literal(t)} AS DOUBLE), regexp_matches(${literal(t)}, '${ODD_NUMBER}')`);
      const rows = (await connection.runAndReadAll(select.join(' UNION ALL '))).getRowsJS();
      texts.forEach((text, i) => {
        const [cast, odd] = rows[i];
        const isRead = numberIn(text) !== null || isEmptyCell(text);
        if (cast !== null && !isRead) expect([text, odd]).toEqual([text, true]);
        // The other way round, the reader's error shows that the column holds text.
        if (cast !== null && odd !== true) expect(Number.isNaN(cast) ? null : cast).toBe(numberIn(text));
      });
    }),
    { numRuns: 60 },
  );
});
