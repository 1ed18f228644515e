/** Counts, moments and correlations of columns by group, in one query. */
import type { ColumnFacts, Facts, GroupFacts } from './facts.ts';
import type { Relation } from './opened.ts';
import { readSampled, sampleOf, widen } from './sample.ts';
import { doubleOf, GROUP, number, numberOf, ROW, textOf } from './sql.ts';

/** Above this size, squares may overflow: such columns are scaled down for their moments. */
const HUGE = 1e100;
const DOWN = 1e-200;

/** How a column enters the sums. */
interface Treatment {
  readonly finiteOnly: boolean;
  readonly scale: number;
}

/** `columns` and `correlated` are column indices of the relation; `every` > 0 asks for a systematic sample. */
export async function groupFacts(
  relation: Relation,
  columns: readonly number[],
  correlated: readonly number[],
  every: number,
): Promise<Facts> {
  const asTheyAre = new Map(columns.map((c): [number, Treatment] => [c, { finiteOnly: false, scale: 1 }]));
  const read = async (how: ReadonlyMap<number, Treatment>, plain: boolean, cell: (index: number) => string): Promise<Facts> => ({
    columns,
    correlated,
    plain,
    groups: await query(relation, columns, correlated, every, how, cell),
  });
  try {
    if (relation.hasDoubles) {
      // Without looking at each cell for NaN: where there is one, the largest value is NaN, and the quick way was in vain.
      const quick = await read(asTheyAre, true, (c) => (relation.hasText[c] ? numberOf(c) : doubleOf(c)));
      if (quick.groups.every((g) => g.columns.every((c) => c.infinite === 0 && (c.count === 0 || !Number.isNaN(c.max))))) return quick;
    }
    const facts = await read(asTheyAre, true, numberOf);
    if (facts.groups.every((g) => g.columns.every((c) => c.infinite === 0))) return facts;
  } catch (error) {
    // DuckDB refuses moments that overflow; the second way below takes care of them.
    if (!(error instanceof Error && error.message.startsWith('Out of Range'))) throw error;
  }
  return read(await treatments(relation, columns), false, numberOf);
}

async function treatments(relation: Relation, columns: readonly number[]): Promise<Map<number, Treatment>> {
  const found = new Map<number, Treatment>();
  for (const part of batches(columns)) {
    const select = part.map((c) => `max(abs(${numberOf(c)})) FILTER (WHERE NOT isinf(${numberOf(c)})), bool_or(isinf(${numberOf(c)}))`);
    if (select.length === 0) continue;
    const [row] = (await relation.connection.runAndReadAll(`SELECT ${select.join(', ')} FROM ${relation.from}`)).getRowsJS();
    part.forEach((c, i) => {
      found.set(c, { finiteOnly: row[2 * i + 1] === true, scale: Number(row[2 * i] ?? 0) > HUGE ? DOWN : 1 });
    });
  }
  return found;
}

/** Group, rows, first row and sample come before the columns' facts. */
const [SAMPLE, FIRST_COLUMN] = [3, 4];
/** DuckDB plans a query of a few hundred aggregates at once, and of ten thousand in minutes. */
export const COLUMNS_AT_ONCE = 64;

/** Parts of a list of columns, few enough for one query; one part at least. */
export const batches = <T>(columns: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.max(1, Math.ceil(columns.length / COLUMNS_AT_ONCE)) }, (_, b) =>
    columns.slice(b * COLUMNS_AT_ONCE, (b + 1) * COLUMNS_AT_ONCE),
  );

/** How the cells of columns enter a query. */
interface Cells {
  readonly plain: (column: number) => string;
  /** After its treatment. */
  readonly value: (column: number) => string;
  readonly scale: (column: number) => number;
}

async function query(
  relation: Relation,
  columns: readonly number[],
  correlated: readonly number[],
  every: number,
  how: ReadonlyMap<number, Treatment>,
  plain: (index: number) => string,
): Promise<GroupFacts[]> {
  const treatment = (c: number) => how.get(c) ?? { finiteOnly: false, scale: 1 };
  const value = (c: number) => {
    const { finiteOnly, scale } = treatment(c);
    const finite = finiteOnly ? `CASE WHEN NOT isinf(${plain(c)}) THEN ${plain(c)} END` : plain(c);
    return scale === 1 ? finite : `(${finite}) * ${number(scale)}`;
  };
  const cells: Cells = { plain, value, scale: (c) => treatment(c).scale };
  const pairs = correlated.flatMap((a, i) => correlated.slice(i + 1).map((b) => [a, b] as const));
  let found: readonly Counted[] | null = null;
  for (const part of batches(columns)) {
    const counted = await countColumns(relation, part, found === null ? pairs : [], every, cells);
    // The groups come in the same order each time: that of their first rows.
    found = found === null ? counted : found.map((group, g) => joinColumns(group, counted[g]));
  }
  return (found ?? []).map((group): GroupFacts => {
    const spread = (c: number) => {
      const { sd, count } = group.columns[columns.indexOf(c)];
      return sd * cells.scale(c) * Math.sqrt((count - 1) / count);
    };
    const correlations = pairs.map(([a, b], i) => {
      const product = spread(a) * spread(b);
      return product > 0 ? Math.max(-1, Math.min(1, group.covariances[i] / product)) : Number.NaN;
    });
    return { ...group, correlations };
  });
}

