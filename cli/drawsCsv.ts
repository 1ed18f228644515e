/** All draws as CSV: chain, draw, then one column a scalar; masked ones have none. */
import type { FitState } from '../engine/state.ts';

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function drawsCsv({ parameters, draws }: Pick<FitState, 'parameters' | 'draws'>): string {
  const shown = parameters.filter((p) => !p.masked);
  const size = draws.chains * draws.draws;
  const lines = [['chain', 'draw', ...shown.map((p) => quote(p.name))].join(',')];
  for (let s = 0; s < size; s++) {
    const cells = shown.map((p) => draws.values[p.index * size + s]);
    lines.push([Math.floor(s / draws.draws) + 1, (s % draws.draws) + 1, ...cells].join(','));
  }
  return `${lines.join('\n')}\n`;
}
