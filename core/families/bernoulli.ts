/** 0 or 1. */
import { logistic, softplus } from '../math/elementary.ts';
import type { FamilyRecord } from './family.ts';
import { countFault, LOGIT, quickSoftplus, trialInformation, trialKernel, trialMoments } from './shared.ts';

export const bernoulli: FamilyRecord = {
  ...LOGIT,
  name: 'bernoulli',
  synonyms: ['logistic', 'logit', 'binary'],
  description: '0 or 1; logit link.',
  parts: [],
  required: null,
  texts: 'two',
  own: [],
  counts: () => false,
  fault: (column) => countFault(column, 1, 'it needs 0 and 1'),
  notation: { distribution: 'Bernoulli(p[i])', predictor: 'logit(p[i])' },
  logLikelihood(y, eta) {
    if (y === 1) return -softplus(-eta);
    return y === 0 ? -softplus(eta) : Number.NEGATIVE_INFINITY;
  },
  score(y, eta, _aux, out) {
    out.eta = y === 1 ? logistic(-eta) : -logistic(eta);
  },
  information: (_y, eta) => trialInformation(1, eta),
  mean: logistic,
  variance: (eta) => logistic(eta) * logistic(-eta),
  draw: (rng, eta) => (rng.uniform() < logistic(eta) ? 1 : 0),
  cdf: (y, eta) => (y < 0 ? 0 : y < 1 ? logistic(-eta) : 1),
  freeSide: (y) => (y === 0 ? -1 : 1),
  many: {
    logLikelihood(y, _trials, eta, out) {
      if (y !== 0 && y !== 1) return false;
      const sign = y === 1 ? -1 : 1;
      for (let s = 0; s < out.length; s++) out[s] = -quickSoftplus(sign * eta[s]);
      return true;
    },
    moments: (_trials, eta, mean, variance) => trialMoments(1, eta, mean, variance),
  },
  likelihood: trialKernel(() => 0),
};
