/** Is the model any good: what it says of the rows it was fitted to, and of the new ones that the spec asks for. */
import { html, nothing } from 'lit';
import type { ObservedPredicted } from '../../../protocol/views/predictive.ts';
import { overlayChart } from '../../charts/curves.ts';
import { observedPredictedChart } from '../../charts/histograms.ts';
import { pitChart, residualsChart, rowIntervalsChart } from '../../charts/points.ts';
import { rootogramBins, rootogramChart } from '../../charts/rootogram.ts';
import { statisticsChart } from '../../charts/statistics.ts';
import { percent, plural, short, whole } from '../../shared/format.ts';
import { predictionsTable } from '../../shared/predictionsTable.ts';
import { number, text } from '../../shared/tableData.ts';
import type { FittedApp, Section } from '../app.ts';
import { coverageText, observedTable, rootogramReading, statisticPanels, statisticsReading, statisticsTable } from '../checks.ts';
import { emptyState, figure, numberField } from '../parts.ts';
import { perChain } from './diagnostics.ts';
import { newData } from './newData.ts';
import { priorPredictive } from './priorPredictive.ts';

export const predictive: Section = { id: 'predictive', title: 'Predictive', render };

function render(app: FittedApp): unknown {
  if (app.report.method === 'prior') return priorPredictive(app, newRows(app));
  return html`${observedFigure(app)} ${newRows(app)} ${overlayFigure(app)} ${rootogramFigure(app)} ${intervalsFigure(app)} ${residualsFigure(app)} ${pitFigure(app)} ${statisticsFigure(app)} ${newData(app)}`;
}

function observedReading(view: ObservedPredicted): string {
  const outside = view.observed.filter((o, k) => o < view.replicatedLower[k] || o > view.replicatedUpper[k]).length;
  const fit =
    view.correlation === null
      ? ''
      : `Predicted means follow the observations with a correlation of ${short(view.correlation)} and are off by ${short(view.rmse)} on average (root mean square). `;
  return `${fit}${percent(1 - outside / Math.max(1, view.observed.length))} of the bins hold as many rows as replicated data sets do.`;
}

function observedFigure(app: FittedApp): unknown {
  const width = app.choice<number | null>('predictive.width', null);
  const { group } = app.state.selection;
  const loaded = app.view({ kind: 'observed_predicted', width, group }, 'observed');
  return figure(loaded, {
    heading: group === null ? 'Observed against predicted' : `Observed against predicted in ${group}`,
    reading: observedReading,
    note: ({ rows }) => `${plural(rows, 'row')}. The upright lines span what 90 % of replicated data sets have in a bin.`,
    draw: (view) => (theme, w) => observedPredictedChart(view, app.structure.response, theme, w),
    table: observedTable,
    controls: numberField('Bin width', width ?? loaded.value?.width ?? 1, 0, (w) => app.choose('predictive.width', w)),
  });
}

function newRows(app: FittedApp): unknown {
  const { report, structure } = app;
  const table = predictionsTable(report, structure.predictions);
  const open = html`<vscode-button @click=${() => app.post({ kind: 'command', command: 'open_predictions' })}>Open Predictions</vscode-button>`;
  return html`<section class="figure" aria-labelledby="new-rows">
    <header>
      <h2 id="new-rows">Predictions for new rows</h2>
      <div class="tools">${open}</div>
    </header>
    ${
      report.predictions.length === 0
        ? emptyState('The spec asks for no predictions. Set covariates in the Predictions view and add the row to the spec.')
        : html`<p class="reading">The response itself, noise included; mu is its mean. A masked covariate that was given is ignored, and said to be.</p>
            <div class="wide"><hm-table .table=${table} .label=${'Predictions for new rows'}></hm-table></div>`
    }
  </section>`;
}

const groupOf = (app: FittedApp): string | null => app.state.selection.group;
const namesOf = ({ structure }: FittedApp): { groups: readonly string[]; groupTitle: string | null; response: string } => ({
  groups: structure.groups,
  groupTitle: structure.groupColumn,
  response: structure.response,
});
const shownOf = ({ shown, used }: { readonly shown: number; readonly used: number }): string =>
  shown < used ? `${whole(shown)} of ${plural(used, 'row')} are shown.` : '';

function overlayFigure(app: FittedApp): unknown {
  return figure(app.view({ kind: 'density_overlay', group: groupOf(app) }, 'overlay'), {
    heading: 'Observed density among replicated ones',
    reading: (v) => `The observed density should look like one of the ${v.replicated.length} that the model replicates.`,
    draw: (v) => (theme, w) => overlayChart(v, app.structure.response, theme, w),
    table: (v) =>
      perChain(
        [app.structure.response, 'Observed density', 'Smallest replicated', 'Largest replicated'],
        Array.from(v.observed.values, (y, i) => {
          const all = v.replicated.map((c) => c.values[i]);
          const x = v.observed.lower + ((v.observed.upper - v.observed.lower) * i) / Math.max(1, v.observed.values.length - 1);
          return [x, y, Math.min(...all), Math.max(...all)];
        }),
      ),
  });
}

