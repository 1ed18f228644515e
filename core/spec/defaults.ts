/** What a spec means by what it leaves out. */
import { type IntervalSpec, ownPriors, type PriorsSpec, type SamplerSpec, type TermOptions } from './types.ts';

export const DEFAULT_INTERVAL: IntervalSpec = { kind: 'eti', prob: 0.9 };

export const DEFAULT_SAMPLER: SamplerSpec = {
  method: 'auto',
  chains: 4,
  warmup: 500,
  draws: 1000,
  seed: 42,
  target_accept: 0.8,
  max_treedepth: 10,
};

/** The least and the most that a sampler's whole numbers may be, in a spec and on the command line. */
export const SAMPLER_BOUNDS = {
  chains: [1, 256],
  warmup: [0, 1_000_000],
  draws: [1, 10_000_000],
  seed: [0, Number.MAX_SAFE_INTEGER],
  max_treedepth: [1, 20],
} as const;

export const DEFAULT_PRIORS: PriorsSpec = {
  intercept: 'auto',
  weights: 'auto',
  scale: { prior: 'auto', by: 'all' },
  intercept_sd: 'auto',
  weights_sd: 'auto',
  ...ownPriors(() => 'auto'),
};

export const DEFAULT_TERM: TermOptions = { pooling: null, prior: null, sd: null };
