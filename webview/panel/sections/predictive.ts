/** Is the model any good: what it says of the rows it was fitted to, and of the new ones that the spec asks for. */
import { html } from 'lit';
import type { ObservedPredicted } from '../../../protocol/views.ts';
import { observedPredictedChart } from '../../charts/histograms.ts';
import { percent, plural, short, whole } from '../../shared/format.ts';
import { predictionsTable } from '../../shared/predictionsTable.ts';
import { number, type Table } from '../../shared/tableData.ts';
import type { Fitted, Section } from '../app.ts';
import { emptyState, figure, numberField } from '../parts.ts';

export const predictive: Section = { id: 'predictive', title: 'Predictive', render };

function render(app: Fitted): unknown {
  return html`${observedFigure(app)} ${newRows(app)}`;
}

function observedReading(view: ObservedPredicted): string {
  const outside = view.observed.filter((o, k) => o < view.replicatedLower[k] || o > view.replicatedUpper[k]).length;
  const fit =
    view.correlation === null
      ? ''
      : `Predicted means follow the observations with a correlation of ${short(view.correlation)} and are off by ${short(view.rmse)} on average (root mean square). `;
  return `${fit}${percent(1 - outside / Math.max(1, view.observed.length))} of the bins hold as many rows as replicated data sets do.`;
}

function observedTable(view: ObservedPredicted): Table {
  return {
    columns: [
      { title: 'From', number: true },
      { title: 'To', number: true },
      { title: 'Observed', number: true },
      { title: 'Predicted mean', number: true },
      { title: 'Replicated, 5 %', number: true },
      { title: 'Replicated, 95 %', number: true },
    ],
    rows: view.observed.map((observed, k) => ({
      key: String(k),
      cells: [
        number(view.lower + k * view.width, short),
        number(view.lower + (k + 1) * view.width, short),
        number(observed, whole),
        number(view.predicted[k], whole),
        number(view.replicatedLower[k], whole),
        number(view.replicatedUpper[k], whole),
      ],
    })),
  };
}

function observedFigure(app: Fitted): unknown {
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

function newRows(app: Fitted): unknown {
  const { report, structure } = app;
  const table = predictionsTable(report, structure.predictions);
  const open = html`<vscode-button @click=${() => app.post({ kind: 'command', command: 'open_predictions' })}>Open Predictions</vscode-button>`;
  return html`<section class="figure" aria-labelledby="new-rows">
    <header>
      <h3 id="new-rows">Predictions for new rows</h3>
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
