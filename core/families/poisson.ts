/** Counts whose variance is their mean. */
import { weightOf } from '../data/table.ts';
import { exp, log } from '../math/elementary.ts';
import { gammaQ, lgamma } from '../math/gamma.ts';
import { drawPoisson } from '../math/random.ts';
import type { FamilyRecord, KernelForm } from './family.ts';
import { COUNTS, countConstant, isCount, NO_OWN } from './shared.ts';

const information = (eta: number): number => exp(Math.min(700, eta));

/** The kernel sums exp(eta + offset); weights and, of merged rows, exposures go into the offset. */
const kernel: KernelForm = {
  kernel: () => 'exponential',
  keys: () => [],
  columns(rows, { list, slot, count }) {
    const whole = count === list.length;
    const exposure = new Float64Array(count);
    const offset = new Float64Array(count);
    list.forEach((r, i) => {
      const s = slot[i];
      const w = weightOf(rows, r);
      exposure[s] += rows.offset === null ? w : w * exp(rows.offset[r]);
      offset[s] = (rows.offset === null ? 0 : rows.offset[r]) + log(w);
    });
    if (!whole) for (let s = 0; s < count; s++) offset[s] = log(exposure[s]);
    const plain = whole && rows.weights === null && rows.offset === null;
    return { offset: plain ? null : offset, first: null, second: null };
  },
  constant: countConstant,
  tally: false,
  information: (_columns, _i, eta) => information(eta),
  finish: NO_OWN,
};

export const poisson: FamilyRecord = {
  ...COUNTS,
  name: 'poisson',
  synonyms: ['count', 'counts'],
  description: 'Counts whose variance is their mean; log link.',
  own: [],
  moreVariable: 'negative_binomial',
  notation: { distribution: 'Poisson(lambda[i])', predictor: 'log(lambda[i])' },
  logLikelihood(y, eta) {
    if (!isCount(y)) return Number.NEGATIVE_INFINITY;
    return (y === 0 ? 0 : y * eta) - exp(eta) - lgamma(y + 1);
  },
  score(y, eta, _aux, out) {
    out.eta = y - exp(eta);
  },
  information: (_y, eta) => information(eta),
  variance: exp,
  draw: (rng, eta) => drawPoisson(rng, exp(eta)),
  cdf: (y, eta) => (y < 0 ? 0 : gammaQ(Math.floor(y) + 1, exp(eta))),
  many: {
    logLikelihood(y, _trials, eta, out) {
      if (!isCount(y)) return false;
      const constant = lgamma(y + 1);
      for (let s = 0; s < out.length; s++) out[s] = (y === 0 ? 0 : y * eta[s]) - Math.exp(eta[s]) - constant;
      return true;
    },
    moments(_trials, eta, mean, variance) {
      for (let s = 0; s < mean.length; s++) {
        mean[s] = Math.exp(eta[s]);
        variance[s] = mean[s];
      }
    },
  },
  likelihood: kernel,
};
