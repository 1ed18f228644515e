/** The first rows, by group and column, whose cells are empty, text or infinite. */

import type { ColumnFacts, GroupFacts } from './facts.ts';
import { batches } from './moments.ts';
import type { Relation } from './opened.ts';
import { GROUP, numberOf, ROW, textOf } from './sql.ts';

/** Rows of the first empty, text and infinite cells, by group (`null`: rows without a group) and column. */
export type Firsts = ReadonlyMap<string | null, ReadonlyMap<number, First>>;

interface First {
  readonly empty: number | null;
  readonly text: number | null;
  readonly infinite: number | null;
}

/**
 * `groups` and `totals` have facts of the columns read, in their order. One query, over the columns that need it: where a group's cells are all
 * there or all empty, as a mask has it, the group's first row is the answer.
 */
export async function firstsOf(
  relation: Relation,
  read: readonly number[],
  totals: readonly ColumnFacts[],
  groups: readonly GroupFacts[],
): Promise<Firsts> {
  const firsts = new Map(groups.map((g) => [g.name, new Map<number, First>()]));
  const asked: number[] = [];
  read.forEach((index, i) => {
    const { empty, texts, infinite, count } = totals[i];
    // A text column's first text is its first level, and the group column's cells are the groups' names.
    if (index === relation.group || (empty === 0 && infinite === 0 && (texts === 0 || count === 0))) return;
    const whole = groups.every((g) => g.columns[i].empty === 0 || g.columns[i].empty === g.rows);
    if (!whole || infinite > 0 || (texts > 0 && count > 0)) asked.push(index);
    else
      for (const g of groups) if (g.columns[i].empty > 0) firsts.get(g.name)?.set(index, { empty: g.firstRow, text: null, infinite: null });
  });
  if (asked.length > 0) for (const part of batches(asked)) await ask(relation, part, firsts);
  return firsts;
}

async function ask(relation: Relation, asked: readonly number[], firsts: ReadonlyMap<string | null, Map<number, First>>): Promise<void> {
  const { from, hasText, connection } = relation;
  const select = asked.map((index) => {
    const n = numberOf(index);
    const first = (condition: string) => `(min(${ROW}) FILTER (WHERE ${condition}))::DOUBLE`;
    const any = hasText[index] ? textOf(index) : n;
    const text = hasText[index] ? first(`${textOf(index)} IS NOT NULL AND ${n} IS NULL`) : 'NULL';
    return `${first(`${any} IS NULL`)}, ${text}, ${first(`isinf(${n})`)}`;
  });
  const reader = await connection.runAndReadAll(`SELECT ${GROUP}, ${select.join(', ')} FROM ${from} GROUP BY 1`);
  const row = (value: unknown) => (value === null ? null : Number(value));
  for (const r of reader.getRowsJS()) {
    const group = firsts.get(r[0] === null ? null : String(r[0]));
    asked.forEach((index, k) => {
      group?.set(index, { empty: row(r[1 + 3 * k]), text: row(r[2 + 3 * k]), infinite: row(r[3 + 3 * k]) });
    });
  }
}
