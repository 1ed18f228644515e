import { jsonParts } from '../../core/export/json.ts';
import type { CalibrationReport } from '../../core/posterior/calibrate/sbc.ts';
import { visible } from '../../core/spec/text.ts';
import { calibrate } from '../../engine/assess/calibrate.ts';
import { Preparer } from '../../engine/read/prepare.ts';
import { EXIT, type Exit, wholeNumber } from '../exit.ts';
import { guarded } from '../guarded.ts';
import { print, printJson } from '../output.ts';
import { printProblems } from '../print/problems.ts';
import { CountLine } from '../print/progress.ts';
import { renderTable } from '../print/table.ts';
import { readSpec } from '../source.ts';

/** Their ranks are kept. */
const MOST_ROUNDS = 1_000_000;
const SPARKS = '▁▂▃▄▅▆▇█';

export async function sbcCommand(
  spec: string,
  options: { readonly simulations?: string; readonly fitWith?: string; readonly json?: boolean },
): Promise<Exit> {
  const rounds = wholeNumber('simulations', options.simulations, 20, MOST_ROUNDS)!;
  const source = await readSpec(spec);
  const other = options.fitWith === undefined ? null : await readSpec(options.fitWith);
  const line = new CountLine('round');
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const interrupt = (): void => {
    Atomics.store(stop, 0, 1);
  };
  process.once('SIGINT', interrupt);
  const outcome = await guarded(source, () =>
    calibrate(new Preparer(), source, other, rounds, { stop, progress: (done, total) => line.update(done, total) }),
  );
  line.clear();
  process.off('SIGINT', interrupt);
  if (outcome === null) return EXIT.fault;
  switch (outcome.kind) {
    case 'refused':
      printProblems(outcome.source, outcome.problems);
      return EXIT.fault;
    case 'cancelled':
      return EXIT.cancelled;
    case 'calibrated':
      if (options.json) await printJson(jsonParts({ spec, ...jsonOf(outcome.report) }));
      else await print(render(outcome.report));
      return outcome.stopped ? EXIT.cancelled : EXIT.done;
  }
}

const jsonOf = (report: CalibrationReport) => ({
  ...report,
  band: { lower: [...report.band.lower], upper: [...report.band.upper] },
  results: report.results.map((r) => ({ ...r, below: [...r.below] })),
});

function render(report: CalibrationReport): string {
  const top = Math.max(1, ...report.results.flatMap((r) => r.counts));
  const spark = (counts: readonly number[]): string =>
    counts.map((c) => SPARKS[Math.min(SPARKS.length - 1, Math.floor((c / top) * SPARKS.length))]).join('');
  const rows = report.results.map((r) => [r.name, spark(r.counts), r.p < 0.001 ? '< 0.001' : r.p.toFixed(3), r.uniform ? 'yes' : 'NO']);
  const table = renderTable(['quantity', 'ranks', 'χ² p', 'within the 99 % band'], rows);
  const bins = `${report.rounds} rounds in ${report.bins} bins; of each bin 99 % lie between ${report.binLower} and ${report.binUpper}.`;
  return [visible(report.verdict), '', table, '', bins].join('\n');
}
