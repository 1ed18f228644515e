/** How well rows and groups that the fit has not seen are foretold: what the Predictive section ends with. */
import { html, nothing } from 'lit';
import { groupsOutChart } from '../../charts/groupsOut.ts';
import { groupedChart } from '../../charts/histograms.ts';
import { plural, short, whole } from '../../shared/format.ts';
import { number, type Table, text } from '../../shared/tableData.ts';
import type { FittedApp } from '../app.ts';
import { groupsOut, groupsOutReading, perRow, skillTable } from '../checks.ts';
import { emptyState, figure, tableSection } from '../parts.ts';

/** Groups in the picture: those foretold worst; the table has all. */
const MOST_GROUPS = 40;

export function newData(app: FittedApp): unknown {
  return html`${skill(app)} ${groupsOutFigure(app)} ${looFigure(app)}`;
}

function skill({ report }: FittedApp): unknown {
  const table = skillTable(report);
  const reading = 'Elpd is the expected log predictive density: higher is better, and it is for comparing models of the same data.';
  return table.rows.length === 0 ? nothing : tableSection('How well new data are foretold', reading, table);
}

function groupsOutFigure(app: FittedApp): unknown {
  const { groups_out: value } = app.report;
  const groups = groupsOut(app.report, app.structure);
  if (value === null || groups.length === 0) return nothing;
  const shown = groups.slice(0, MOST_GROUPS);
  const doubtful = new Set(value.groups.flatMap((g) => (g.doubtful ? [g.group] : [])));
  return figure(
    { value, error: null, waiting: false },
    {
      heading: 'Each group, left out in turn',
      reading: () => groupsOutReading(groups),
      note: () =>
        shown.length < groups.length ? `The ${shown.length} of ${plural(groups.length, 'group')} foretold worst; the table has all.` : '',
      draw: () => (theme, w) => groupsOutChart(shown, perRow(groups), theme, w),
      table: (): Table => ({
        columns: [
          { title: app.structure.groupColumn ?? 'Group', share: 2 },
          { title: 'Rows', number: true },
          { title: 'Elpd', number: true },
          { title: 'Elpd a row', number: true },
        ],
        rows: groups.map((g) => ({
          key: g.group,
          cells: [
            text(`${g.group}${doubtful.has(g.group) ? ' (doubtful)' : ''}`),
            number(g.rows, whole),
            number(g.elpd, short),
            number(g.each, short),
          ],
        })),
      }),
    },
  );
}

function looFigure(app: FittedApp): unknown {
  const loaded = app.view({ kind: 'loo', group: app.state.selection.group }, 'loo');
  const { value } = loaded;
  if (value !== null && (value.loo === null || value.k === null)) return emptyState('Leave-one-out was not computed for this fit.');
  return figure(loaded, {
    heading: 'Rows that the fit hangs on',
    reading: ({ loo }) =>
      `Leave-one-out: elpd ${short(loo!.elpd)} ± ${short(loo!.se)}; the largest Pareto k is ${short(loo!.pareto_k_max)}, ${plural(loo!.k_over_threshold, 'row')} over the limit.`,
    note: () =>
      'Pareto k tells how much one row moves the posterior; 0 where leaving it out is exact. The table lists the rows with the largest.',
    draw:
      ({ k }) =>
      (theme, w) => {
        const width = (k!.upper - k!.lower) / k!.counts.length;
        const histogram = { lower: k!.lower, width, bins: k!.counts.length, series: [{ name: 'rows', counts: k!.counts }], others: null };
        return groupedChart(histogram, { column: 'Pareto k', groups: [], groupTitle: null, height: 140 }, theme, w);
      },
    table: (v): Table => ({
      columns: [
        { title: 'Row of the file', number: true },
        { title: 'Group', share: 1.6 },
        { title: 'Pareto k', number: true },
        { title: 'Elpd', number: true },
      ],
      rows: v.worst.map((r) => ({
        key: String(r.row),
        cells: [number(r.row + 1, whole), text(r.group), number(r.k, short), number(r.elpd, short)],
      })),
    }),
  });
}
