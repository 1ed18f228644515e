/** How far a slider moves at a time. */
import type { InputRange } from '../../protocol/views/whatif.ts';

/** Positions of a slider. */
const STEPS = 200;

/** A round step: 1 for whole numbers, else about a two-hundredth of the range. */
export function stepOf({ min, max, integer }: InputRange): number {
  if (integer) return 1;
  return 10 ** Math.floor(Math.log10((max - min) / STEPS) + 0.5);
}
