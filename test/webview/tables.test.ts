import { describe, expect, it } from 'vitest';
import { summaryCsv } from '../../core/export/summary.ts';
import type { FitReport } from '../../core/posterior/report.ts';
import { structureView } from '../../engine/views/structure.ts';
import { estimatesTable, readingOf, scalarRows, topScalars, worstFirst } from '../../webview/panel/estimates.ts';
import { ignoredText, predictionsTable } from '../../webview/shared/predictionsTable.ts';
import {
  filterRows,
  fittingColumns,
  masked,
  number,
  sortRows,
  type Table,
  text,
  toCsv,
  toMarkdown,
} from '../../webview/shared/tableData.ts';
import { manufacturing, manyGroups } from '../engine/views/fixture.ts';

const row = (key: string, ...cells: Table['rows'][number]['cells']) => ({ key, cells });
const plain = (x: number | null): string => String(x);

describe('columns of a narrow table', () => {
  const columns = [
    { title: 'Parameter', share: 2 },
    { title: 'Group', spare: 3 },
    { title: 'Mean' },
    { title: 'SD', spare: 1 },
    { title: 'R-hat', spare: 2 },
  ];
  it.each([
    [600, [0, 1, 2, 3, 4]],
    [599, [0, 2, 3, 4]],
    [499, [0, 2, 3]],
    [300, [0, 2]],
    [10, [0, 2]],
    [Number.POSITIVE_INFINITY, [0, 1, 2, 3, 4]],
  ])('of %i pixels are the ones least to be spared', (width, shown) => {
    expect(fittingColumns(columns, width, 100)).toEqual(shown);
  });
  it('keep the effective sample size where it is too small', () => {
    const state = manufacturing();
    const structure = structureView(state);
    const short = { ...state.report, parameters: state.report.parameters.map((p) => (p.masked ? p : { ...p, ess_tail: 30 })) };
    const titles = (report: typeof state.report): string[] => {
      const { columns } = estimatesTable(scalarRows(report, structure), report);
      return fittingColumns(columns, 400, 60).map((i) => columns[i].title);
    };
    expect(titles(state.report)).toEqual(['Parameter', 'Mean', 'Lower', 'Upper', 'R-hat']);
    expect(titles(short)).toContain('ESS tail');
  });
});

describe('sortRows', () => {
  const rows = [
    row('a', number(2, plain)),
    row('m', masked),
    row('b', number(10, plain)),
    row('c', number(-1, plain)),
    row('n', number(Number.NaN, plain)),
  ];
  it.each([
    [false, 'c a b m n'],
    [true, 'b a c m n'],
  ])('by number, descending %s: what has none comes last', (descending, order) => {
    expect(
      sortRows(rows, { column: 0, descending })
        .map((r) => r.key)
        .join(' '),
    ).toBe(order);
  });
  it('by text as people count', () => {
    const names = [row('10', text('Group 10')), row('9', text('group 9')), row('1', text('Group 1'))];
    expect(sortRows(names, { column: 0, descending: false }).map((r) => r.key)).toEqual(['1', '9', '10']);
  });
  it('leaves rows as they are without a sort', () => {
    expect(sortRows(rows, null)).toBe(rows);
  });
});

describe('filterRows', () => {
  const rows = [row('a', text('w[Feed, A]'), text('A')), row('b', text('w[Feed, B]'), text('B'))];
  it.each([
    ['', 'a b'],
    ['feed', 'a b'],
    ['FEED a', 'a'],
    ['feed, b', 'b'],
    ['zzz', ''],
  ])('%j keeps %j', (words, keys) => {
    expect(
      filterRows(rows, words)
        .map((r) => r.key)
        .join(' '),
    ).toBe(keys);
  });
});

describe('toCsv and toMarkdown', () => {
  const table: Table = {
    columns: [{ title: 'Name' }, { title: 'Mean, in "mm"', number: true }],
    rows: [
      row(
        '1',
        text('=HYPERLINK("x")'),
        number(1.23456789, () => '1.23'),
      ),
      row('2', text('a|b <img> [c](command:d)'), masked),
      row(
        '3',
        text('two\nlines'),
        number(null, () => '–'),
      ),
    ],
  };
  it('quotes fields, gives numbers in full, and no formula to a spreadsheet', () => {
    expect(toCsv(table)).toBe('Name,"Mean, in ""mm"""\n"\'=HYPERLINK(""x"")",1.23456789\na|b <img> [c](command:d),masked\n"two\nlines",\n');
  });
  it('escapes what Markdown or HTML would read', () => {
    const lines = toMarkdown(table).split('\n');
    expect(lines[1]).toBe('| :-- | --: |');
    expect(lines[3]).toBe('| a\\|b \\<img\\> \\[c\\]\\(command:d\\) | masked |');
    expect(lines[4]).toBe('| two lines | – |');
  });
});