function intervalsFigure(app: FittedApp): unknown {
  return figure(app.view({ kind: 'row_intervals', group: groupOf(app) }, 'intervals'), {
    heading: 'Predictive interval of each row',
    reading: (v) => `${percent(v.coverage)} of the observations lie in their ${percent(v.prob)} interval.`,
    note: ({ rows }) => shownOf(rows),
    draw: (v) => (theme, w) => rowIntervalsChart(v, namesOf(app), theme, w),
    table: (v) =>
      perChain(
        ['Observed', 'Mean', 'Lower', 'Upper'],
        Array.from(v.observed, (y, i) => [y, v.mean[i], v.lower[i], v.upper[i]]),
      ),
  });
}

function residualsFigure(app: FittedApp): unknown {
  return figure(app.view({ kind: 'residuals', group: groupOf(app) }, 'residuals'), {
    heading: 'Residuals',
    reading: () => 'Should scatter evenly about 0, with no bend and no fan.',
    note: ({ rows }) => shownOf(rows),
    draw: (v) => (theme, w) => residualsChart(v, namesOf(app), theme, w),
    table: (v) =>
      perChain(
        ['Predicted mean', 'Residual'],
        Array.from(v.mean, (m, i) => [m, v.residual[i]]),
      ),
  });
}

function pitFigure(app: FittedApp): unknown {
  return figure(app.view({ kind: 'pit', group: groupOf(app) }, 'pit'), {
    heading: 'Calibration, each row left out in turn',
    reading: (v) =>
      `Flat when predictions are as wide as they should be. This one ${v.within ? 'is as flat as chance allows' : 'departs from flat more than chance allows'}; the band holds 90 % of bars.`,
    note: (v) => `${plural(v.rows, 'row')} (leave-one-out probability integral transform).`,
    draw: (v) => (theme, w) => pitChart(v, theme, w),
    table: (v) =>
      perChain(
        ['From', 'To', 'Rows'],
        v.counts.map((c, k) => [k / v.counts.length, (k + 1) / v.counts.length, c]),
      ),
  });
}

function rootogramFigure(app: FittedApp): unknown {
  if (!app.structure.counts) return nothing;
  const loaded = app.view({ kind: 'rootogram', group: groupOf(app) }, 'rootogram');
  const rootogram = loaded.value?.rootogram;
  if (rootogram === null) return nothing; // Of single trials.
  const bins = rootogram ? rootogramBins(rootogram) : [];
  return figure(loaded, {
    heading: 'How often each count occurs',
    reading: () => rootogramReading(bins),
    note: ({ rows }) =>
      `A bar hangs from what is expected (the line) and should end near 0, inside the grey band of 90 % of replicated data sets; a diamond marks one that does not. ${shownOf(rows)}`,
    draw: () => (theme, w) => rootogramChart(bins, app.structure.response, theme, w),
    table: () => ({
      columns: [
        { title: 'Count', share: 1.4 },
        { title: 'Observed', number: true },
        { title: 'Expected', number: true },
        { title: 'Replicated, 5 %', number: true },
        { title: 'Replicated, 95 %', number: true },
      ],
      rows: bins.map((b) => ({
        key: String(b.from),
        cells: [
          { ...text(b.from === b.to ? whole(b.from) : `${whole(b.from)} to ${whole(b.to)}`), value: b.from },
          { ...number(b.observed, whole), tone: b.off ? ('bad' as const) : undefined },
          number(b.expected, short),
          number(b.lower, whole),
          number(b.upper, whole),
        ],
      })),
    }),
  });
}

/** Statistics of the data among those of replicated data sets: of all rows, or of the picked group. */
function statisticsFigure(app: FittedApp): unknown {
  const { predictive: check, interval } = app.report;
  const group = groupOf(app);
  const loaded = app.view({ kind: 'statistics', group }, 'statistics');
  if (loaded.value?.statistics.length === 0) return nothing;
  const covered = group === null && check !== null ? ` ${coverageText(check, interval.prob)}` : '';
  return figure(loaded, {
    heading: group === null ? 'Statistics of replicated data' : `Statistics of replicated data in ${group}`,
    reading: (v) => `${statisticsReading(v)}${covered}`,
    note: ({ sets, rows }) =>
      `Bars: ${plural(sets, 'replicated data set')}; upright line: the observed one. p is the share of replicated data sets with a larger value; near 0 or 1 (✗) the model misses it. ${shownOf(rows)}`,
    draw: (v) => (theme, w) => statisticsChart(statisticPanels(v.statistics), theme, w),
    table: statisticsTable,
  });
}
