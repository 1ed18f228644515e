/** How a column's values spread: distinct values, fractions, the rows of the extremes, a histogram, and a text column's levels. */
import { isEmptyCell, numberIn } from '../../core/data/cells.ts';
import type { ColumnProfile, Histogram } from '../../core/data/profile.ts';
import type { CellRules } from '../../core/spec/types.ts';
import type { ColumnFacts, GroupFacts } from './facts.ts';
import { batches } from './moments.ts';
import type { Relation } from './opened.ts';
import { number, numberOf, ROW, textOf } from './sql.ts';

export interface Shape {
  readonly distinct: number;
  readonly histogram: Histogram | null;
  /** Rows of the first fraction and of the extremes; `null` where there is none or it is not known. */
  readonly fraction: number | null;
  readonly minRow: number | null;
  readonly maxRow: number | null;
}

export interface Levels {
  readonly distinct: number;
  readonly names: readonly string[];
  readonly firstRow: number | null;
  /** The first row of the first level with a zero character; `null` where there is none. */
  readonly firstZero: number | null;
}

export const NO_SHAPE: Shape = { distinct: 0, histogram: null, fraction: null, minRow: null, maxRow: null };

const BINS = 24;
const MAX_LEVELS = 1_000;
/** Up to this many rows distinct numbers are counted exactly. */
const EXACT_DISTINCT_ROWS = 100_000;

async function query(relation: Relation, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await relation.connection.runAndReadAll(sql)).getRowsJS();
}

/** Shapes of numeric columns, by queries over all rows; aligned with `columns`, column indices of the relation. */
export async function shapesOf(
  relation: Relation,
  columns: readonly number[],
  totals: readonly ColumnFacts[],
  rows: number,
): Promise<Shape[]> {
  const shapes: Shape[] = [];
  for (const part of batches(columns.map((column, i) => ({ column, total: totals[i] })))) {
    if (part.length === 0) continue;
    const select = part.map(({ column, total }) => {
      const n = numberOf(column);
      const first = (condition: string) => `(min(${ROW}) FILTER (WHERE ${condition}))::DOUBLE`;
      const distinct = rows <= EXACT_DISTINCT_ROWS ? `count(DISTINCT ${n})` : `approx_count_distinct(${n})`;
      return [
        `${distinct}::DOUBLE`,
        first(`${n} <> trunc(${n}) AND NOT isinf(${n})`),
        first(`${n} = ${number(total.min)}`),
        first(`${n} = ${number(total.max)}`),
      ].join(', ');
    });
    const [found] = await query(relation, `SELECT ${select.join(', ')} FROM ${relation.from}`);
    for (const [i, { column, total }] of part.entries()) {
      const [distinct, fraction, minRow, maxRow] = [0, 1, 2, 3].map((k) => (found[4 * i + k] === null ? null : Number(found[4 * i + k])));
      shapes.push({ distinct: distinct ?? 0, fraction, minRow, maxRow, histogram: await histogramOf(relation, column, total) });
    }
  }
  return shapes;
}

async function histogramOf(relation: Relation, column: number, { min, max }: ColumnFacts): Promise<Histogram | null> {
  const width = (max - min) / BINS;
  if (!Number.isFinite(width)) return null;
  const n = numberOf(column);
  const bin = width > 0 ? `least(${BINS - 1}, greatest(0, floor((${n} - ${number(min)}) / ${number(width)})))` : '0';
  const counts = new Array<number>(BINS).fill(0);
  const found = await query(
    relation,
    `SELECT (${bin})::INTEGER, count(*)::DOUBLE FROM ${relation.from} WHERE ${n} IS NOT NULL AND NOT isinf(${n}) GROUP BY 1`,
  );
  for (const [b, count] of found) counts[Number(b)] = Number(count);
  return { lower: min, upper: max, counts };
}

/** The shape of some of a column's values, each with its row and how often it counts (once, if not given); NaN and infinite ones are passed over. */
export function shapeOf(
  values: Float64Array,
  rows: ArrayLike<number>,
  { min, max }: Pick<ColumnFacts, 'min' | 'max'>,
  times: ArrayLike<number> | null = null,
): Shape {
  const width = (max - min) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  const seen = new Float64Array(values.length);
  let n = 0;
  let [fraction, minRow, maxRow]: (number | null)[] = [null, null, null];
  const earlier = (a: number | null, row: number) => (a === null || row < a ? row : a);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    seen[n++] = value;
    if (!Number.isInteger(value)) fraction = earlier(fraction, rows[i]);
    if (value === min) minRow = earlier(minRow, rows[i]);
    if (value === max) maxRow = earlier(maxRow, rows[i]);
    counts[width > 0 ? Math.min(BINS - 1, Math.max(0, Math.floor((value - min) / width))) : 0] += times?.[i] ?? 1;
  }
  const histogram = Number.isFinite(width) && n > 0 ? { lower: min, upper: max, counts } : null;
  return { distinct: countDistinct(seen.subarray(0, n)), histogram, fraction, minRow, maxRow };
}

