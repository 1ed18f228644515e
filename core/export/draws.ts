import { csvLine } from './csv.ts';
import type { ExportedFit } from './format.ts';

/** About so many characters come at a time: the text of many draws is longer than a string can be. */
const PART = 1 << 16;

/** All draws as CSV: chain, draw, then one column a scalar; masked ones have none. In parts, each of whole lines. */
export function* drawsCsv({ parameters, draws }: Pick<ExportedFit, 'parameters' | 'draws'>): Generator<string> {
  const shown = parameters.filter((p) => !p.masked);
  const size = draws.chains * draws.draws;
  let part = csvLine(['chain', 'draw', ...shown.map((p) => p.name)]);
  for (let s = 0; s < size; s++) {
    const cells = shown.map((p) => draws.values[p.index * size + s]);
    part += `${[Math.floor(s / draws.draws) + 1, (s % draws.draws) + 1, ...cells].join(',')}\n`;
    if (part.length < PART) continue;
    yield part;
    part = '';
  }
  yield part;
}