describe('estimatesTable', () => {
  const state = manufacturing();
  const structure = structureView(state);
  const scalars = scalarRows(state.report, structure);
  it('shows a masked coefficient as masked, without a number', () => {
    const { rows } = estimatesTable(scalars, state.report);
    const cells = rows.find((r) => r.key === 'w[Cutting_Wait_Time, Product_Group_1]')!.cells;
    expect(cells.slice(2).map((c) => [c.text, c.value])).toEqual(Array.from({ length: 8 }, () => ['masked', null]));
  });
  it('E11: has no number for a mean or an sd that does not exist', () => {
    const report: FitReport = {
      ...state.report,
      parameters: state.report.parameters.map((p) =>
        p.masked || p.name !== 'scale' ? p : { ...p, mean: null, sd: null, mcse_mean: null, mcse_sd: null, note: 'No mean and no sd.' },
      ),
    };
    const own = scalarRows(report, structure);
    const cells = estimatesTable(own, report).rows.find((r) => r.key === 'scale')!.cells;
    expect(cells.slice(2, 4).map((c) => [c.text, c.value, c.title])).toEqual(
      Array.from({ length: 2 }, () => ['–', null, 'No mean and no sd.']),
    );
    expect(cells[4].value).toBeCloseTo(0.5, 1);
    expect(readingOf(own.find((s) => s.name === 'scale')!.summary!, report)).toMatch(/^scale has the median 0\.5\d* and no mean; /);
    expect([...summaryCsv(report)].join('')).toMatch(/^scale,false,,,0\./m);
  });
  it('says which interval', () => {
    const { columns } = estimatesTable(scalars, state.report);
    expect(columns.find((c) => c.title === 'Lower')!.note).toContain('90 % equal-tailed');
    expect(readingOf(scalars.find((s) => s.name === 'scale')!.summary!, state.report)).toMatch(
      /^scale is 0\.5\d*; 90 % equal-tailed interval 0\.4\d* to 0\.5\d*\.$/,
    );
  });
});

describe('worstFirst', () => {
  const state = manufacturing();
  const [one] = scalarRows(state.report, structureView(state)).filter((s) => s.summary !== null);
  const scalar = (name: string, r_hat: number | null, ess: number) => ({
    ...one,
    name,
    summary: { ...one.summary!, name, r_hat, ess_bulk: ess, ess_tail: 2 * ess },
  });
  const order = (list: readonly ReturnType<typeof scalar>[], flagged: readonly string[] = []): string => {
    const flags = flagged.map((name) => ({ parameters: [name] })) as unknown as FitReport['verdict']['flags'];
    return worstFirst(list, { ...state.report, verdict: { ...state.report.verdict, flags } })
      .map((s) => s.name)
      .join(' ');
  };
  it.each<[string, string, readonly ReturnType<typeof scalar>[]]>([
    ['R-hat, however large the sample', 'a b', [scalar('b', 1.0001, 10_000), scalar('a', 1.02, 60_000)]],
    ['few effective draws', 'a b', [scalar('b', 1.005, 4000), scalar('a', 1, 90)]],
    ['what oversteps its limit more', 'a b c', [scalar('c', 1, 4000), scalar('b', 1.02, 4000), scalar('a', 1, 100)]],
    ['draws that are not all finite', 'a b', [scalar('b', 1.4, 10), scalar('a', null, Number.NaN)]],
    ['a fixed one last', 'a b', [scalar('b', null, 4000), scalar('a', 1.001, 3000)]],
  ])('%s', (_, expected, list) => {
    expect(order(list)).toBe(expected);
  });
  it('begins with those that the verdict names', () => {
    expect(order([scalar('a', 1.4, 10), scalar('b', 1, 4000), scalar('c', 1, 4000)], ['c', 'b'])).toBe('c b a');
  });
});

describe('topScalars', () => {
  it('keeps whole groups, and what all share', () => {
    const state = manyGroups(100);
    const structure = structureView(state);
    const all = scalarRows(state.report, structure);
    const top = topScalars(all, structure);
    expect(top.length).toBeLessThanOrEqual(80);
    expect(top.filter((s) => s.group === null)).toEqual(all.filter((s) => s.group === null));
    const counts = new Map<string, number>();
    for (const { group } of top) if (group !== null) counts.set(group, (counts.get(group) ?? 0) + 1);
    expect(new Set(counts.values())).toEqual(new Set([6]));
  });
});

describe('predictionsTable', () => {
  it('says what was ignored', () => {
    const state = manufacturing();
    const table = predictionsTable(state.report, structureView(state).predictions);
    expect(table.rows.map((r) => r.cells.at(-1)!.text)).toEqual(['', '', 'Cutting_Wait_Time is masked for this group: ignored', '']);
    expect(table.rows[0].cells[1].text).toBe('Feed_Speed 3, Pull_Acceleration 2');
    expect(ignoredText(['a', 'b'])).toBe('a, b are masked for this group: ignored');
  });
});
