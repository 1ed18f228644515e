/** Draws of one scalar from several chains, and the halves that convergence is judged by. */

/**
 * Where the halves of the chains lie in an array of chains × draws: half `i` is `length` draws from `starts[i]`.
 * With an odd number of draws the middle one of each chain belongs to no half.
 */
export interface Halves {
  readonly starts: readonly number[];
  readonly length: number;
}

/** The first and the second half of every chain. */
export function splitChains(chains: number, draws: number): Halves {
  const length = draws >> 1;
  const starts: number[] = [];
  for (let chain = 0; chain < chains; chain++) starts.push(chain * draws, (chain + 1) * draws - length);
  return { starts, length };
}

/** The chains as they are. */
export function wholeChains(chains: number, draws: number): Halves {
  return { starts: Array.from({ length: chains }, (_, chain) => chain * draws), length: draws };
}

/** The mean of `length` values from `start`, corrected by the mean of what is left: exact for equal values. */
export function meanOf(values: Float64Array, start = 0, length = values.length): number {
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += values[i];
  const mean = sum / length;
  let left = 0;
  for (let i = start; i < start + length; i++) left += values[i] - mean;
  return mean + left / length;
}

/** Σ (x − mean)² of `length` values from `start`. */
export function squaresAbout(mean: number, values: Float64Array, start = 0, length = values.length): number {
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += (values[i] - mean) * (values[i] - mean);
  return sum;
}

/** Variance with n − 1; NaN for fewer than two. */
export function varianceOf(values: Float64Array): number {
  return values.length < 2 ? Number.NaN : squaresAbout(meanOf(values), values) / (values.length - 1);
}
