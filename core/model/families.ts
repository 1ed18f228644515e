/**
 * The six families, one row at a time: the log likelihood with all its constants (Stan's definitions), the inverse link,
 * the mean, a random response, and the distribution function. Weights multiply a row's log likelihood; that is the caller's.
 */
import { exp, log, log1p, logistic, softplus } from '../math/elementary.ts';
import { betaI, gammaQ, HALF_LOG_2PI, LOG_PI, lgamma, logChoose, logRising, normalCdf, studentCdf } from '../math/gamma.ts';
import type { Rng } from '../sampler/rng.ts';
import type { Family } from '../spec/types.ts';
import { drawBinomial, drawNegativeBinomial, drawPoisson, drawStudent } from './random.ts';

/** What a row's distribution needs besides its linear predictor; a family reads only its own. */
export interface RowAuxiliary {
  /** Binomial. */
  readonly trials: number;
  /** Gaussian and Student-t: `scale`, or the row's `se`. */
  readonly scale: number;
  /** Student-t. */
  readonly nu: number;
  /** Negative binomial: variance mu + mu² / shape. */
  readonly shape: number;
}

export interface FamilyFunctions {
  /** Whether responses are whole numbers. */
  readonly discrete: boolean;
  readonly link: 'identity' | 'logit' | 'log';
  /** log p(y | eta); −Infinity for a y that cannot be. `eta` includes the offset. */
  logLikelihood(y: number, eta: number, aux: RowAuxiliary): number;
  /** The linear predictor on the scale of a mean or a chance: identity, logistic or exp. */
  inverseLink(eta: number): number;
  /** E[y]: the inverse link, times the trials for a binomial. For a Student-t its centre, also where nu ≤ 1. */
  mean(eta: number, aux: RowAuxiliary): number;
  /** var y; Infinity for a Student-t with nu ≤ 2. */
  variance(eta: number, aux: RowAuxiliary): number;
  /** A response. */
  draw(rng: Rng, eta: number, aux: RowAuxiliary): number;
  /** P(Y ≤ y). */
  cdf(y: number, eta: number, aux: RowAuxiliary): number;
}

/** The functions of a family. */
export function familyOf(family: Family): FamilyFunctions {
  return FUNCTIONS[family];
}

/** Auxiliaries for a family that needs none. */
export const NO_AUXILIARY: RowAuxiliary = { trials: 1, scale: 1, nu: Number.POSITIVE_INFINITY, shape: 1 };

const identity = (eta: number): number => eta;
const isCount = (y: number): boolean => y >= 0 && y === Math.floor(y) && y !== Number.POSITIVE_INFINITY;

const gaussian: FamilyFunctions = {
  discrete: false,
  link: 'identity',
  logLikelihood(y, eta, { scale }) {
    const z = (y - eta) / scale;
    return -HALF_LOG_2PI - log(scale) - 0.5 * z * z;
  },
  inverseLink: identity,
  mean: identity,
  variance: (_, { scale }) => scale * scale,
  draw: (rng, eta, { scale }) => eta + scale * rng.normal(),
  cdf: (y, eta, { scale }) => normalCdf((y - eta) / scale),
};

const studentT: FamilyFunctions = {
  discrete: false,
  link: 'identity',
  logLikelihood(y, eta, { scale, nu }) {
    const z = (y - eta) / scale;
    return logRising(0.5 * nu, 0.5) - 0.5 * (log(nu) + LOG_PI) - log(scale) - 0.5 * (nu + 1) * log1p((z * z) / nu);
  },
  inverseLink: identity,
  mean: identity,
  variance: (_, { scale, nu }) => (nu > 2 ? (scale * scale * nu) / (nu - 2) : Number.POSITIVE_INFINITY),
  draw: (rng, eta, { scale, nu }) => eta + scale * drawStudent(rng, nu),
  cdf: (y, eta, { scale, nu }) => studentCdf((y - eta) / scale, nu),
};

const bernoulli: FamilyFunctions = {
  discrete: true,
  link: 'logit',
  logLikelihood(y, eta) {
    if (y === 1) return -softplus(-eta);
    return y === 0 ? -softplus(eta) : Number.NEGATIVE_INFINITY;
  },
  inverseLink: logistic,
  mean: logistic,
  variance: (eta) => logistic(eta) * logistic(-eta),
  draw: (rng, eta) => (rng.uniform() < logistic(eta) ? 1 : 0),
  cdf: (y, eta) => (y < 0 ? 0 : y < 1 ? logistic(-eta) : 1),
};

const binomial: FamilyFunctions = {
  discrete: true,
  link: 'logit',
  logLikelihood(y, eta, { trials }) {
    if (!isCount(y) || y > trials) return Number.NEGATIVE_INFINITY;
    const failures = trials - y;
    return logChoose(trials, y) - (y === 0 ? 0 : y * softplus(-eta)) - (failures === 0 ? 0 : failures * softplus(eta));
  },
  inverseLink: logistic,
  mean: (eta, { trials }) => trials * logistic(eta),
  variance: (eta, { trials }) => trials * logistic(eta) * logistic(-eta),
  draw: (rng, eta, { trials }) => drawBinomial(rng, trials, logistic(eta)),
  cdf(y, eta, { trials }) {
    const k = Math.floor(y);
    if (k < 0) return 0;
    return k >= trials ? 1 : betaI(trials - k, k + 1, logistic(-eta), logistic(eta));
  },
};

const poisson: FamilyFunctions = {
  discrete: true,
  link: 'log',
  logLikelihood(y, eta) {
    if (!isCount(y)) return Number.NEGATIVE_INFINITY;
    return (y === 0 ? 0 : y * eta) - exp(eta) - lgamma(y + 1);
  },
  inverseLink: exp,
  mean: exp,
  variance: exp,
  draw: (rng, eta) => drawPoisson(rng, exp(eta)),
  cdf: (y, eta) => (y < 0 ? 0 : gammaQ(Math.floor(y) + 1, exp(eta))),
};

const negativeBinomial: FamilyFunctions = {
  discrete: true,
  link: 'log',
  logLikelihood(y, eta, { shape }) {
    if (!isCount(y)) return Number.NEGATIVE_INFINITY;
    const t = eta - log(shape);
    return logRising(shape, y) - lgamma(y + 1) + (y === 0 ? 0 : y * t) - (y + shape) * softplus(t);
  },
  inverseLink: exp,
  mean: exp,
  variance(eta, { shape }) {
    const mu = exp(eta);
    return mu + (mu * mu) / shape;
  },
  draw: (rng, eta, { shape }) => drawNegativeBinomial(rng, exp(eta), shape),
  cdf(y, eta, { shape }) {
    if (y < 0) return 0;
    const t = eta - log(shape);
    return betaI(shape, Math.floor(y) + 1, logistic(-t), logistic(t));
  },
};

const FUNCTIONS: Readonly<Record<Family, FamilyFunctions>> = {
  gaussian,
  student_t: studentT,
  bernoulli,
  binomial,
  poisson,
  negative_binomial: negativeBinomial,
};
