/** The fixed draws of test/reference/diagnostics and what ArviZ 0.23.4 says of them. */
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../reference/diagnostics/', import.meta.url);

export interface FixedDraws {
  /** chains × draws. */
  readonly values: Float64Array;
  readonly chains: number;
  readonly draws: number;
}

/** A file of one column a chain, one row a draw, with a header. */
export function readDraws(name: string): FixedDraws {
  const rows = readTable(`arrays/${name}.csv`);
  const draws = rows.length;
  const chains = rows[0].length;
  const values = new Float64Array(chains * draws);
  for (let c = 0; c < chains; c++) for (let d = 0; d < draws; d++) values[c * draws + d] = rows[d][c];
  return { values, chains, draws };
}

/** The rows of a CSV of numbers, its header left out. */
export function readTable(path: string): number[][] {
  const lines = readFileSync(new URL(path, FOLDER), 'utf8').trim().split(/\r?\n/);
  return lines.slice(1).map((line) => line.split(',').map(Number));
}

export const ARRAYS: readonly string[] = readdirSync(new URL('arrays/', FOLDER)).map((file) => file.replace('.csv', ''));

export type Golden = Readonly<Record<string, unknown>>;

export function readValues(path: string): Golden {
  return JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8')) as Golden;
}
