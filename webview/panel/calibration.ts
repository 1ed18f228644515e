/** Calibration of the spec itself: does the fit find what the priors put in? Needs no data's answer and no fit. */
import { html, nothing } from 'lit';
import type { CalibrationReport } from '../../core/posterior/calibrate/sbc.ts';
import { ecdfDifferenceChart, rankHistogramsChart } from '../charts/calibration.ts';
import { plural, upright, whole } from '../shared/format.ts';
import type { Table } from '../shared/tableData.ts';
import type { App } from './app.ts';
import { calibrationTable, doubtfulFirst } from './checks.ts';
import { emptyState, figure } from './parts.ts';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';

/** Quantities in a picture: the doubtful ones first; the table has all. */
const MOST_SHOWN = 12;

/** The verdict first, then the pictures; how to run it where it has not been run. */
export function calibrationPart(app: App): unknown {
  const { calibration } = app.snapshot;
  const run = (): void => app.post({ kind: 'command', command: 'calibrate' });
  const button = html`<vscode-button secondary @click=${run}>Calibrate This Model</vscode-button>`;
  if (calibration === null) {
    return html`${heading(nothing)}
    ${emptyState('Calibration draws parameters from the priors, simulates data, and fits them, 500 times over: the fit should find again what was put in. It has not been run for this spec; it can take a while for large data.', button)}`;
  }
  const { progress, report, stopped, stale, error } = calibration;
  return html`${heading(progress === null ? button : nothing)} ${progress === null ? nothing : running(app, progress)}
  ${error === null ? nothing : html`<p class="error">${error}</p>`} ${report !== null && stale ? html`<p class="stale-note">The spec changed since this calibration.</p>` : nothing}
  ${report === null ? nothing : verdict(report, stopped)}
  ${report === null ? nothing : pictures(report)}`;
}

const heading = (tools: unknown): unknown => html`<section class="figure">
  <header>
    <h2>Calibration of this model</h2>
    ${tools === nothing ? nothing : html`<div class="tools">${tools}</div>`}
  </header>
</section>`;

function running(app: App, { done, total }: { readonly done: number; readonly total: number }): unknown {
  return html`<div class="progress">
    <p>
      Round ${whole(done)} of ${whole(total)}
      <vscode-button secondary @click=${() => app.post({ kind: 'command', command: 'cancel_calibration' })}>Cancel</vscode-button>
    </p>
    <vscode-progress-bar aria-label="Progress of the calibration" .value=${total > 0 ? Math.round((100 * done) / total) : 0}></vscode-progress-bar>
  </div>`;
}

function verdict(report: CalibrationReport, stopped: boolean): unknown {
  const rounds = `${plural(report.rounds, 'round')}${report.skipped > 0 ? `, ${whole(report.skipped)} left out` : ''}${stopped ? '; stopped early' : ''}.`;
  return html`<section class=${`verdict ${report.calibrated ? 'good' : 'bad'}`} role="status" aria-label="Verdict of the calibration">
    <p class="headline"><span class="sign" aria-hidden="true">${report.calibrated ? '✓' : '✗'}</span>${upright(report.verdict)}</p>
    <p class="note">${rounds}</p>
  </section>`;
}

function pictures(report: CalibrationReport): unknown {
  const results = doubtfulFirst(report.results);
  const shown = results.slice(0, MOST_SHOWN);
  const loaded = { value: report, error: null, waiting: false };
  const off = results.filter((r) => !r.uniform).length;
  const outside = results.flatMap((r) => r.counts).filter((c) => c < report.binLower || c > report.binUpper).length;
  const left =
    shown.length < results.length
      ? ` The ${shown.length} most doubtful of ${plural(results.length, 'quantity', 'quantities')}; the table has all.`
      : '';
  const table = (): Table => calibrationTable(report, results);
  return html`${figure(loaded, {
    heading: 'Ranks of the truth',
    reading: () =>
      `Flat where the fit finds what was put in: ${whole(outside)} of ${whole(results.length * report.bins)} bars lie outside the band that holds 99 % of them.`,
    note: () => `A hump says the posterior is too wide, a valley too narrow, a slope that it is off to one side.${left}`,
    draw: () => (theme, w) => rankHistogramsChart(report, shown, theme, w),
    table,
  })}
  ${figure(loaded, {
    heading: 'Distribution of the ranks, less that of uniform ones',
    reading: () =>
      off === 0
        ? 'Every line stays in its envelope, as it should.'
        : `${plural(off, 'line')} ${off === 1 ? 'leaves its envelope' : 'leave their envelopes'} (✗): what is fitted is not what was simulated.`,
    note: () => `All lines together stay in their envelopes in 99 of 100 calibrations of a right model.${left}`,
    draw: () => (theme, w) => ecdfDifferenceChart(report, shown, theme, w),
    table,
  })}`;
}
