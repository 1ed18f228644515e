/** Random-number streams of a seed that chains do not use, one for each purpose, so that none shifts another's numbers. */
import { Rng } from './rng.ts';

const FIRST = {
  /** One a prediction of the spec. */
  prediction: 0x4000_0000,
  whatIf: 0x5000_0000,
  replicate: 0x6000_0000,
  prior: 0x7000_0000,
  /** One a simulation. */
  calibration: 0x8000_0000,
  pit: 0x9000_0000,
} as const;

export const rngFor = (seed: number, purpose: keyof typeof FIRST, index = 0): Rng => Rng.of(seed, FIRST[purpose] + index);
