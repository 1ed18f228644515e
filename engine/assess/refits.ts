/** Exact leave-one-out by refitting, for the few rows that importance weights fail on. */

import type { ModelData } from '../../core/design/design.ts';
import { type Pointwise, replaceRows, rowsAbove } from '../../core/posterior/loo/loo.ts';
import { elpdOfRefit, withoutRow } from '../../core/posterior/loo/refit.ts';
import type { Fitted } from '../../core/posterior/predict/lookup.ts';
import type { SamplerSpec } from '../../core/spec/types.ts';
import { sampleOnce, withResponses } from './calibrate.ts';

/** More rows than this would make the user wait for what a better model should mend. */
export const MOST_REFITS = 10;

/**
 * Refits without each row above the threshold when there are at most MOST_REFITS of them, and puts the exact answers in place; else as it was.
 * @param stopped once true, the rows that are left stay as they were.
 */
export async function refitRows(
  pointwise: Pointwise,
  threshold: number,
  fitted: Fitted,
  data: ModelData,
  sampler: SamplerSpec,
  stopped: () => boolean,
): Promise<{ readonly pointwise: Pointwise; readonly refits: number }> {
  const rows = rowsAbove(pointwise, threshold);
  if (rows.length === 0 || rows.length > MOST_REFITS) return { pointwise, refits: 0 };
  const { design, parameters } = fitted;
  const exact = new Map<number, number>();
  for (const row of rows) {
    const draws = await sampleOnce(design, withResponses(data, design, withoutRow(data.rows, row)), sampler, row, stopped);
    if (draws === null) break;
    exact.set(row, elpdOfRefit({ design, parameters, draws }, data.rows, row));
  }
  return { pointwise: replaceRows(pointwise, exact), refits: exact.size };
}
