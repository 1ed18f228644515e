/**
 * The gamma function's family: log gamma, digamma, trigamma, log beta, log choose, and the regularised incomplete gamma
 * and beta functions that distribution functions are made of. All from core/math/elementary.ts, so the same everywhere.
 */
import { exp, log, log1p } from './elementary.ts';

/** ½ log 2π. */
export const HALF_LOG_2PI = 0.9189385332046728;
/** log π. */
export const LOG_PI = 1.1447298858494002;

/** From here on Stirling's series with eight terms is exact to the last digit or so. */
const STIRLING_FROM = 10;

/** log Γ(x) − ((x − ½) log x − x + ½ log 2π) for x ≥ 10: Stirling's series, DLMF 5.11.1. */
function stirlingTail(x: number): number {
  const i = 1 / x;
  const z = i * i;
  return (
    i *
    (1 / 12 +
      z * (-1 / 360 + z * (1 / 1260 + z * (-1 / 1680 + z * (1 / 1188 + z * (-691 / 360360 + z * (1 / 156 - (z * 3617) / 122400)))))))
  );
}

/** log Γ(x) for x > 0, absolute error below 1e-14 · max(1, |log Γ(x)|); Infinity at 0, NaN below. */
export function lgamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x === 1 || x === 2) return 0;
  let product = 1;
  let y = x;
  while (y < STIRLING_FROM) product *= y++;
  const value = (y - 0.5) * log(y) - y + HALF_LOG_2PI + stirlingTail(y);
  return product === 1 ? value : value - log(product);
}

/** ψ(x) = d log Γ(x) / dx for x > 0; NaN elsewhere. */
export function digamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let sum = 0;
  let y = x;
  while (y < STIRLING_FROM) sum += 1 / y++;
  const i = 1 / y;
  const z = i * i;
  const tail =
    z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z * (1 / 132 - z * (691 / 32760 - z * (1 / 12 - (z * 3617) / 8160)))))));
  return log(y) - 0.5 * i - tail - sum;
}

/** ψ′(x) for x > 0; NaN elsewhere. */
export function trigamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let sum = 0;
  let y = x;
  while (y < STIRLING_FROM) {
    sum += 1 / (y * y);
    y++;
  }
  const i = 1 / y;
  const z = i * i;
  const tail =
    z * i * (1 / 6 - z * (1 / 30 - z * (1 / 42 - z * (1 / 30 - z * (5 / 66 - z * (691 / 2730 - z * (7 / 6 - (z * 3617) / 510)))))));
  return sum + i + 0.5 * z + tail;
}

/** log Γ(a + n) − log Γ(a) for a > 0, a + n > 0, without the cancellation of two large numbers when a is large. */
export function logRising(a: number, n: number): number {
  if (a < STIRLING_FROM || a + n < STIRLING_FROM) return lgamma(a + n) - lgamma(a);
  return (a - 0.5) * log1p(n / a) + n * log(a + n) - n + stirlingTail(a + n) - stirlingTail(a);
}

/** ψ(a + n) − ψ(a), without the cancellation when a is large beside n. */
export function digammaRising(a: number, n: number): number {
  if (n === Math.floor(n) && n >= 0 && n <= 16) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += 1 / (a + i);
    return sum;
  }
  return digamma(a + n) - digamma(a);
}

/** log B(a, b) for a, b > 0. */
export function logBeta(a: number, b: number): number {
  const small = a < b ? a : b;
  const large = a < b ? b : a;
  return lgamma(small) - logRising(large, small);
}

/** log of n over k, for real 0 ≤ k ≤ n. */
export function logChoose(n: number, k: number): number {
  if (k === 0 || k === n) return 0;
  return -log(n + 1) - logBeta(n - k + 1, k + 1);
}

const EPSILON = 2.220446049250313e-16;
const TINY = 1e-300;
const MOST_TERMS = 100_000;

/** x^a e^−x / Γ(a), through logs. */
function gammaFactor(a: number, x: number): number {
  return exp(a * log(x) - x - lgamma(a));
}

/** Γ-distribution function P(a, x) by its series; for x < a + 1. */
function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < MOST_TERMS && term > sum * EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * gammaFactor(a, x);
}

/** Q(a, x) by Legendre's continued fraction, Lentz's method; for x ≥ a + 1. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < MOST_TERMS; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (d < TINY && d > -TINY) d = TINY;
    c = b + an / c;
    if (c < TINY && c > -TINY) c = TINY;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (step - 1 < EPSILON && step - 1 > -EPSILON) break;
  }
  return h * gammaFactor(a, x);
}

/** The regularised lower incomplete gamma function P(a, x), a > 0: the distribution function of Gamma(a, 1) at x. */
export function gammaP(a: number, x: number): number {
  if (!(x > 0)) return x <= 0 ? 0 : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return 1;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
}

/** The regularised upper incomplete gamma function Q(a, x) = 1 − P(a, x), with its own digits far in the tail. */
export function gammaQ(a: number, x: number): number {
  if (!(x > 0)) return x <= 0 ? 1 : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return 0;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

/** The continued fraction of I_x(a, b), DLMF 8.17.22, Lentz's method. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  if (d < TINY && d > -TINY) d = TINY;
  d = 1 / d;
  let h = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    if (d < TINY && d > -TINY) d = TINY;
    c = 1 + even / c;
    if (c < TINY && c > -TINY) c = TINY;
    d = 1 / d;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    if (d < TINY && d > -TINY) d = TINY;
    c = 1 + odd / c;
    if (c < TINY && c > -TINY) c = TINY;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (step - 1 < EPSILON && step - 1 > -EPSILON) break;
  }
  return h;
}

/**
 * The regularised incomplete beta function I_x(a, b), a, b > 0: the distribution function of Beta(a, b) at x.
 * `complement` is 1 − x, given where it is known with more digits than the subtraction would leave.
 */
export function betaI(a: number, b: number, x: number, complement = 1 - x): number {
  if (!(x > 0)) return x <= 0 ? 0 : Number.NaN;
  if (!(complement > 0)) return 1;
  const factor = exp(a * log(x) + b * log(complement) - logBeta(a, b));
  return x < (a + 1) / (a + b + 2) ? (factor * betaFraction(a, b, x)) / a : 1 - (factor * betaFraction(b, a, complement)) / b;
}

/** The standard normal distribution function, with its own digits in the lower tail. */
export function normalCdf(z: number): number {
  const tail = 0.5 * gammaQ(0.5, 0.5 * z * z);
  return z < 0 ? tail : 1 - tail;
}

/** The distribution function of Student's t with nu > 0 degrees of freedom. */
export function studentCdf(t: number, nu: number): number {
  if (t === 0) return 0.5;
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return t < 0 ? 0 : 1;
  const tail = 0.5 * betaI(0.5 * nu, 0.5, nu / (nu + square), square / (nu + square));
  return t < 0 ? tail : 1 - tail;
}
