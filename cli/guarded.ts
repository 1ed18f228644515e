/** What the user can mend becomes a line on standard error; anything else goes on up. */

import { FAULT_CODES } from '../core/rules/dataFault.ts';
import { isMendable } from '../engine/errors.ts';
import type { SpecSource } from '../protocol/engine.ts';
import { DataError } from '../sources/index.ts';
import { printProblems } from './print/problems.ts';

export async function guarded<T>(source: SpecSource, run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (!isMendable(error)) throw error;
    const fault = error instanceof DataError ? error.fault : null;
    const place = error instanceof DataError ? { file: error.file, line: fault?.line ?? 1, column: fault?.column ?? 1 } : undefined;
    const code = fault === null ? 'HM090' : (fault.code ?? FAULT_CODES[fault.kind]);
    printProblems(source, [{ code, severity: 'error', message: error.message, range: { start: 0, end: 0 }, data: place }]);
    return null;
  }
}
