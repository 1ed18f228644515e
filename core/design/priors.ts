/**
 * Priors: densities with their derivatives, supports, random draws, distribution functions and quantiles.
 * Stan's parametrisation throughout; `flat()` has density 1 and no draws.
 */
import { exp, log, log1p, sqrt } from '../math/elementary.ts';
import { betaI, gammaP, HALF_LOG_2PI, LOG_PI, lgamma, logRising, normalCdf, studentCdf } from '../math/gamma.ts';
import { drawGamma, drawLaplace, drawStudent } from '../math/random.ts';
import type { Rng } from '../math/rng.ts';
import type { Distribution, DistributionName, Fixed, Prior } from '../spec/types.ts';

/** Whether the prior fixes its parameter at a number. */
export const isFixed = (prior: Prior): prior is Fixed => 'fixed' in prior;

export interface Support {
  readonly lower: number;
  readonly upper: number;
}

/** A log density with its first two derivatives. */
export interface Derivatives {
  value: number;
  first: number;
  second: number;
}

interface PriorFunctions {
  /** Only for positive parameters. */
  readonly positive: boolean;
  /** Writes log p(x) and its derivatives for x inside the support. */
  log(x: number, args: readonly number[], out: Derivatives): void;
  /** P(X ≤ x), for x inside the support. */
  cdf(x: number, args: readonly number[]): number;
  draw(rng: Rng, args: readonly number[]): number;
}

