/** The reference problem's last picture as text: the response observed against predicted, bin by bin. */
import { visible } from '../../core/spec/text.ts';
import type { FitState } from '../../engine/state.ts';
import { observedPredictedView } from '../../engine/views/predictive.ts';
import { formatNumber } from './table.ts';

const BAR = 32;

export function observedPredictedText(state: FitState): string {
  const view = observedPredictedView(state, null, null);
  const top = Math.max(1, ...view.observed, ...view.predicted);
  const bar = (n: number, sign: string): string => sign.repeat(Math.round((BAR * n) / top)).padEnd(BAR);
  const edges = view.observed.map((_, k) => formatNumber(view.lower + k * view.width, 1));
  const wide = Math.max(...edges.map((e) => e.length));
  const lines = view.observed.map((n, k) => `${edges[k].padStart(wide)}  ${bar(n, '█')}  ${bar(view.predicted[k], '▒')}`);
  return [
    `${visible(state.design.response.column)}: rows in bins of width ${formatNumber(view.width, 1)}`,
    `${' '.repeat(wide)}  ${'observed'.padEnd(BAR)}  predicted (mean of each row)`,
    ...lines,
  ].join('\n');
}
