/**
 * One row's log likelihood and moments at all draws for the families with one parameter, with what does not change between draws taken out of
 * the loop. Nothing here decides draws, so Math's functions, which are faster, serve.
 */
import { lgamma, logChoose } from '../math/gamma.ts';
import type { Family } from '../spec/types.ts';

const softplus = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));

const isCount = (y: number): boolean => y >= 0 && Number.isInteger(y);

/** Writes log p(y | eta) for every eta; false, and nothing written, where the family's own function is to be used. */
export function oneParameterLogLikelihood(family: Family, y: number, trials: number, eta: Float64Array, out: Float64Array): boolean {
  if (family === 'bernoulli' && (y === 0 || y === 1)) {
    const sign = y === 1 ? -1 : 1;
    for (let s = 0; s < out.length; s++) out[s] = -softplus(sign * eta[s]);
    return true;
  }
  if (family === 'binomial' && isCount(y) && y <= trials) {
    const constant = logChoose(trials, y);
    // y softplus(−eta) + (trials − y) softplus(eta), with softplus(−eta) = softplus(eta) − eta.
    for (let s = 0; s < out.length; s++) {
      const up = softplus(Math.abs(eta[s]));
      const down = up - Math.abs(eta[s]);
      out[s] = constant - (eta[s] > 0 ? y * down + (trials - y) * up : y * up + (trials - y) * down);
    }
    return true;
  }
  if (family === 'poisson' && isCount(y)) {
    const constant = lgamma(y + 1);
    for (let s = 0; s < out.length; s++) out[s] = (y === 0 ? 0 : y * eta[s]) - Math.exp(eta[s]) - constant;
    return true;
  }
  return false;
}

/** Writes mean and variance of the response for every eta; false where the family's own functions are to be used. */
export function oneParameterMoments(
  family: Family,
  trials: number,
  eta: Float64Array,
  mean: Float64Array,
  variance: Float64Array,
): boolean {
  if (family === 'poisson') {
    for (let s = 0; s < mean.length; s++) {
      mean[s] = Math.exp(eta[s]);
      variance[s] = mean[s];
    }
    return true;
  }
  if (family !== 'bernoulli' && family !== 'binomial') return false;
  const n = family === 'bernoulli' ? 1 : trials;
  for (let s = 0; s < mean.length; s++) {
    const e = Math.exp(-Math.abs(eta[s]));
    const less = e / (1 + e);
    mean[s] = n * (eta[s] > 0 ? 1 - less : less);
    variance[s] = n * less * (1 - less);
  }
  return true;
}