/** Where the density is not 0. `positive` cuts a prior on the whole line at 0, as for a scale. */
export function supportOf(d: Distribution, positive = false): Support {
  if (d.dist === 'uniform') return { lower: positive ? Math.max(0, d.args[0]) : d.args[0], upper: d.args[1] };
  return { lower: positive || FUNCTIONS[d.dist].positive ? 0 : Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
}

/** log p(x) with d/dx and d²/dx² written to `out`; −Infinity and zeros outside the support. */
export function logDensityOf(d: Distribution, x: number, out: Derivatives): number {
  const { lower, upper } = supportOf(d);
  if (x >= lower && x <= upper) FUNCTIONS[d.dist].log(x, d.args, out);
  else set(out, Number.isNaN(x) ? Number.NaN : Number.NEGATIVE_INFINITY, 0, 0);
  return out.value;
}

const scratch: Derivatives = { value: 0, first: 0, second: 0 };

/** log p(x). */
export const logPrior = (d: Distribution, x: number): number => logDensityOf(d, x, scratch);

/** P(X ≤ x); NaN for `flat()`. */
export function priorCdf(d: Distribution, x: number): number {
  const { lower, upper } = supportOf(d);
  if (d.dist === 'flat') return Number.NaN;
  if (x <= lower) return 0;
  return x >= upper ? 1 : FUNCTIONS[d.dist].cdf(x, d.args);
}

/** A random value; NaN for `flat()`. `positive`: from the part above 0. */
export function drawPrior(rng: Rng, d: Distribution, positive = false): number {
  if (d.dist === 'flat') return Number.NaN;
  for (let tries = 0; tries < 100_000; tries++) {
    const x = FUNCTIONS[d.dist].draw(rng, d.args);
    if (!positive || x > 0) return x;
  }
  return Number.NaN;
}

/**
 * The smallest x with P(X ≤ x) ≥ p, for 0 < p < 1, by bisection of the distribution function to the last digits it has;
 * the ends of the support for p = 0 and 1; NaN for `flat()`.
 */
export function priorQuantile(d: Distribution, p: number): number {
  if (d.dist === 'flat' || !(p >= 0 && p <= 1)) return Number.NaN;
  const support = supportOf(d);
  if (p === 0) return support.lower;
  if (p === 1) return support.upper;
  let low = Math.max(support.lower, -1);
  let high = Math.min(support.upper, Math.max(low, 0) + 1);
  while (high < support.upper && priorCdf(d, high) < p) high = high > 0 ? high * 2 : high / 2 + 1;
  while (low > support.lower && priorCdf(d, low) > p) low = low < 0 ? low * 2 : low - 1;
  for (let i = 0; i < 200; i++) {
    const middle = low > 0 && high > 4 * low ? sqrt(low) * sqrt(high) : 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (priorCdf(d, middle) < p) low = middle;
    else high = middle;
  }
  return high;
}

/** The median and a spread like an sd (half the distance between the 16 % and 84 % quantiles); NaN for `flat()`. */
export function locationAndSpread(d: Distribution): { readonly location: number; readonly spread: number } {
  return { location: priorQuantile(d, 0.5), spread: 0.5 * (priorQuantile(d, 0.8413447460685429) - priorQuantile(d, 0.15865525393145705)) };
}

/** The prior as the spec writes it, in the digits that it has: `normal(101325, 7.25)`, or the number that fixes it. */
export function formatPrior(prior: Prior): string {
  if (isFixed(prior)) return shorten(prior.fixed);
  return `${prior.dist}(${prior.args.map(shorten).join(', ')})`;
}

/** Without the last digit of a double, where 0.1 + 0.2 is not 0.3. */
const shorten = (x: number): string => String(Number(x.toPrecision(15)));

function set(out: Derivatives, value: number, first: number, second: number): void {
  out.value = value;
  out.first = first;
  out.second = second;
}

function logNormal01(z: number, sigma: number, constant: number, out: Derivatives): void {
  set(out, -HALF_LOG_2PI + constant - log(sigma) - 0.5 * z * z, -z / sigma, -1 / (sigma * sigma));
}

function logStudent(z: number, nu: number, sigma: number, constant: number, out: Derivatives): void {
  const value = logRising(0.5 * nu, 0.5) - 0.5 * (log(nu) + LOG_PI) - log(sigma) + constant - 0.5 * (nu + 1) * log1p((z * z) / nu);
  const q = nu + z * z;
  set(out, value, (-(nu + 1) * z) / (q * sigma), (-(nu + 1) * (nu - z * z)) / (q * q * sigma * sigma));
}

const FUNCTIONS: Readonly<Record<DistributionName, PriorFunctions>> = {
  normal: {
    positive: false,
    log: (x, [mu, sigma], out) => logNormal01((x - mu) / sigma, sigma, 0, out),
    cdf: (x, [mu, sigma]) => normalCdf((x - mu) / sigma),
    draw: (rng, [mu, sigma]) => mu + sigma * rng.normal(),
  },
  student_t: {
    positive: false,
    log: (x, [nu, mu, sigma], out) => logStudent((x - mu) / sigma, nu, sigma, 0, out),
    cdf: (x, [nu, mu, sigma]) => studentCdf((x - mu) / sigma, nu),
    draw: (rng, [nu, mu, sigma]) => mu + sigma * drawStudent(rng, nu),
  },
  cauchy: {
    positive: false,
    log: (x, [mu, sigma], out) => logStudent((x - mu) / sigma, 1, sigma, 0, out),
    cdf: (x, [mu, sigma]) => studentCdf((x - mu) / sigma, 1),
    draw: (rng, [mu, sigma]) => mu + (sigma * rng.normal()) / rng.normal(),
  },
  laplace: {
    positive: false,
    log(x, [mu, b], out) {
      const z = (x - mu) / b;
      set(out, -log(2 * b) - (z < 0 ? -z : z), z > 0 ? -1 / b : z < 0 ? 1 / b : 0, 0);
    },
    cdf(x, [mu, b]) {
      const z = (x - mu) / b;
      return z < 0 ? 0.5 * exp(z) : 1 - 0.5 * exp(-z);
    },
    draw: (rng, [mu, b]) => mu + b * drawLaplace(rng),
  },
  uniform: {
    positive: false,
    log: (_, [a, b], out) => set(out, -log(b - a), 0, 0),
    cdf: (x, [a, b]) => (x - a) / (b - a),
    draw: (rng, [a, b]) => a + (b - a) * rng.uniform(),
  },
  flat: {
    positive: false,
    log: (_x, _args, out) => set(out, 0, 0, 0),
    cdf: () => Number.NaN,
    draw: () => Number.NaN,
  },
  half_normal: {
    positive: true,
    log: (x, [sigma], out) => logNormal01(x / sigma, sigma, Math.LN2, out),
    cdf: (x, [sigma]) => gammaP(0.5, 0.5 * (x / sigma) * (x / sigma)),
    draw: (rng, [sigma]) => absolute(sigma * rng.normal()),
  },
  half_student_t: {
    positive: true,
    log: (x, [nu, sigma], out) => logStudent(x / sigma, nu, sigma, Math.LN2, out),
    cdf: (x, [nu, sigma]) => studentCentre(x / sigma, nu),
    draw: (rng, [nu, sigma]) => absolute(sigma * drawStudent(rng, nu)),
  },
  half_cauchy: {
    positive: true,
    log: (x, [sigma], out) => logStudent(x / sigma, 1, sigma, Math.LN2, out),
    cdf: (x, [sigma]) => studentCentre(x / sigma, 1),
    draw: (rng, [sigma]) => absolute((sigma * rng.normal()) / rng.normal()),
  },
  exponential: {
    positive: true,
    log: (x, [rate], out) => set(out, log(rate) - rate * x, -rate, 0),
    cdf: (x, [rate]) => gammaP(1, rate * x),
    draw: (rng, [rate]) => rng.exponential() / rate,
  },
  gamma: {
    positive: true,
    log(x, [shape, rate], out) {
      const power = shape === 1 ? 0 : (shape - 1) * log(x);
      set(out, shape * log(rate) - lgamma(shape) + power - rate * x, (shape - 1) / x - rate, (1 - shape) / (x * x));
    },
    cdf: (x, [shape, rate]) => gammaP(shape, rate * x),
    draw: (rng, [shape, rate]) => drawGamma(rng, shape) / rate,
  },
  inverse_gamma: {
    positive: true,
    log(x, [shape, scale], out) {
      if (x === 0) return set(out, Number.NEGATIVE_INFINITY, 0, 0);
      const i = 1 / x;
      const value = shape * log(scale) - lgamma(shape) - (shape + 1) * log(x) - scale * i;
      set(out, value, (scale * i - shape - 1) * i, (shape + 1 - 2 * scale * i) * i * i);
    },
    cdf: (x, [shape, scale]) => 1 - gammaP(shape, scale / x),
    draw: (rng, [shape, scale]) => scale / drawGamma(rng, shape),
  },
  lognormal: {
    positive: true,
    log(x, [mu, sigma], out) {
      if (x === 0) return set(out, Number.NEGATIVE_INFINITY, 0, 0);
      const z = (log(x) - mu) / sigma;
      const slope = 1 + z / sigma;
      set(out, -HALF_LOG_2PI - log(sigma) - log(x) - 0.5 * z * z, -slope / x, (slope - 1 / (sigma * sigma)) / (x * x));
    },
    cdf: (x, [mu, sigma]) => normalCdf((log(x) - mu) / sigma),
    draw: (rng, [mu, sigma]) => exp(mu + sigma * rng.normal()),
  },
};

/** P(|T| ≤ t) for a Student's t. */
function studentCentre(t: number, nu: number): number {
  const square = t * t;
  return square === Number.POSITIVE_INFINITY ? 1 : betaI(0.5, 0.5 * nu, square / (nu + square), nu / (nu + square));
}

const absolute = (x: number): number => (x < 0 ? -x : x);
