import { OWN_KEYS } from './types.ts';

/** The keys each object of a spec may have; the schema has the same, and a test holds the two together. */
export const KEYS = {
  spec: [
    '$schema',
    'data',
    'response',
    'group',
    'intercept',
    'covariates',
    'mask',
    'family',
    'pooling',
    'priors',
    'missing',
    'interval',
    'sampler',
    'predictions',
  ],
  data: ['file', 'files', 'where', 'delimiter', 'decimal', 'thousands', 'na', 'comment', 'skip', 'encoding', 'dates', 'table', 'trino'],
  trino: ['server', 'catalog', 'schema', 'table', 'user', 'where'],
  response: ['column', 'levels', 'transform', 'trials', 'exposure', 'se', 'weights'],
  intercept: ['pooling', 'prior', 'sd'],
  covariate: ['column', 'name', 'transform', 'levels', 'pooling', 'prior', 'sd'],
  priors: ['intercept', 'weights', 'scale', 'intercept_sd', 'weights_sd', ...OWN_KEYS],
  scale: ['prior', 'by'],
  interval: ['kind', 'prob'],
  sampler: ['method', 'chains', 'warmup', 'draws', 'seed', 'target_accept', 'max_treedepth'],
  prediction: ['name', 'group', 'at', 'exposure', 'trials', 'se', 'scale'],
} as const satisfies Record<string, readonly string[]>;
