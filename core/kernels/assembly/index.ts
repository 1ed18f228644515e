/**
 * The row kernels: for each group in a table, one pass over its rows gives a sum over rows and its gradient in the group's
 * coefficients. The table has 12 words of 32 bits a group:
 *   0 rows · 1 columns · 2 x · 3 offset · 4 first · 5 second · 6 first coefficient · 7 intercept (0 or 1) · 8 stride in bytes
 * where x, offset, first and second are addresses (0: absent), columns lie `stride` bytes apart, and a group's coefficients
 * (intercept first) start at its first coefficient in `beta` and in `gradient`. Arrays are padded to an even number of rows,
 * x with zeros.
 * `sums` takes three numbers a group: the sum itself, a second sum where a family has one, and the gradient in the intercept.
 */
import { addTransposedProduct, BLOCK, both, linearPredictor, live } from './products';
import { exp2, log1pUnit, logAbove1 } from './vector';

export { drawGroups } from './draws';
export { eliminateGroups, substituteGroups } from './groups';
export { scoreGroups } from './groupScores';
export { fillNormals } from './normals';

const WORDS: usize = 48;
const SUMS: usize = 24;

/** Σ e^η: a Poisson's expected counts. `first`, `second`, `parameter` and `scales` are not read. */
class Exponential {}
/** Σ softplus(η), every row once. */
class Logistic {}
/** Σ first · softplus(η). */
class WeightedLogistic {}
/** Σ (first + parameter · second) softplus(η − log parameter); then Σ second · softplus(η − log parameter). */
class NegativeBinomial {}
/**
 * Σ w log(1 + z² / ν), z = (first − η) / s: ν is the parameter; s the group's scale, times the row's, and w the row's weight
 * where `second` gives both, alternating; then Σ w z² / (ν + z²).
 */
class StudentT {}

export function exponential(table: usize, groups: i32, beta: usize, gradient: usize, sums: usize, scratch: usize, parameter: f64, scales: usize): void {
  run<Exponential>(table, groups, beta, gradient, sums, scratch, parameter, scales, 0);
}

export function logistic(table: usize, groups: i32, beta: usize, gradient: usize, sums: usize, scratch: usize, parameter: f64, scales: usize): void {
  run<Logistic>(table, groups, beta, gradient, sums, scratch, parameter, scales, 0);
}

export function weightedLogistic(table: usize, groups: i32, beta: usize, gradient: usize, sums: usize, scratch: usize, parameter: f64, scales: usize): void {
  run<WeightedLogistic>(table, groups, beta, gradient, sums, scratch, parameter, scales, 0);
}

export function negativeBinomial(table: usize, groups: i32, beta: usize, gradient: usize, sums: usize, scratch: usize, parameter: f64, scales: usize): void {
  run<NegativeBinomial>(table, groups, beta, gradient, sums, scratch, parameter, scales, -logOf(parameter));
}

export function studentT(table: usize, groups: i32, beta: usize, gradient: usize, sums: usize, scratch: usize, parameter: f64, scales: usize): void {
  run<StudentT>(table, groups, beta, gradient, sums, scratch, parameter, scales, 0);
}

/** log of a positive number. */
function logOf(x: f64): f64 {
  return x >= 1 ? f64x2.extract_lane(logAbove1(f64x2.splat(x)), 0) : -f64x2.extract_lane(logAbove1(f64x2.splat(1 / x)), 0);
}

