/** The spec's own predictions, one card each: a table of eight columns would not fit beside an editor. */
import { html, nothing } from 'lit';
import type { FitReport } from '../../core/posterior/report.ts';
import type { Structure } from '../../protocol/views/structure.ts';
import { intervalText, near } from '../shared/format.ts';
import { askedText, ignoredText, predictionsTable } from '../shared/predictionsTable.ts';
import { type Cell, number, type Table, toCsv } from '../shared/tableData.ts';

/** The narrow table of the side view; what was set and ignored stands in the rows' titles and notes. */
export function narrowTable(report: FitReport, { predictions }: Structure): Table {
  return {
    columns: [
      { title: 'No.', share: 0.5, note: 'Its number in the list below' },
      { title: 'Mean', number: true, share: 0.9 },
      { title: 'SD', number: true, share: 0.7 },
      {
        title: intervalText({ ...report.interval }).replace(/ (?:equal-tailed|highest-density)$/, ''),
        number: true,
        share: 1.7,
        note: intervalText(report.interval),
      },
      { title: 'mu', number: true, share: 0.9, note: 'Mean of the response, without its noise' },
    ],
    rows: report.predictions.map((p, i) => {
      const at = askedText(p, predictions[i]);
      const value = (x: number): Cell => number(x, (v) => near(v, p.sd));
      return {
        key: String(i),
        cells: [
          { text: String(i + 1), value: i + 1, title: `${p.group}: ${at}` },
          value(p.mean),
          value(p.sd),
          { text: `${near(p.lower, p.sd)}, ${near(p.upper, p.sd)}`, value: p.lower },
          number(p.mu.mean, (v) => near(v, p.mu.sd)),
        ],
      };
    }),
  };
}

export function specPredictions(report: FitReport, structure: Structure, copy: (text: string) => void): unknown {
  const whole = (): string => toCsv(predictionsTable(report, structure.predictions));
  return html`<section aria-labelledby="spec-predictions">
    <h2 id="spec-predictions">Predictions of the spec</h2>
    ${
      report.predictions.length === 0
        ? html`<p class="note">None yet: set the covariates above and add the row to the spec.</p>`
        : html`<div class="wide"><hm-table .table=${narrowTable(report, structure)} .narrowest=${50} .label=${'Predictions of the spec'}></hm-table></div>
            <ol class="notes">
              ${report.predictions.map((p, i) => html`<li>${p.name === null ? '' : `${p.name}: `}${p.group}: ${askedText(p, structure.predictions[i])}${p.ignored.length > 0 ? html`<br /><em>${ignoredText(p.ignored)}.</em>` : nothing}</li>`)}
            </ol>
            <vscode-button secondary @click=${() => copy(whole())}>Copy as CSV</vscode-button>`
    }
  </section>`;
}
