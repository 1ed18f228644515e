/** Successes among a row's trials. */
import { logistic, softplus } from '../math/elementary.ts';
import { betaI, logChoose } from '../math/gamma.ts';
import { drawBinomial } from '../math/random.ts';
import type { FamilyRecord } from './family.ts';
import { countFault, isCount, LOGIT, quickSoftplus, trialInformation, trialKernel, trialMoments } from './shared.ts';

export const binomial: FamilyRecord = {
  ...LOGIT,
  name: 'binomial',
  synonyms: [],
  description: 'Successes out of trials; logit link.',
  parts: ['trials'],
  required: 'trials',
  own: [],
  counts: (severalTrials) => severalTrials,
  fault: (column, trials) => countFault(column, trials, 'it needs whole numbers from 0 to the number of trials'),
  notation: { distribution: 'Binomial(TRIALS, p[i])', predictor: 'logit(p[i])' },
  logLikelihood(y, eta, { trials }) {
    if (!isCount(y) || y > trials) return Number.NEGATIVE_INFINITY;
    const failures = trials - y;
    return logChoose(trials, y) - (y === 0 ? 0 : y * softplus(-eta)) - (failures === 0 ? 0 : failures * softplus(eta));
  },
  score(y, eta, { trials }, out) {
    out.eta = y * logistic(-eta) - (trials - y) * logistic(eta);
  },
  information: (_y, eta, { trials }) => trialInformation(trials, eta),
  mean: (eta, { trials }) => trials * logistic(eta),
  variance: (eta, { trials }) => trials * logistic(eta) * logistic(-eta),
  draw: (rng, eta, { trials }) => drawBinomial(rng, trials, logistic(eta)),
  cdf(y, eta, { trials }) {
    const k = Math.floor(y);
    if (k < 0) return 0;
    return k >= trials ? 1 : betaI(trials - k, k + 1, logistic(-eta), logistic(eta));
  },
  freeSide(y, trials) {
    if (trials === 0) return Number.NaN;
    return y === 0 ? -1 : y === trials ? 1 : 0;
  },
  many: {
    logLikelihood(y, trials, eta, out) {
      if (!isCount(y) || y > trials) return false;
      const constant = logChoose(trials, y);
      // y softplus(−eta) + (trials − y) softplus(eta), with softplus(−eta) = softplus(eta) − eta.
      for (let s = 0; s < out.length; s++) {
        const up = quickSoftplus(Math.abs(eta[s]));
        const down = up - Math.abs(eta[s]);
        out[s] = constant - (eta[s] > 0 ? y * down + (trials - y) * up : y * up + (trials - y) * down);
      }
      return true;
    },
    moments: trialMoments,
  },
  likelihood: trialKernel((rows, i, w) => w * logChoose(rows.trials![i], rows.y[i])),
};
