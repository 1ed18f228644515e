/** "Calibrate This Model": simulation-based calibration of the spec, as a text beside it. */
import { ProgressLocation, ViewColumn, window, workspace } from 'vscode';
import type { CalibrationReport } from '../../core/posterior/sbc.ts';
import { isTrusted } from '../fits/fitter.ts';
import { plainMessage } from '../plain.ts';
import type { Services } from '../services.ts';
import { findSpec, type SpecArgument, specLabel, specSource } from '../specs.ts';

/** Rounds of simulate and fit: enough for a bin's count to mean something. */
const ROUNDS = 500;

export async function calibrate({ engine, fitter }: Services, argument?: SpecArgument): Promise<void> {
  const document = await findSpec(argument);
  if (!document || !(await isTrusted())) return;
  const label = specLabel(document.uri);
  const title = plainMessage(`Calibrating ${label}`);
  const answer = await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
    let shown = 0;
    return engine.calibrate(
      specSource(document),
      ROUNDS,
      ({ done, total }) => {
        progress.report({ message: `round ${done} of ${total}`, increment: (100 * (done - shown)) / total });
        shown = done;
      },
      token,
    );
  });
  switch (answer.kind) {
    case 'calibrated': {
      const text = await workspace.openTextDocument({ language: 'plaintext', content: describe(label, answer.report, answer.stopped) });
      await window.showTextDocument(text, { viewColumn: ViewColumn.Beside, preserveFocus: true });
      return;
    }
    case 'refused':
      return fitter.refuse({ uri: document.uri, priorOnly: false }, document, answer.problems);
    case 'failed':
      void window.showErrorMessage(plainMessage(`${label} could not be calibrated: ${answer.message}`));
      return;
    case 'cancelled':
      return;
  }
}

const BARS = '▁▂▃▄▅▆▇█';

function describe(label: string, report: CalibrationReport, stopped: boolean): string {
  const highest = Math.max(1, ...report.results.flatMap((result) => result.counts));
  const bars = (counts: readonly number[]) =>
    counts.map((count) => BARS[Math.min(BARS.length - 1, Math.floor((count / highest) * BARS.length))]).join('');
  const width = Math.max(...report.results.map((result) => result.name.length));
  const lines = report.results.map(
    ({ name, counts, p, uniform }) => `${name.padEnd(width)}  ${bars(counts)}  p = ${p.toFixed(3)}${uniform ? '' : '  outside its band'}`,
  );
  return `Calibration of ${label}${stopped ? ', stopped early' : ''}

${report.verdict}

${report.rounds} rounds${report.skipped > 0 ? `, ${report.skipped} skipped` : ''}: parameters drawn from the priors, data from the parameters, a fit of the data. The rank of the
truth among its posterior draws is uniform when the model and its sampler agree. A bin holds ${report.binLower} to ${report.binUpper} rounds in 99 of 100 cases.

${lines.join('\n')}
`;
}
