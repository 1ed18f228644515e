import { open } from 'node:fs/promises';
import { simulateManufacturing } from '../../core/data/simulate.ts';
import { EXIT, type Exit, UsageError, wholeNumber } from '../exit.ts';

/** More rows than this do not fit into one string. */
const MOST_ROWS = 4_000_000;

export async function simulateCommand(out: string, options: { readonly n?: unknown; readonly seed?: unknown }): Promise<Exit> {
  const text = simulateManufacturing(wholeNumber('n', options.n, 2, MOST_ROWS)!, wholeNumber('seed', options.seed, 0)!);
  await writeNew(String(out), text);
  return EXIT.done;
}

/** Writes a file that is not there yet: nothing of the user's is overwritten. */
export async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new UsageError(`${path} is there already; move it away or choose another name.`);
    throw new UsageError(`${path} cannot be written (${error.code}).`);
  });
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}
