/** Counts more variable than Poisson's: variance mu + mu² / shape. */
import { weightOf } from '../data/table.ts';
import { SUMS } from '../kernels/kernels.ts';
import { exp, log, logistic, softplus } from '../math/elementary.ts';
import { betaI, digammaRising, lgamma, logRising } from '../math/gamma.ts';
import { drawNegativeBinomial } from '../math/random.ts';
import type { FamilyRecord, KernelForm } from './family.ts';
import { COUNTS, countConstant, isCount, offsetKey, offsetsOf } from './shared.ts';

/** The kernel sums (Σ w y + shape Σ w) softplus(eta − log shape), Σ w softplus, and the first's derivative in eta. */
const kernel: KernelForm = {
  kernel: () => 'negativeBinomial',
  keys: offsetKey,
  columns(rows, merged) {
    const first = new Float64Array(merged.count);
    const second = new Float64Array(merged.count);
    merged.list.forEach((r, i) => {
      const w = weightOf(rows, r);
      first[merged.slot[i]] += w * rows.y[r];
      second[merged.slot[i]] += w;
    });
    return { offset: offsetsOf(rows, merged), first, second };
  },
  constant: countConstant,
  tally: true,
  information({ first, second }, i, eta, _scale, { 0: shape }) {
    const t = eta - log(shape);
    return (first![i] + shape * second![i]) * logistic(t) * logistic(-t);
  },
  finish: {
    kind: 'canonical',
    // Σ w [log Γ(y + shape) − log Γ(shape) − y log shape], and the derivative in the shape of all that depends on it.
    own({ weightedY, tally: { y, weight } }, sums, { 0: shape }, gradient) {
      let value = -weightedY * log(shape);
      let slope = -weightedY / shape;
      for (let i = 0; i < y.length; i++) {
        value += weight[i] * logRising(shape, y[i]);
        slope += weight[i] * digammaRising(shape, y[i]);
      }
      for (let at = 0; at < sums.length; at += SUMS) slope += sums[at + 2] / shape - sums[at + 1];
      gradient[0] = slope;
      return value;
    },
  },
};

export const negativeBinomial: FamilyRecord = {
  ...COUNTS,
  name: 'negative_binomial',
  synonyms: ['nb', 'negbin', 'negbinomial', 'nbinom', 'negbinomial2', 'negativebinomial2'],
  description: 'Counts more variable than Poisson: variance mu + mu²/shape; log link.',
  own: [
    {
      key: 'shape',
      description: 'the shape; the smaller, the more variable the counts',
      prior: { dist: 'exponential', args: [0.1] },
      limit: 'a Poisson distribution',
    },
  ],
  moreVariable: null,
  notation: { distribution: 'NegativeBinomial(lambda[i], shape)', predictor: 'log(lambda[i])' },
  logLikelihood(y, eta, { own: { 0: shape } }) {
    if (!isCount(y)) return Number.NEGATIVE_INFINITY;
    const t = eta - log(shape);
    return logRising(shape, y) - lgamma(y + 1) + (y === 0 ? 0 : y * t) - (y + shape) * softplus(t);
  },
  score(y, eta, { own: { 0: shape } }, out) {
    const t = eta - log(shape);
    const share = (y + shape) * logistic(t);
    out.eta = y - share;
    out.own[0] = digammaRising(shape, y) - (y - share) / shape - softplus(t);
  },
  information(y, eta, { own: { 0: shape } }) {
    const t = eta - log(shape);
    return (y + shape) * logistic(t) * logistic(-t);
  },
  variance(eta, { own: { 0: shape } }) {
    const mu = exp(eta);
    return mu + (mu * mu) / shape;
  },
  draw: (rng, eta, { own: { 0: shape } }) => drawNegativeBinomial(rng, exp(eta), shape),
  cdf(y, eta, { own: { 0: shape } }) {
    if (y < 0) return 0;
    const t = eta - log(shape);
    return betaI(shape, Math.floor(y) + 1, logistic(-t), logistic(t));
  },
  many: null,
  likelihood: kernel,
};
