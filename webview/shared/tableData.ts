/** A table as data: what `<hm-table>` shows, and what is copied and saved as CSV or Markdown. */

import { type CsvCell, csvLine } from '../../core/export/csv.ts';

export interface Cell {
  readonly text: string;
  /** What sorting and CSV go by: a number, else the text; `null` sorts last and is empty in CSV. */
  readonly value?: number | null;
  readonly tone?: 'masked' | 'bad' | 'muted';
  /** The whole of a shortened text. */
  readonly title?: string;
}

export interface Column {
  readonly title: string;
  /** What it means, shown on hovering. */
  readonly note?: string;
  readonly number?: boolean;
  /** Share of the width; 1 by default. */
  readonly share?: number;
  /** How well a narrow panel does without it: the highest goes first. A column without a number always stays. */
  readonly spare?: number;
}

export interface TableRow {
  /** Names the row when it is picked. */
  readonly key: string;
  readonly cells: readonly Cell[];
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
}

export interface Sort {
  readonly column: number;
  readonly descending: boolean;
}

export const text = (value: string, tone?: Cell['tone']): Cell => ({ text: value, tone, title: value });
/** A number is written out when it is first shown: of thousands of rows few ever are. */
export function number(given: number | null | undefined, format: (x: number | null) => string): Cell {
  const value = given ?? null;
  let written: string | null = null;
  return {
    get text() {
      written ??= format(value);
      return written;
    },
    value,
  };
}
export const masked: Cell = {
  text: 'masked',
  tone: 'masked',
  value: null,
  title: 'A structural zero: this covariate does not exist for this group.',
};

/** A row whose cells are made when they are first asked for. */
export function lazyRow(key: string, make: () => readonly Cell[]): TableRow {
  let made: readonly Cell[] | null = null;
  return {
    key,
    get cells() {
      made ??= make();
      return made;
    },
  };
}

/** A table of some of another's columns, in the order given. */
export const withColumns = ({ columns, rows }: Table, places: readonly number[]): Table => ({
  columns: places.map((i) => columns[i]),
  rows: rows.map((row) => lazyRow(row.key, () => places.map((i) => row.cells[i]))),
});

/** `Group 2` before `Group 10`; one collator for all, because making one takes longer than many comparisons. */
const ORDER = new Intl.Collator('en', { numeric: true });

/**
 * Places of the columns that a width has room for: spare ones are left out until the rest fit.
 * @param narrowest CSS pixels that a column of share 1 has at least.
 */
export function fittingColumns(columns: readonly Column[], width: number, narrowest: number): number[] {
  const shown = new Set(columns.map((_, i) => i));
  const needed = (): number => [...shown].reduce((sum, i) => sum + (columns[i].share ?? 1) * narrowest, 0);
  const spare = columns.map((c, i) => ({ i, spare: c.spare ?? 0 })).filter((c) => c.spare > 0);
  for (const { i } of spare.sort((a, b) => b.spare - a.spare)) {
    if (needed() <= width) break;
    shown.delete(i);
  }
  return [...shown];
}

/** Sorted copies; equal rows keep their order, cells without a value come last either way. */
export function sortRows(rows: readonly TableRow[], sort: Sort | null): readonly TableRow[] {
  if (sort === null) return rows;
  const { column, descending } = sort;
  const sign = descending ? -1 : 1;
  return rows
    .map((row, i) => ({ row, i }))
    .sort((a, b) => {
      const x = a.row.cells[column];
      const y = b.row.cells[column];
      if (x.value === undefined || y.value === undefined) return sign * ORDER.compare(x.text, y.text) || a.i - b.i;
      if (empty(x.value) || empty(y.value)) return Number(empty(x.value)) - Number(empty(y.value)) || a.i - b.i;
      return sign * (x.value! - y.value!) || a.i - b.i;
    })
    .map(({ row }) => row);
}

const empty = (x: number | null): boolean => x === null || Number.isNaN(x);

/** Rows one of whose cells has the words, in any case. */
export function filterRows(rows: readonly TableRow[], words: string): readonly TableRow[] {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return rows;
  return rows.filter(({ cells }) => {
    const all = cells.map((c) => c.text.toLowerCase());
    return parts.every((part) => all.some((t) => t.includes(part)));
  });
}

/** Numbers in full, where cells show them rounded. */
export function toCsv({ columns, rows }: Table): string {
  const value = ({ text, value: v, tone }: Cell): CsvCell => {
    if (v === undefined) return text;
    return (v === null || Number.isNaN(v)) && tone === 'masked' ? text : v;
  };
  return [csvLine(columns.map((c) => c.title)), ...rows.map((r) => csvLine(r.cells.map(value)))].join('');
}

/** A GitHub table; characters that Markdown or HTML would read are escaped. */
export function toMarkdown({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = `| ${columns.map((c) => (c.number ? '--:' : ':--')).join(' | ')} |`;
  return [line(columns.map((c) => c.title)), rule, ...rows.map((r) => line(r.cells.map((c) => c.text)))].join('\n') + '\n';
}

const escapeMarkdown = (value: string): string => value.replace(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&').replace(/[\r\n]+/g, ' ');
