/** Every pair of columns against each other, coloured by group, with each column's histogram on the diagonal. */
import type { ViewOf } from '../../protocol/views.ts';
import { ellipsis } from '../shared/format.ts';
import type { Theme } from '../shared/theme.ts';
import { type Chart, groupLegend, groupScale, type Row } from './chart.ts';
import { binRows } from './histograms.ts';

const OTHERS = 'other groups';
const SPACING = 10;
const AXES = 64;

export function pairPlotChart(view: ViewOf<'pair_plot'>, groupTitle: string | null, theme: Theme, width: number): Chart {
  const k = view.columns.length;
  const side = Math.max(70, Math.min(190, Math.floor((width - AXES - SPACING * (k - 1)) / k)));
  // The groups that the histograms show one by one, in the design's order, then all others together.
  const series = new Set(view.histograms.flatMap((h) => h.series.map((s) => s.name)));
  const single = view.groups.filter((g) => series.has(g));
  const shown = [...single, ...(view.histograms.some((h) => h.others !== null) ? [OTHERS] : [])];
  const scale = groupScale(theme, shown, view.groups);
  const color =
    single.length > 0 && shown.length > 1
      ? { field: 'group', type: 'nominal', scale, legend: groupLegend(groupTitle, shown) }
      : { value: theme.accent };
  const axis = (last: boolean, title: string): object =>
    last ? { title: ellipsis(title, 22), titleLimit: side, tickCount: 3 } : { title: null, labels: false, ticks: false, tickCount: 3 };
  const data = new Map<string, readonly Row[]>();
  // One scale a column, wherever it is drawn: the edges of its histogram hold every value.
  const scaleOf = (column: number): object => {
    const { lower, width: step, bins } = view.histograms[column];
    return bins > 0 ? { zero: false, nice: false, domain: [lower, lower + bins * step] } : { zero: false };
  };
  const panel = (row: number, column: number): object => {
    if (row === column) {
      const name = `histogram${row}`;
      const histogram = view.histograms[row];
      data.set(
        name,
        binRows(histogram).map((r) => (r.group === histogram.others ? { ...r, group: OTHERS } : r)),
      );
      return {
        data: { name },
        width: side,
        height: side,
        mark: { type: 'bar', opacity: shown.length > 1 ? 0.72 : 1, binSpacing: 0 },
        encoding: {
          x: {
            field: 'start',
            type: 'quantitative',
            bin: { binned: true, step: histogram.width },
            scale: scaleOf(column),
            axis: axis(row === k - 1, view.columns[column]),
          },
          x2: { field: 'end' },
          y: { field: 'count', type: 'quantitative', stack: null, axis: column === 0 ? { title: 'Rows', tickCount: 3 } : null },
          color,
        },
      };
    }
    const name = `pair${row}_${column}`;
    data.set(name, points(view, column, row, series));
    return {
      data: { name },
      width: side,
      height: side,
      mark: { type: 'point', filled: true, size: 14, opacity: theme.highContrast ? 0.9 : 0.55 },
      encoding: {
        x: { field: 'x', type: 'quantitative', scale: scaleOf(column), axis: axis(row === k - 1, view.columns[column]) },
        y: { field: 'y', type: 'quantitative', scale: scaleOf(row), axis: axis(column === 0, view.columns[row]) },
        color,
        ...(theme.highContrast && shown.length > 1
          ? { shape: { field: 'group', type: 'nominal', scale: { domain: [...shown] }, legend: groupLegend(groupTitle, shown) } }
          : {}),
      },
    };
  };
  const rows = view.columns.map((_, row) => ({
    spacing: SPACING,
    hconcat: Array.from({ length: row + 1 }, (_, column) => panel(row, column)),
  }));
  return { spec: { spacing: SPACING, vconcat: rows, resolve: { scale: { color: 'shared' } } } as Chart['spec'], data };
}

/** Rows that have both columns. */
function points(view: ViewOf<'pair_plot'>, xColumn: number, yColumn: number, series: ReadonlySet<string>): Row[] {
  const out: Row[] = [];
  for (let i = 0; i < view.group.length; i++) {
    const x = view.values[xColumn][i];
    const y = view.values[yColumn][i];
    if (Number.isFinite(x) && Number.isFinite(y))
      out.push({ x, y, group: series.has(view.groups[view.group[i]]) ? view.groups[view.group[i]] : OTHERS });
  }
  return out;
}
