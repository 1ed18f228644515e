/** What `center` and `standardize` need to know of a column. */
import type { Transform } from '../spec/types.ts';

/** Whether a transform is about the rows used rather than about one value. */
export const isRelative = (transform: Transform): boolean => transform === 'center' || transform === 'standardize';

/** Mean, and standard deviation with n − 1; 1 where there is no spread, so that a constant column becomes 0 rather than NaN. */
export function momentsOf(places: Int32Array, value: (place: number) => number): { mean: number; sd: number } {
  if (places.length === 0) return { mean: 0, sd: 1 };
  let sum = 0;
  for (const i of places) sum += value(i);
  const mean = sum / places.length;
  let squares = 0;
  for (const i of places) squares += (value(i) - mean) ** 2;
  const sd = Math.sqrt(squares / (places.length - 1));
  return { mean, sd: sd > 0 ? sd : 1 };
}