/** Sorts the values. */
function countDistinct(values: Float64Array): number {
  values.sort();
  let distinct = 0;
  // -0 sorts before 0, and is the same number.
  for (let i = 0; i < values.length; i++) if (i === 0 || values[i] !== values[i - 1]) distinct++;
  return distinct;
}

/** A text column's levels in order of first appearance. */
export async function levelsOf(relation: Relation, column: number): Promise<Levels> {
  const t = textOf(column);
  const found = await query(
    relation,
    `SELECT ${t}, count(*) OVER ()::DOUBLE, min(${ROW})::DOUBLE FROM ${relation.from} WHERE ${t} IS NOT NULL GROUP BY ${t} ORDER BY 3 LIMIT ${MAX_LEVELS}`,
  );
  if (found.length === 0) return { distinct: 0, names: [], firstRow: null, firstZero: null };
  const zero = found.find((r) => String(r[0]).includes('\0'));
  return {
    distinct: Number(found[0][1]),
    names: found.map((r) => String(r[0])),
    firstRow: Number(found[0][2]),
    firstZero: zero === undefined ? null : Number(zero[2]),
  };
}

/** The different texts among a column's numbers in order of first appearance. */
export async function textsAmong(relation: Relation, column: number): Promise<string[]> {
  const [t, n] = [textOf(column), numberOf(column)];
  const found = await query(
    relation,
    `SELECT ${t}, min(${ROW}) FROM ${relation.from} WHERE ${t} IS NOT NULL AND ${n} IS NULL GROUP BY ${t} ORDER BY 2 LIMIT ${MAX_LEVELS}`,
  );
  return found.map((r) => String(r[0]));
}

/** The group column itself, from the groups' names: no query is needed for it. */
export function groupColumnFacts(
  groups: readonly GroupFacts[],
  rules: CellRules,
): {
  readonly byGroup: readonly ColumnFacts[];
  readonly values: readonly (number | null)[];
} {
  const values = groups.map((g) => (g.name === null ? null : numberIn(g.name, rules)));
  const byGroup = groups.map((g, i): ColumnFacts => {
    const value = values[i];
    const nothing = { min: Number.NaN, max: Number.NaN, mean: Number.NaN, sd: Number.NaN };
    if (g.name === null || isEmptyCell(g.name, rules)) return { ...nothing, count: 0, empty: g.rows, texts: 0, infinite: 0 };
    if (value === null) return { ...nothing, count: 0, empty: 0, texts: g.rows, infinite: 0 };
    if (!Number.isFinite(value)) return { ...nothing, count: 0, empty: 0, texts: 0, infinite: g.rows };
    return { count: g.rows, empty: 0, texts: 0, infinite: 0, min: value, max: value, mean: value, sd: g.rows > 1 ? 0 : Number.NaN };
  });
  return { byGroup, values };
}

/** The shape of a column of the sample, by its place among the columns asked for. */
export function sampleShape(groups: readonly GroupFacts[], at: number, total: ColumnFacts): Shape {
  const pick = (k: number) => {
    const parts = groups.map(({ sample: { cells, width } }) => cells.filter((_, i) => i % width === k));
    const all = new Float64Array(parts.reduce((n, p) => n + p.length, 0));
    let filled = 0;
    for (const part of parts) {
      all.set(part, filled);
      filled += part.length;
    }
    return all;
  };
  return shapeOf(pick(at + 1), pick(0), total);
}

/** The group column's shape and, when it is text, its levels: the groups themselves. */
export function groupShape(
  groups: readonly GroupFacts[],
  total: ColumnFacts,
  kind: ColumnProfile['kind'],
  rules: CellRules,
): { shape: Shape; levels: Levels | null } {
  const named = groups.filter((g) => g.name !== null);
  const { values } = groupColumnFacts(named, rules);
  const shape = shapeOf(
    Float64Array.from(values, (v) => v ?? Number.NaN),
    named.map((g) => g.firstRow),
    total,
    named.map((g) => g.rows),
  );
  if (kind !== 'text') return { shape, levels: null };
  return {
    shape: NO_SHAPE,
    levels: { distinct: named.length, names: named.map((g) => g.name ?? ''), firstRow: named[0]?.firstRow ?? null, firstZero: null },
  };
}
