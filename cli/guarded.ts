/** What the user can mend becomes a line on standard error; anything else goes on up. */

import { isMendable } from '../engine/errors.ts';
import type { SpecSource } from '../protocol/engine.ts';
import { printProblems } from './print/problems.ts';

export async function guarded<T>(source: SpecSource, run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (!isMendable(error)) throw error;
    printProblems(source, [{ code: 'HM090', severity: 'error', message: error.message, range: { start: 0, end: 0 } }]);
    return null;
  }
}
