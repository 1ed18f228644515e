/** exp and log of two numbers at a time, from the same operations in the same order on every machine. */

const LN2_HIGH: f64 = 6.93147180369123816e-1;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const INVERSE_LN2: f64 = 1.44269504088896339;
/** 1.5 · 2⁵²: adding it rounds to a whole number, which then sits in the low bits. */
const ROUNDER: f64 = 6755399441055744;
const SQRT2: f64 = 1.4142135623730951;

/** e^x, for x clamped to [−708, 709]; within 1 ulp or so. */
// @ts-expect-error: decorator
@inline
export function exp2(x0: v128): v128 {
  const x = f64x2.max(f64x2.min(x0, f64x2.splat(709)), f64x2.splat(-708));
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(INVERSE_LN2)), f64x2.splat(ROUNDER));
  const k = f64x2.sub(shifted, f64x2.splat(ROUNDER));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)));
  const z = f64x2.mul(r, r);
  const z2 = f64x2.mul(z, z);
  // (e^r − 1 − r) / r², Chebyshev interpolation of degree 9 on |r| ≤ ½ ln 2, summed in pairs (Estrin).
  const p01 = pair(0.5000000000000001, 0.16666666666666669, r);
  const p23 = pair(0.04166666666662413, 0.008333333333330062, r);
  const p45 = pair(0.0013888888917213717, 0.00019841269863053618, r);
  const p67 = pair(2.4801521295954376e-5, 2.7557268459997064e-6, r);
  const p89 = pair(2.7620088445409746e-7, 2.510038549551032e-8, r);
  const low = f64x2.add(p01, f64x2.mul(z, p23));
  const high = f64x2.add(f64x2.add(p45, f64x2.mul(z, p67)), f64x2.mul(z2, p89));
  const p = f64x2.add(low, f64x2.mul(z2, high));
  const e = f64x2.add(f64x2.splat(1), f64x2.add(r, f64x2.mul(z, p)));
  return i64x2.add(e, i64x2.shl(shifted, 52));
}

// @ts-expect-error: decorator
@inline
function pair(a: f64, b: f64, r: v128): v128 {
  return f64x2.add(f64x2.splat(a), f64x2.mul(f64x2.splat(b), r));
}

/** log(1 + f) for f in [√½ − 1, √2 − 1]: 2 artanh(s), s = f / (2 + f), as f − (f²/2 − s (f²/2 + R)). */
// @ts-expect-error: decorator
@inline
function log1pReduced(f: v128): v128 {
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const z = f64x2.mul(s, s);
  const z2 = f64x2.mul(z, z);
  const low = f64x2.add(pair(0.666666666666667, 0.3999999999989931, z), f64x2.mul(z2, pair(0.2857142862606338, 0.22222211120449298, z)));
  const high = f64x2.add(pair(0.1818289017031397, 0.15331686868638428, z), f64x2.mul(z2, f64x2.splat(0.14616878919029822)));
  const r = f64x2.mul(z, f64x2.add(low, f64x2.mul(f64x2.mul(z2, z2), high)));
  const half = f64x2.mul(f64x2.splat(0.5), f64x2.mul(f, f));
  return f64x2.sub(f, f64x2.sub(half, f64x2.mul(s, f64x2.add(half, r))));
}

/** log(1 + e) for 0 ≤ e ≤ 1, without the loss of digits near 0. */
// @ts-expect-error: decorator
@inline
export function log1pUnit(e: v128): v128 {
  const high = f64x2.gt(e, f64x2.splat(SQRT2 - 1));
  const halved = f64x2.sub(f64x2.mul(f64x2.splat(0.5), e), f64x2.splat(0.5));
  const low = log1pReduced(v128.bitselect(halved, e, high));
  return f64x2.add(low, v128.and(high, f64x2.splat(0.6931471805599453)));
}

/** log x for normal, finite x ≥ 1; Infinity for Infinity and NaN for NaN. */
// @ts-expect-error: decorator
@inline
export function logAbove1(x: v128): v128 {
  const shifted = i64x2.sub(x, i64x2.splat(0x3fe6a09e667f3bcd));
  const k = i64x2.shr_s(shifted, 52);
  const m = i64x2.sub(x, i64x2.shl(k, 52));
  const kf = f64x2.convert_low_i32x4_s(i32x4.shuffle(k, k, 0, 2, 0, 2));
  const value = f64x2.add(f64x2.mul(kf, f64x2.splat(LN2_HIGH)), f64x2.add(log1pReduced(f64x2.sub(m, f64x2.splat(1))), f64x2.mul(kf, f64x2.splat(LN2_LOW))));
  return v128.bitselect(value, x, f64x2.lt(x, f64x2.splat(Infinity)));
}
