/** Normal noise about the linear predictor. */
import { log } from '../math/elementary.ts';
import { HALF_LOG_2PI, normalCdf } from '../math/gamma.ts';
import type { FamilyRecord } from './family.ts';
import { anyNumber } from './shared.ts';

const identity = (eta: number): number => eta;

export const gaussian: FamilyRecord = {
  name: 'gaussian',
  synonyms: ['gauss', 'norm', 'normal', 'n', 'linear', 'lm'],
  description: 'Numbers with normal noise; identity link.',
  parts: ['se'],
  required: null,
  measured: true,
  own: [],
  counts: () => false,
  moreVariable: null,
  fault: anyNumber,
  centre: identity,
  notation: { distribution: 'Normal(mu[i], SCALE)', predictor: 'mu[i]' },
  discrete: false,
  link: 'identity',
  logConcave: false,
  logLikelihood(y, eta, { scale }) {
    const z = (y - eta) / scale;
    return -HALF_LOG_2PI - log(scale) - 0.5 * z * z;
  },
  score(y, eta, { scale }, out) {
    const z = (y - eta) / scale;
    out.eta = z / scale;
    out.logScale = z * z - 1;
  },
  information: (_y, _eta, { scale }) => 1 / (scale * scale),
  scaleInformation: (weight) => 2 * weight,
  inverseLink: identity,
  mean: identity,
  variance: (_, { scale }) => scale * scale,
  draw: (rng, eta, { scale }) => eta + scale * rng.normal(),
  cdf: (y, eta, { scale }) => normalCdf((y - eta) / scale),
  freeSide: () => 0,
  located: { height: () => -HALF_LOG_2PI, fall: (square) => 0.5 * square },
  many: null,
  likelihood: 'statistics',
};
