/** All draws as CSV: chain, draw, then one column a scalar; masked ones have none. */
import type { FitState } from '../engine/state.ts';

/** About so many characters come at a time. */
const PART = 1 << 16;

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** In parts, each of whole lines: the text of many draws is longer than a string can be. */
export function* drawsCsv({ parameters, draws }: Pick<FitState, 'parameters' | 'draws'>): Generator<string> {
  const shown = parameters.filter((p) => !p.masked);
  const size = draws.chains * draws.draws;
  let part = `${['chain', 'draw', ...shown.map((p) => quote(p.name))].join(',')}\n`;
  for (let s = 0; s < size; s++) {
    const cells = shown.map((p) => draws.values[p.index * size + s]);
    part += `${[Math.floor(s / draws.draws) + 1, (s % draws.draws) + 1, ...cells].join(',')}\n`;
    if (part.length < PART) continue;
    yield part;
    part = '';
  }
  yield part;
}