// @ts-ignore: decorator
@inline
function run<K>(table: usize, groups: i32, beta: usize, gradient: usize, sums: usize, scratch: usize, parameter: f64, scales: usize, shift: f64): void {
  const eta = scratch;
  const residual = scratch + (<usize>BLOCK << 3);
  for (let g = 0; g < groups; g++) {
    const row = table + WORDS * <usize>g;
    const rows = i32.load(row);
    const columns = i32.load(row, 4);
    const x = <usize>i32.load(row, 8);
    const offset = <usize>i32.load(row, 12);
    const first = <usize>i32.load(row, 16);
    const second = <usize>i32.load(row, 20);
    const cell = <usize>i32.load(row, 24) << 3;
    const intercept = <usize>i32.load(row, 28);
    const stride = <usize>i32.load(row, 32);
    const base = shift + (intercept != 0 ? f64.load(beta + cell) : 0);
    const slopes = beta + cell + (intercept << 3);
    const slopeGradient = gradient + cell + (intercept << 3);
    for (let j: usize = 0; j < <usize>columns + intercept; j++) f64.store(gradient + cell + (j << 3), 0);
    let value: f64 = 0;
    let extra1: f64 = 0;
    let total: f64 = 0;
    const scale: f64 = scales != 0 ? f64.load(scales + (<usize>g << 3)) : 1;
    for (let from = 0; from < rows; from += BLOCK) {
      const n = min(BLOCK, rows - from);
      const bytes = <usize>(((n + 1) >> 1) << 4);
      const at = <usize>from << 3;
      linearPredictor(x + at, stride, columns, slopes, base, offset != 0 ? offset + at : 0, eta, bytes);
      let sum = f64x2.splat(0);
      let sum1 = f64x2.splat(0);
      let residuals = f64x2.splat(0);
      let product = f64x2.splat(1);
      for (let i = 0; i < n; i += 2) {
        const p = <usize>i << 3;
        const mask = live(i, n);
        const h = v128.load(eta + p);
        let r = f64x2.splat(0);
        if (isTypeOf<K, Exponential>()) {
          r = v128.and(mask, exp2(h));
        } else if (isTypeOf<K, StudentT>()) {
          let w = f64x2.splat(1);
          let s = f64x2.splat(scale);
          if (second != 0) {
            const a = v128.load(second + (at << 1) + (p << 1));
            const b = v128.load(second + (at << 1) + (p << 1), 16);
            s = f64x2.mul(s, v128.shuffle<f64>(a, b, 0, 2));
            w = v128.shuffle<f64>(a, b, 1, 3);
          }
          const z = f64x2.div(f64x2.sub(v128.load(first + at + p), h), s);
          const q = f64x2.mul(z, z);
          const wq = f64x2.div(w, f64x2.add(f64x2.splat(parameter), q));
          const tail = logAbove1(f64x2.add(f64x2.splat(1), f64x2.div(q, f64x2.splat(parameter))));
          sum = f64x2.add(sum, v128.and(mask, f64x2.mul(w, tail)));
          sum1 = f64x2.add(sum1, v128.and(mask, f64x2.mul(wq, q)));
          r = v128.and(mask, f64x2.div(f64x2.mul(wq, z), s));
        } else {
          // e = e^−|η|; softplus(η) = max(η, 0) + log(1 + e); σ(η) = (η ≥ 0 ? 1 : e) / (1 + e).
          const e = exp2(f64x2.neg(f64x2.abs(h)));
          const one = f64x2.add(f64x2.splat(1), e);
          const positive = f64x2.ge(h, f64x2.splat(0));
          const sigma = f64x2.div(v128.bitselect(f64x2.splat(1), e, positive), one);
          if (isTypeOf<K, Logistic>()) {
            // One logarithm a block: the product of 256 factors of at most 2 does not overflow.
            sum = f64x2.add(sum, v128.and(mask, v128.and(positive, h)));
            product = f64x2.mul(product, v128.bitselect(one, f64x2.splat(1), mask));
            r = v128.and(mask, sigma);
          } else {
            const soft = f64x2.add(v128.and(positive, h), log1pUnit(e));
            let m = v128.load(first + at + p);
            if (isTypeOf<K, NegativeBinomial>()) {
              const b = v128.load(second + at + p);
              m = f64x2.add(m, f64x2.mul(f64x2.splat(parameter), b));
              sum1 = f64x2.add(sum1, v128.and(mask, f64x2.mul(b, soft)));
            }
            sum = f64x2.add(sum, v128.and(mask, f64x2.mul(m, soft)));
            r = v128.and(mask, f64x2.mul(m, sigma));
          }
        }
        v128.store(residual + p, r);
        residuals = f64x2.add(residuals, r);
      }
      if (isTypeOf<K, Logistic>()) sum = f64x2.add(sum, logAbove1(product));
      value += both(sum);
      extra1 += both(sum1);
      total += both(residuals);
      addTransposedProduct(x + at, stride, columns, residual, slopeGradient, bytes);
    }
    if (intercept != 0) f64.store(gradient + cell, total);
    const out = sums + SUMS * <usize>g;
    f64.store(out, isTypeOf<K, Exponential>() ? total : value);
    f64.store(out, extra1, 8);
    f64.store(out, total, 16);
  }
}

// @ts-ignore: decorator
@inline
function isTypeOf<A, B>(): bool {
  return idof<A>() == idof<B>();
}