type Counted = Omit<GroupFacts, 'correlations'>;

/** One query: some columns by group, and covariances of pairs. */
async function countColumns(
  relation: Relation,
  columns: readonly number[],
  pairs: readonly (readonly [number, number])[],
  every: number,
  { plain, value, scale }: Cells,
): Promise<Counted[]> {
  const select = [
    GROUP,
    'count(*)::DOUBLE',
    `min(${ROW})::DOUBLE`,
    every > 0 ? sampleOf(columns.map(plain), every) : 'NULL',
    ...columns.flatMap((c) => [
      `count(${value(c)})::DOUBLE`,
      `count(${plain(c)})::DOUBLE`,
      relation.hasText[c] ? `count(${textOf(c)})::DOUBLE` : 'NULL',
      `min(${value(c)})`,
      `max(${value(c)})`,
      `avg(${value(c)})`,
      `stddev_samp(${value(c)})`,
    ]),
    ...pairs.map(([a, b]) => `covar_pop(${value(a)}, ${value(b)})`),
  ];
  const sql = `SELECT ${select.join(', ')} FROM ${relation.from} GROUP BY 1 ORDER BY 3`;
  const answers = await readSampled(relation.connection, sql, every > 0 ? SAMPLE : -1, columns.length + 1);
  const cell = (row: readonly unknown[], i: number) => (row[i] === null ? Number.NaN : Number(row[i]));
  return answers.map(({ row, sample }): Counted => {
    const rows = Number(row[1]);
    const facts = columns.map((c, k): ColumnFacts => {
      const at = FIRST_COLUMN + 7 * k;
      const [count, numbers] = [Number(row[at]), Number(row[at + 1])];
      const filled = row[at + 2] === null ? numbers : Number(row[at + 2]);
      const [min, max, mean, sd] = [3, 4, 5, 6].map((offset) => cell(row, at + offset) / scale(c));
      const unbounded = !Number.isFinite(min) || !Number.isFinite(max);
      const infinite = count === numbers && count > 0 && unbounded ? 1 : numbers - count;
      return { count, empty: rows - filled, texts: filled - numbers, infinite, min, max, mean, sd };
    });
    const afterColumns = FIRST_COLUMN + 7 * columns.length;
    return {
      name: row[0] === null ? null : String(row[0]),
      rows,
      firstRow: Number(row[2]),
      columns: facts,
      covariances: pairs.map((_, i) => cell(row, afterColumns + i)),
      sample,
    };
  });
}

/** What one query found of a group, and what another found of further columns of it. */
const joinColumns = (a: Counted, b: Counted): Counted => ({
  ...a,
  columns: [...a.columns, ...b.columns],
  sample: widen(a.sample, b.sample),
});

/** Each column over all groups, by Chan, Golub & LeVeque's (1983) pairwise update. */
export function pool(groups: readonly GroupFacts[], columns: number): ColumnFacts[] {
  return Array.from({ length: columns }, (_, k) => {
    let [count, empty, texts, infinite, mean, squares] = [0, 0, 0, 0, 0, 0];
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const scale = groups.some((g) => Math.max(-g.columns[k].min, g.columns[k].max) > HUGE) ? DOWN : 1;
    for (const { columns: facts } of groups) {
      const c = facts[k];
      empty += c.empty;
      texts += c.texts;
      infinite += c.infinite;
      if (c.count === 0) continue;
      const total = count + c.count;
      const gap = c.mean * scale - mean;
      squares += (c.count > 1 ? (c.sd * scale) ** 2 * (c.count - 1) : 0) + gap * gap * ((count * c.count) / total);
      mean += gap * (c.count / total);
      count = total;
      min = Math.min(min, c.min);
      max = Math.max(max, c.max);
    }
    if (count === 0) [min, max, mean] = [Number.NaN, Number.NaN, Number.NaN];
    const sd = count > 1 ? Math.sqrt(squares / (count - 1)) / scale : Number.NaN;
    return { count, empty, texts, infinite, min, max, mean: mean / scale, sd };
  });
}
