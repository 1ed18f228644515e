/** The data as the model reads them: response by group, pairs of columns, what is there and what is masked. */
import { html, nothing } from 'lit';
import type { GroupedHistogram } from '../../../protocol/views/parts.ts';
import type { ViewOf } from '../../../protocol/views.ts';
import { groupedChart } from '../../charts/histograms.ts';
import { cellText, type MapCell, mapCells, maskMapChart, stateOf } from '../../charts/maskMap.ts';
import { pairPlotChart } from '../../charts/pairPlot.ts';
import { plural, short, whole } from '../../shared/format.ts';
import { pickSeveral } from '../../shared/pick.ts';
import { number, type Table, text } from '../../shared/tableData.ts';
import type { FittedApp, Section } from '../app.ts';
import { figure, numberField } from '../parts.ts';

/** Groups in the picture of the mask; the table has them all. */
const MOST_GROUPS = 60;
/** Between the names of a kept choice of columns; no column's name has a line end that a header would keep. */
const SEPARATOR = '\n';

export const data: Section = { id: 'data', title: 'Data', render };

function render(app: FittedApp): unknown {
  return html`${responseFigure(app)} ${pairFigure(app)} ${mapFigure(app)}`;
}

const selected = (app: FittedApp): string[] | null => (app.state.selection.group === null ? null : [app.state.selection.group]);

export function histogramTable({ lower, width, bins, series }: GroupedHistogram): Table {
  return {
    columns: [{ title: 'From', number: true }, { title: 'To', number: true }, ...series.map((s) => ({ title: s.name, number: true }))],
    rows: Array.from({ length: bins }, (_, k) => ({
      key: String(k),
      cells: [number(lower + k * width, short), number(lower + (k + 1) * width, short), ...series.map((s) => number(s.counts[k], whole))],
    })),
  };
}

/** The bin of most rows, over all groups. */
function fullest({ lower, width, bins, series }: GroupedHistogram): string {
  let best = 0;
  const total = (k: number): number => series.reduce((sum, s) => sum + s.counts[k], 0);
  for (let k = 1; k < bins; k++) if (total(k) > total(best)) best = k;
  return `most rows lie between ${short(lower + best * width)} and ${short(lower + (best + 1) * width)}`;
}

function responseFigure(app: FittedApp): unknown {
  const width = app.choice<number | null>('data.width', null);
  const groups = selected(app);
  const loaded = app.view({ kind: 'response_histogram', width, groups }, 'response');
  const shownWidth = width ?? loaded.value?.histogram.width ?? 1;
  return figure(loaded, {
    heading: groups === null ? 'Response by group' : `Response in ${groups[0]}`,
    reading: ({ column, histogram }) =>
      histogram.bins === 0 ? `${column} has no rows here.` : `${column}: ${fullest(histogram)}. Bins are ${short(histogram.width)} wide.`,
    draw:
      ({ column, histogram }) =>
      (theme, w) =>
        groupedChart(histogram, { column, groups: app.structure.groups, groupTitle: app.structure.groupColumn }, theme, w),
    table: ({ histogram }) => histogramTable(histogram),
    controls: numberField('Bin width', shownWidth, 0, (w) => app.choose('data.width', w)),
  });
}

function pairFigure(app: FittedApp): unknown {
  const kept = app.choice<string>('data.columns', '');
  const chosen = kept === '' ? null : kept.split(SEPARATOR);
  const loaded = app.view({ kind: 'pair_plot', columns: chosen, groups: selected(app) }, 'pairs');
  const { value } = loaded;
  return figure(loaded, {
    heading: 'Every pair of columns',
    reading: (view) => {
      const left = view.available.length - view.columns.length;
      const coloured = view.histograms.some((h) => h.series.length > 1);
      return `${plural(view.columns.length, 'column')} of ${plural(view.rows.used, 'row')}${coloured ? ', coloured by group' : ''}${left > 0 ? `; ${plural(left, 'more column')} not shown` : ''}.`;
    },
    note: ({ rows }) =>
      rows.shown < rows.used ? `Points: every row would be too many, ${whole(rows.shown)} of ${whole(rows.used)} are shown.` : '',
    draw: (view) => (theme, w) => pairPlotChart(view, app.structure.groupColumn, theme, w),
    table: pairTable,
    controls:
      value === null || (chosen === null && value.available.length <= value.columns.length)
        ? nothing
        : pickSeveral({
            label: 'Columns',
            values: value.columns,
            options: value.available,
            picked: (names) => app.choose('data.columns', names.join(SEPARATOR)),
          }),
  });
}

function pairTable(view: ViewOf<'pair_plot'>): Table {
  return {
    columns: [{ title: 'Group', share: 1.5 }, ...view.columns.map((title) => ({ title, number: true }))],
    rows: Array.from(view.group, (g, i) => ({
      key: String(i),
      cells: [
        text(view.groups[g]),
        ...view.values.map((v) => (Number.isNaN(v[i]) ? { text: 'masked', tone: 'masked' as const, value: null } : number(v[i], short))),
      ],
    })),
  };
}

function mapFigure(app: FittedApp): unknown {
  const loaded = app.view({ kind: 'data_map' });
  const { group } = app.state.selection;
  return figure(loaded, {
    heading: 'What is there, and what is masked',
    reading: (view) => mapReading(mapCells(view, group)),
    note: (view) =>
      view.groups.length > MOST_GROUPS && group === null
        ? `The picture shows the first ${whole(MOST_GROUPS)} of ${plural(view.groups.length, 'group')}, the table all of them.`
        : '',
    draw: (view) => {
      const cells = mapCells(view, group).slice(0, MOST_GROUPS * view.covariates.length);
      return (theme, w) => maskMapChart(cells, theme, w);
    },
    table: (view) => mapTable(mapCells(view, group)),
    inputs: [group],
  });
}

function mapReading(cells: readonly MapCell[]): string {
  const masked = cells.filter((c) => c.masked).length;
  const empty = cells.reduce((sum, c) => sum + (c.masked ? 0 : c.missing), 0);
  const of = `${whole(masked)} of ${plural(cells.length, 'cell')} ${masked === 1 ? 'does' : 'do'} not apply`;
  return `${of}; ${empty === 0 ? 'no value is missing where one should be' : `${plural(empty, 'value')} missing where one should be`}.`;
}

function mapTable(cells: readonly MapCell[]): Table {
  return {
    columns: [
      { title: 'Group', share: 1.5 },
      { title: 'Covariate', share: 1.5 },
      { title: 'Values' },
      { title: 'Present', number: true },
      { title: 'Empty', number: true },
    ],
    rows: cells.map((c) => ({
      key: `${c.group}\n${c.covariate}`,
      cells: [
        text(c.group),
        text(c.covariate),
        { ...text(stateOf(c), c.masked ? 'masked' : undefined), title: cellText(c) },
        number(c.present, whole),
        number(c.missing, whole),
      ],
    })),
  };
}
