/** The first rows, by group and column, whose cells are empty, text or infinite. */
import type { ColumnFacts } from './moments.ts';
import type { Relation } from './relation.ts';
import { GROUP, numberOf, ROW, textOf } from './sql.ts';

/** Rows of the first empty, text and infinite cells, by group (`null`: rows without a group) and column. */
export type Firsts = ReadonlyMap<
  string | null,
  ReadonlyMap<number, { readonly empty: number | null; readonly text: number | null; readonly infinite: number | null }>
>;

/** One query, over the columns that have such cells only. */
export async function firstsOf(relation: Relation, read: readonly number[], totals: readonly ColumnFacts[]): Promise<Firsts> {
  const { from, hasText, group, connection } = relation;
  // A text column's first text is its first level, and the group column's cells are the groups' names.
  const asked = read.filter((index, i) => {
    const { empty, texts, infinite, count } = totals[i];
    return index !== group && (empty > 0 || infinite > 0 || (texts > 0 && count > 0));
  });
  if (asked.length === 0) return new Map();
  const select = asked.map((index) => {
    const n = numberOf(index);
    const first = (condition: string) => `(min(${ROW}) FILTER (WHERE ${condition}))::DOUBLE`;
    const any = hasText[index] ? textOf(index) : n;
    const text = hasText[index] ? first(`${textOf(index)} IS NOT NULL AND ${n} IS NULL`) : 'NULL';
    return `${first(`${any} IS NULL`)}, ${text}, ${first(`isinf(${n})`)}`;
  });
  const rows = (await connection.runAndReadAll(`SELECT ${GROUP}, ${select.join(', ')} FROM ${from} GROUP BY 1`)).getRowsJS();
  const row = (value: unknown) => (value === null ? null : Number(value));
  return new Map(
    rows.map((r) => [
      r[0] === null ? null : String(r[0]),
      new Map(asked.map((index, k) => [index, { empty: row(r[1 + 3 * k]), text: row(r[2 + 3 * k]), infinite: row(r[3 + 3 * k]) }])),
    ]),
  );
}
