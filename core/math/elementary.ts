/**
 * exp, log and their kin from additions, multiplications and divisions alone, so that draws are the same on every
 * engine and machine: what IEEE 754 rounds exactly is the same everywhere, a library's exp is not.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = Math.LOG2E;

/** Square roots are exactly rounded by IEEE 754. */
export const sqrt = Math.sqrt;

const words = new ArrayBuffer(8);
const asDouble = new Float64Array(words);
const asInts = new Int32Array(words);

/** 2^k for −1022 ≤ k ≤ 1023. */
function power2(k: number): number {
  asInts[0] = 0;
  asInts[1] = (k + 1023) << 20;
  return asDouble[0];
}

/** x · 2^k, also into and out of the subnormal numbers. */
function scale2(x: number, k: number): number {
  if (k > 1023) return x * power2(1023) * power2(Math.min(k - 1023, 1023));
  if (k < -1022) return x * power2(Math.max(k + 1022, -1022)) * power2(-1022);
  return x * power2(k);
}

/**
 * e^x − 1 for |x| ≤ ln 2 / 2: x + x² p(x), p of degree 9 by Chebyshev interpolation (relative error 1.6e-17), summed in pairs
 * so that a processor can work on several at once.
 */
function expm1Reduced(r: number): number {
  const z = r * r;
  const low = 0.5000000000000001 + r * 0.16666666666666669 + z * (0.04166666666662413 + r * 0.008333333333330062);
  const high = 0.0013888888917213717 + r * 0.00019841269863053618 + z * (2.4801521295954376e-5 + r * 2.7557268459997064e-6);
  const z2 = z * z;
  return r + z * (low + z2 * (high + z2 * (2.7620088445409746e-7 + r * 2.510038549551032e-8)));
}

/** e^x, within 1 ulp or so; 0 below −745.2, Infinity above 709.8, NaN for NaN. */
export function exp(x: number): number {
  if (x > -708 && x < 709) {
    const k = Math.floor(x * INVERSE_LN2 + 0.5);
    const r = x - k * LN2_HIGH - k * LN2_LOW;
    asInts[0] = 0;
    asInts[1] = (k + 1023) << 20;
    return (1 + expm1Reduced(r)) * asDouble[0];
  }
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  if (Number.isNaN(x)) return x;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  return scale2(1 + expm1Reduced(x - k * LN2_HIGH - k * LN2_LOW), k);
}

/** e^x − 1 without the loss of digits near 0. */
export function expm1(x: number): number {
  if (x > -0.34 && x < 0.34) return expm1Reduced(x);
  return exp(x) - 1;
}

/**
 * log(1 + f) for f in [√½ − 1, √2 − 1] from s = f / (2 + f): 2 artanh(s) as f − (f²/2 − s (f²/2 + R)), R in s² of degree 7
 * by Chebyshev interpolation (absolute error 1e-17).
 */
function log1pReduced(f: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const z2 = z * z;
  const low = 0.666666666666667 + z * 0.3999999999989931 + z2 * (0.2857142862606338 + z * 0.22222211120449298);
  const high = 0.1818289017031397 + z * 0.15331686868638428 + z2 * 0.14616878919029822;
  const half = 0.5 * f * f;
  return f - (half - s * (half + z * (low + z2 * z2 * high)));
}

/** The natural logarithm, within 1 ulp or so; −Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x >= 2.2250738585072014e-308)) return logOfSmall(x);
  if (x === Number.POSITIVE_INFINITY) return x;
  asDouble[0] = x;
  const high = asInts[1];
  // From √½ to √2 the exponent is 0: adding what is missing from √½ to 1 carries into it.
  const shifted = high + 0x95f64;
  const k = (shifted >> 20) - 1023;
  asInts[1] = (shifted & 0x000fffff) + 0x3fe6a09c;
  return k * LN2_HIGH + (log1pReduced(asDouble[0] - 1) + k * LN2_LOW);
}

function logOfSmall(x: number): number {
  if (x > 0) return log(x * 2 ** 54) - 54 * LN2_HIGH - 54 * LN2_LOW;
  return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
}

/** log(1 + x) without the loss of digits near 0; −Infinity at −1. */
export function log1p(x: number): number {
  if (x > -0.29 && x < 0.41) return log1pReduced(x);
  const u = 1 + x;
  if (u === Number.POSITIVE_INFINITY) return u;
  return log(u) + (u > 0 ? (x - (u - 1)) / u : 0);
}

/** sinh x, with all its digits about 0 too. */
export function sinh(x: number): number {
  const e = expm1(Math.abs(x));
  return (x < 0 ? -0.5 : 0.5) * (e === Number.POSITIVE_INFINITY ? e : e + e / (e + 1));
}

export function cosh(x: number): number {
  const e = exp(Math.abs(x));
  return 0.5 * (e + 1 / e);
}

/** The inverse of sinh. */
export function asinh(x: number): number {
  const a = Math.abs(x);
  const u = a > 1e150 ? log(a) + Math.LN2 : log1p(a + (a * a) / (1 + sqrt(1 + a * a)));
  return x < 0 ? -u : u;
}

/** log(e^a + e^b). */
export function logAddExp(a: number, b: number): number {
  const top = a > b ? a : b;
  if (top === Number.NEGATIVE_INFINITY || top === Number.POSITIVE_INFINITY) return top;
  return top + log1p(exp((a > b ? b : a) - top));
}

/** log Σ e^x; −Infinity for nothing. */
export function logSumExp(x: ArrayLike<number>): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < x.length; i++) if (x[i] > top) top = x[i];
  if (top === Number.NEGATIVE_INFINITY || top === Number.POSITIVE_INFINITY) return top;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += exp(x[i] - top);
  return top + log(sum);
}

/** log(1 + e^x), the negative log of 1 − logit⁻¹(x). */
export function softplus(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/** 1 / (1 + e^−x). */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}
