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

/** e^x − 1 for |x| ≤ ln 2 / 2: x + x²/2 + … to degree 14, by Horner. */
function expm1Reduced(r: number): number {
  const p =
    1 / 2 +
    r *
      (1 / 6 +
        r *
          (1 / 24 +
            r *
              (1 / 120 +
                r *
                  (1 / 720 +
                    r *
                      (1 / 5040 +
                        r *
                          (1 / 40320 +
                            r *
                              (1 / 362880 +
                                r *
                                  (1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800 + r / 87178291200)))))))))));
  return r + r * r * p;
}

/** e^x, within 1 ulp or so; 0 below −745.2, Infinity above 709.8, NaN for NaN. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  if (Number.isNaN(x)) return x;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  return scale2(1 + expm1Reduced(r), k);
}

/** e^x − 1 without the loss of digits near 0. */
export function expm1(x: number): number {
  if (x > -0.34 && x < 0.34) return expm1Reduced(x);
  return exp(x) - 1;
}

/** log(1 + f) for f in [√½ − 1, √2 − 1] from s = f / (2 + f): 2 artanh(s) as f − f²/2 + s (f²/2 + R). */
function log1pReduced(f: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const r =
    z *
    (2 / 3 +
      z *
        (2 / 5 +
          z *
            (2 / 7 +
              z * (2 / 9 + z * (2 / 11 + z * (2 / 13 + z * (2 / 15 + z * (2 / 17 + z * (2 / 19 + z * (2 / 21 + (z * 2) / 23))))))))));
  const half = 0.5 * f * f;
  return f - (half - s * (half + r));
}

/** The natural logarithm, within 1 ulp or so; −Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = 0;
  let y = x;
  if (y < 2.2250738585072014e-308) {
    y *= 2 ** 54;
    k = -54;
  }
  asDouble[0] = y;
  k += (asInts[1] >>> 20) - 1023;
  asInts[1] = (asInts[1] & 0x000fffff) | 0x3ff00000;
  let m = asDouble[0];
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  return k * LN2_HIGH + (log1pReduced(f) + k * LN2_LOW);
}

/** log(1 + x) without the loss of digits near 0; −Infinity at −1. */
export function log1p(x: number): number {
  if (x > -0.29 && x < 0.41) return log1pReduced(x);
  const u = 1 + x;
  if (u === Number.POSITIVE_INFINITY) return u;
  return log(u) + (u > 0 ? (x - (u - 1)) / u : 0);
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
