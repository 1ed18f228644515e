/**
 * A group's row log likelihood as a polynomial of degree 4 about the mode, so that a gradient costs no rows.
 * Coefficients lie nested: g_i, then h_ij (j ≤ i), then t_ijl (l ≤ j), then q_ijlm (m ≤ l), in the order of the loops, with
 * the factorials and multiplicities in them:
 *   f(δ) = f₀ + Σ_i δ_i (g_i + Σ_j δ_j (h_ij + Σ_l δ_l (t_ijl + Σ_m δ_m q_ijlm))).
 */
import { exp, logistic } from '../math/elementary.ts';
import type { Family } from '../spec/types.ts';
import type { GroupRows } from './rows.ts';

/** Families whose rows depend on the coefficients alone. */
export type ExpandableFamily = 'bernoulli' | 'binomial' | 'poisson';

export const isExpandable = (family: Family): family is ExpandableFamily =>
  family === 'bernoulli' || family === 'binomial' || family === 'poisson';

/** Coefficients of a polynomial in k variables, f₀ left out. */
export function coefficientCount(k: number): number {
  const pairs = (k * (k + 1)) / 2;
  const triples = (pairs * (k + 2)) / 3;
  return k + pairs + triples + (triples * (k + 3)) / 4;
}

/**
 * Writes the coefficients of degree 2 to 4 at `at` (degree 1, the gradient, is the caller's) for k variables, the first being
 * the intercept where there is one.
 */
export function expand(family: ExpandableFamily, rows: GroupRows, beta: Float64Array, k: number, out: Float64Array, at: number): void {
  const intercept = k - rows.x.length;
  const x = new Float64Array(k).fill(1);
  out.fill(0, at, at + coefficientCount(k));
  for (let r = 0; r < rows.rows; r++) {
    let eta = rows.offset === null ? 0 : rows.offset[r];
    for (let i = 0; i < k; i++) {
      if (i >= intercept) x[i] = rows.x[i - intercept][r];
      eta += x[i] * beta[i];
    }
    let d2: number;
    let d3: number;
    let d4: number;
    if (family === 'poisson') {
      d2 = -exp(eta);
      d3 = d2;
      d4 = d2;
    } else {
      const p = logistic(eta);
      const pq = p * logistic(-eta);
      d2 = -rows.first![r] * pq;
      d3 = d2 * (1 - 2 * p);
      d4 = d2 * (1 - 6 * pq);
    }
    let second = at + k;
    let third = second + (k * (k + 1)) / 2;
    let fourth = third + (k * (k + 1) * (k + 2)) / 6;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j <= i; j++) {
        const xij = x[i] * x[j];
        out[second++] += d2 * xij;
        for (let l = 0; l <= j; l++) {
          const xijl = xij * x[l];
          out[third++] += d3 * xijl;
          const d4x = d4 * xijl;
          for (let m = 0; m <= l; m++) out[fourth++] += d4x * x[m];
        }
      }
    }
  }
  applyMultiplicities(k, out, at);
}

/** Turns plain sums of products into the polynomial's coefficients: a multiset's permutations over the factorial. */
function applyMultiplicities(k: number, out: Float64Array, at: number): void {
  let second = at + k;
  let third = second + (k * (k + 1)) / 2;
  let fourth = third + (k * (k + 1) * (k + 2)) / 6;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      out[second++] /= i === j ? 2 : 1;
      for (let l = 0; l <= j; l++) {
        out[third++] /= repeats(i, j, l, -1);
        for (let m = 0; m <= l; m++) out[fourth++] /= repeats(i, j, l, m);
      }
    }
  }
}

/** The product of the factorials of how often each index comes; indices are in falling order. */
function repeats(...indices: number[]): number {
  let product = 1;
  let run = 1;
  for (let i = 1; i < indices.length; i++) {
    run = indices[i] === indices[i - 1] ? run + 1 : 1;
    product *= run;
  }
  return product;
}

/**
 * The polynomial less f₀ at `delta` (k numbers), with its gradient written at `gradientAt`: one pass through the nest, the
 * gradient by the reverse of Horner's rule.
 */
export function evaluateTaylor(
  coefficients: Float64Array,
  at: number,
  k: number,
  delta: Float64Array,
  gradient: Float64Array,
  gradientAt: number,
): number {
  let second = at + k;
  let third = second + (k * (k + 1)) / 2;
  let fourth = third + (k * (k + 1) * (k + 2)) / 6;
  for (let i = 0; i < k; i++) gradient[gradientAt + i] = 0;
  let value = 0;
  for (let i = 0; i < k; i++) {
    const di = delta[i];
    let c = coefficients[at + i];
    for (let j = 0; j <= i; j++) {
      const dj = delta[j];
      const dij = di * dj;
      let b = coefficients[second++];
      for (let l = 0; l <= j; l++) {
        const dl = delta[l];
        const dijl = dij * dl;
        let a = coefficients[third++];
        for (let m = 0; m <= l; m++) {
          const q = coefficients[fourth++];
          a += q * delta[m];
          gradient[gradientAt + m] += dijl * q;
        }
        b += a * dl;
        gradient[gradientAt + l] += dij * a;
      }
      c += b * dj;
      gradient[gradientAt + j] += di * b;
    }
    value += c * di;
    gradient[gradientAt + i] += c;
  }
  return value;
}
