/** Random variates of the distributions that responses and priors have, from a uniform and normal generator. */
import { exp, log, sqrt } from './elementary.ts';
import type { Rng } from './rng.ts';

/** Gamma(shape, 1), shape > 0: Marsaglia & Tsang 2000, with the power of a uniform for shapes below 1. */
export function drawGamma(rng: Rng, shape: number): number {
  if (shape < 1) return drawGamma(rng, shape + 1) * exp(log(rng.uniform()) / shape);
  const d = shape - 1 / 3;
  const c = 1 / sqrt(9 * d);
  for (;;) {
    const z = rng.normal();
    const root = 1 + c * z;
    if (root <= 0) continue;
    const v = root * root * root;
    if (log(rng.uniform()) < 0.5 * z * z + d - d * v + d * log(v)) return d * v;
  }
}

/** Beta(a, b), a, b > 0. */
export function drawBeta(rng: Rng, a: number, b: number): number {
  const x = drawGamma(rng, a);
  const y = drawGamma(rng, b);
  return x + y > 0 ? x / (x + y) : rng.uniform() < a / (a + b) ? 1 : 0;
}

/** Student's t with nu > 0 degrees of freedom. */
export function drawStudent(rng: Rng, nu: number): number {
  const z = rng.normal();
  return z / sqrt((2 * drawGamma(rng, 0.5 * nu)) / nu);
}

/** Means below which counting through the distribution is quickest. */
const COUNT_BELOW = 24;

/**
 * Binomial(n, p) for a whole n ≥ 0: while n is large, the median-ish order statistic of n uniforms is drawn from its beta
 * distribution and says on which side p lies (Devroye 1986, X.4.3); what is left is counted by waiting times.
 */
export function drawBinomial(rng: Rng, n: number, p: number): number {
  if (!(p > 0)) return p <= 0 ? 0 : Number.NaN;
  if (p >= 1) return n;
  if (p > 0.5) return n - drawBinomial(rng, n, 1 - p);
  let left = n;
  let chance = p;
  let count = 0;
  while (left * chance > COUNT_BELOW) {
    const middle = Math.floor(0.5 * (left + 1));
    const u = drawBeta(rng, middle, left + 1 - middle);
    if (u <= chance) {
      count += middle;
      left -= middle;
      chance = (chance - u) / (1 - u);
    } else {
      left = middle - 1;
      chance /= u;
    }
  }
  if (!(chance > 0)) return count;
  if (chance >= 1) return count + left;
  const rate = -1 / logComplement(chance);
  let position = 0;
  for (;;) {
    position += Math.floor(rng.exponential() * rate) + 1;
    if (position > left) return count;
    count++;
  }
}

/** log(1 − p). */
function logComplement(p: number): number {
  return p < 1e-5 ? -p * (1 + p * (0.5 + p / 3)) : log(1 - p);
}

/**
 * Poisson(mean): a large mean is cut by a gamma variate, the arrival time of the m-th event (Ahrens & Dieter 1974); the
 * rest is counted. Infinity for an infinite mean; above 2⁵³ the steps between numbers exceed 1 and the normal limit is taken.
 */
export function drawPoisson(rng: Rng, mean: number): number {
  if (!(mean > 0)) return mean <= 0 ? 0 : Number.NaN;
  if (mean > 2 ** 53) return mean === Number.POSITIVE_INFINITY ? mean : Math.round(mean + sqrt(mean) * rng.normal());
  let left = mean;
  let count = 0;
  while (left > COUNT_BELOW) {
    const m = Math.floor(left * 0.875);
    const arrival = drawGamma(rng, m);
    if (arrival > left) return count + drawBinomial(rng, m - 1, left / arrival);
    count += m;
    left -= arrival;
  }
  const limit = exp(-left);
  let product = rng.uniform();
  while (product > limit) {
    count++;
    product *= rng.uniform();
  }
  return count;
}

/** Negative binomial with that mean and variance mean + mean² / shape: a Poisson whose mean is a gamma. */
export function drawNegativeBinomial(rng: Rng, mean: number, shape: number): number {
  return drawPoisson(rng, (drawGamma(rng, shape) * mean) / shape);
}

/** Laplace(0, 1). */
export function drawLaplace(rng: Rng): number {
  const u = rng.uniform() - 0.5;
  return u < 0 ? log(1 + 2 * u) : -log(1 - 2 * u);
}
