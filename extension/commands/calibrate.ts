/** "Calibrate This Model": simulation-based calibration of the spec, shown in its results panel. */
import { CancellationTokenSource, ProgressLocation, window } from 'vscode';
import type { CalibrationReport } from '../../core/posterior/calibrate/sbc.ts';
import { fingerprint } from '../fits/fingerprint.ts';
import { isTrusted } from '../fits/fitter.ts';
import { plainMessage } from '../plain.ts';
import type { Services } from '../services.ts';
import { findSpec, type SpecArgument, specLabel, specSource, toUri } from '../specs.ts';

/** Rounds of simulate and fit: enough for a bin's count to mean something. */
const ROUNDS = 500;

const running = new Map<string, CancellationTokenSource>();

/** @returns The report; `null` when there is none, or the spec is being calibrated already. */
export async function calibrate(services: Services, argument?: SpecArgument): Promise<CalibrationReport | null> {
  const { engine, fitter, panels, store } = services;
  const document = await findSpec(argument);
  if (!document || running.has(document.uri.toString()) || !(await isTrusted())) return null;
  const { uri } = document;
  const label = specLabel(uri);
  const source = new CancellationTokenSource();
  const spec = specSource(document);
  running.set(uri.toString(), source);
  panels.show({ uri, priorOnly: false }, true);
  store.calibrated(uri, { progress: { done: 0, total: ROUNDS }, error: null });
  try {
    const title = plainMessage(`Calibrating ${label}`);
    const answer = await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => source.cancel());
      let shown = 0;
      const onRound = ({ done, total }: { readonly done: number; readonly total: number }): void => {
        store.calibrated(uri, { progress: { done, total } });
        progress.report({ message: `round ${done} of ${total}`, increment: (100 * (done - shown)) / total });
        shown = done;
      };
      return engine.calibrate(spec, ROUNDS, onRound, source.token);
    });
    switch (answer.kind) {
      case 'calibrated':
        store.calibrated(uri, {
          report: answer.report,
          stopped: answer.stopped,
          text: spec.text,
          stale: fingerprint(document.getText()) !== fingerprint(spec.text),
        });
        return answer.report;
      case 'refused':
        await fitter.refuse({ uri, priorOnly: false }, document, answer.problems);
        return null;
      case 'failed':
        store.calibrated(uri, { error: answer.message });
        void window.showErrorMessage(plainMessage(`${label} could not be calibrated: ${answer.message}`));
        return null;
      case 'cancelled':
        store.calibrated(uri, { error: 'The calibration was cancelled before its first round.' });
        return null;
    }
  } finally {
    running.delete(uri.toString());
    source.dispose();
    store.calibrated(uri, { progress: null });
  }
}

/** Stops the calibration of a spec; the rounds so far become its report. */
export function cancelCalibration(_services: Services, argument?: SpecArgument): void {
  const uri = toUri(argument);
  if (uri) running.get(uri.toString())?.cancel();
}
