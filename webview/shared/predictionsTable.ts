/** The spec's predictions as a table. */
import type { FitReport, PredictionReport } from '../../core/posterior/report.ts';
import type { Scenario } from '../../protocol/views.ts';
import { intervalText, near } from './format.ts';
import { number, type Table, text } from './tableData.ts';

/** What was ignored, as a sentence; empty when nothing was. */
export function ignoredText(ignored: readonly string[]): string {
  if (ignored.length === 0) return '';
  return `${ignored.join(', ')} ${ignored.length === 1 ? 'is' : 'are'} masked for this group: ignored`;
}

/** `Feed_Speed 3, Pull_Acceleration 2`. */
export const atText = (at: Scenario['at']): string =>
  at.map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`).join(', ');

/** What a prediction is for: its covariates, and what else of the row its numbers hang on. */
export function askedText({ exposure, trials, se, scale }: PredictionReport, asked: Scenario | undefined): string {
  const rest = Object.entries({ exposure, trials, se }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return [atText([...(asked?.at ?? []), ...rest]), ...(scale === 'transformed' ? ['on the scale of the transform'] : [])]
    .filter((t) => t !== '')
    .join(', ');
}

export function predictionsTable(report: FitReport, asked: readonly Scenario[]): Table {
  const interval = intervalText(report.interval);
  const ignored = report.predictions.some((p) => p.ignored.length > 0);
  return {
    columns: [
      { title: 'Group', share: 1.6 },
      { title: 'At', share: 2.4, spare: 3 },
      { title: 'Mean', number: true },
      { title: 'SD', number: true, spare: 1 },
      { title: 'Lower', number: true, note: `Lower end of the ${interval} interval` },
      { title: 'Upper', number: true, note: `Upper end of the ${interval} interval` },
      { title: 'mu', number: true, note: 'Mean of the response, without its noise', spare: 2 },
      { title: 'Note', share: ignored ? 2.4 : 0.8, spare: 4 },
    ],
    rows: report.predictions.map((p, i) => ({
      key: String(i),
      cells: [
        text(p.name ?? p.group),
        text(askedText(p, asked[i])),
        ...[p.mean, p.sd, p.lower, p.upper].map((x) => number(x, (v) => near(v, p.sd))),
        number(p.mu.mean, (v) => near(v, p.mu.sd)),
        text(ignoredText(p.ignored), 'muted'),
      ],
    })),
  };
}
