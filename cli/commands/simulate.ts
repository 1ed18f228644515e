import { simulateManufacturing } from '../../core/data/simulate.ts';
import { EXIT, type Exit, wholeNumber } from '../exit.ts';
import { writeNewFile } from '../files.ts';

/** More rows than this do not fit into one string. */
const MOST_ROWS = 4_000_000;

export async function simulateCommand(out: string, options: { readonly n?: string; readonly seed?: string }): Promise<Exit> {
  const text = simulateManufacturing(wholeNumber('n', options.n, 2, MOST_ROWS)!, wholeNumber('seed', options.seed, 0)!);
  await writeNewFile(out, text);
  return EXIT.done;
}
