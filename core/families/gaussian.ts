/** Normal noise about the linear predictor. */
import { log } from '../math/elementary.ts';
import { HALF_LOG_2PI, normalCdf } from '../math/gamma.ts';
import type { FamilyRecord } from './family.ts';
import { MEASURED } from './shared.ts';

export const gaussian: FamilyRecord = {
  ...MEASURED,
  name: 'gaussian',
  synonyms: ['gauss', 'norm', 'normal', 'n', 'linear', 'lm'],
  description: 'Numbers with normal noise; identity link.',
  own: [],
  notation: { distribution: 'Normal(mu[i], SCALE)', predictor: 'mu[i]' },
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
  variance: (_, { scale }) => scale * scale,
  draw: (rng, eta, { scale }) => eta + scale * rng.normal(),
  cdf: (y, eta, { scale }) => normalCdf((y - eta) / scale),
  located: { height: () => -HALF_LOG_2PI, fall: (square) => 0.5 * square },
  likelihood: 'statistics',
};
