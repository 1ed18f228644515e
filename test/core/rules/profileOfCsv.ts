/** A data profile of a small CSV without quotes, by plain loops: what the rules are tested on, independent of any reader. */
import type {
  CellPlace,
  ColumnProfile,
  DataProfile,
  GroupColumnProfile,
  GroupProfile,
  NumericProfile,
} from '../../../core/data/profile.ts';
import { ALL } from '../../../core/spec/types.ts';

interface Cell extends CellPlace {
  readonly kind: 'empty' | 'number' | 'infinite' | 'text';
  readonly value: number;
}

export function profileOfCsv(csv: string, groupColumn: string | null, file = 'd.csv'): DataProfile {
  const [header, ...lines] = csv.replace(/\n$/, '').split('\n');
  const names = header.split(',');
  const table = lines.map((line, row) => line.split(',').map((text, column) => readCell(text, row, column)));
  const groupIndex = groupColumn === null ? -1 : names.indexOf(groupColumn);
  const groupOf = (row: readonly Cell[]) => (groupIndex < 0 ? ALL : row[groupIndex].text);
  const inGroups = new Map<string, (readonly Cell[])[]>();
  for (const row of table) {
    const name = groupOf(row);
    if (name === '') continue;
    const rows = inGroups.get(name);
    if (rows === undefined) inGroups.set(name, [row]);
    else rows.push(row);
  }
  const columns = names.map((name, index) =>
    columnOf(
      name,
      index,
      table.map((row) => row[index]),
    ),
  );
  const correlated = columns.flatMap((c) => (c.kind === 'text' || c.kind === 'empty' ? [] : [c.index]));
  const emptyGroups = groupIndex < 0 ? [] : table.map((row) => row[groupIndex]).filter((c) => c.text === '');
  return {
    file,
    version: '1',
    rows: table.length,
    columns,
    groupColumn: groupIndex < 0 ? null : groupColumn,
    groups: [...inGroups].map(([name, rows]) => groupProfile(name, rows, names.length, correlated)),
    correlated,
    emptyGroups: emptyGroups.length,
    firstEmptyGroup: emptyGroups[0] ?? null,
    faults: [],
  };
}

function readCell(text: string, row: number, column: number): Cell {
  const place = { row, line: row + 2, column: column + 1, text };
  if (/^(|na|nan|null)$/i.test(text)) return { ...place, kind: 'empty', value: Number.NaN };
  if (/^[+-]?(inf|infinity)$/i.test(text)) return { ...place, kind: 'infinite', value: Number.NaN };
  const value = Number(text);
  if (Number.isNaN(value)) return { ...place, kind: 'text', value };
  return { ...place, kind: Number.isFinite(value) ? 'number' : 'infinite', value };
}

function numbersOf(cells: readonly Cell[]): NumericProfile {
  const x = cells.filter((c) => c.kind === 'number').map((c) => c.value);
  const mean = x.length === 0 ? Number.NaN : x.reduce((a, b) => a + b, 0) / x.length;
  const squares = x.reduce((s, v) => s + (v - mean) ** 2, 0);
  return {
    count: x.length,
    empty: cells.filter((c) => c.kind === 'empty').length,
    min: x.length === 0 ? Number.NaN : Math.min(...x),
    max: x.length === 0 ? Number.NaN : Math.max(...x),
    mean,
    sd: x.length < 2 ? Number.NaN : Math.sqrt(squares / (x.length - 1)),
  };
}

const firstOf = (cells: readonly Cell[], kind: Cell['kind']): CellPlace | null => cells.find((c) => c.kind === kind) ?? null;

function columnOf(name: string, index: number, cells: readonly Cell[]): ColumnProfile {
  const numbers = numbersOf(cells);
  const full = cells.filter((c) => c.kind !== 'empty');
  const texts = full.filter((c) => c.kind === 'text').length;
  const kind = full.length === 0 ? 'empty' : texts === full.length ? 'text' : texts === 0 ? 'number' : 'mixed';
  const fraction = cells.find((c) => c.kind === 'number' && !Number.isInteger(c.value)) ?? null;
  const levels = [...new Set(full.map((c) => c.text))];
  return {
    ...numbers,
    name,
    index,
    kind,
    texts,
    firstText: firstOf(cells, 'text'),
    infinite: cells.filter((c) => c.kind === 'infinite').length,
    firstInfinite: firstOf(cells, 'infinite'),
    firstEmpty: firstOf(cells, 'empty'),
    integer: fraction === null,
    firstFraction: fraction,
    minPlace: cells.find((c) => c.value === numbers.min) ?? null,
    maxPlace: cells.find((c) => c.value === numbers.max) ?? null,
    distinct: levels.length,
    levels: kind === 'text' ? levels : [],
    histogram: numbers.count > 0 ? { lower: numbers.min, upper: numbers.max, counts: [1, 2, 1] } : null,
  };
}

function groupProfile(name: string, rows: readonly (readonly Cell[])[], width: number, correlated: readonly number[]): GroupProfile {
  const columns = Array.from({ length: width }, (_, i): GroupColumnProfile => {
    const cells = rows.map((row) => row[i]);
    return {
      ...numbersOf(cells),
      texts: cells.filter((c) => c.kind === 'text').length,
      infinite: cells.filter((c) => c.kind === 'infinite').length,
      firstEmpty: firstOf(cells, 'empty'),
      firstText: firstOf(cells, 'text'),
      firstInfinite: firstOf(cells, 'infinite'),
    };
  });
  const correlations = correlated.flatMap((a, i) => correlated.slice(i + 1).map((b) => correlation(rows, a, b)));
  return { name, rows: rows.length, columns, firstRow: rows[0][0].row, correlations };
}

function correlation(rows: readonly (readonly Cell[])[], a: number, b: number): number {
  const both = rows.filter((r) => r[a].kind === 'number' && r[b].kind === 'number').map((r) => [r[a].value, r[b].value]);
  const mean = (i: number) => both.reduce((s, p) => s + p[i], 0) / both.length;
  const [ma, mb] = [mean(0), mean(1)];
  const sum = (f: (p: number[]) => number) => both.reduce((s, p) => s + f(p), 0);
  return sum((p) => (p[0] - ma) * (p[1] - mb)) / Math.sqrt(sum((p) => (p[0] - ma) ** 2) * sum((p) => (p[1] - mb) ** 2));
}
