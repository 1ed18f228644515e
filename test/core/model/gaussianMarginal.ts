/** log p(y | scales) of a masked Gaussian from the n × n covariance of its rows: slow, and nothing can go wrong in it. */
import type { Design, Rows } from '../../../core/model/design.ts';

export function logMarginalByRows(design: Design, rows: Rows, sigma: Float64Array, tau: Float64Array): number {
  const { n, group, y } = rows;
  const residual = y.slice();
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) covariance[i * n + i] = sigma[group[i]] ** 2;
  design.terms.forEach((t, k) => {
    const value = (i: number): number => {
      if (design.mask[group[i] * design.terms.length + k] === 0) return 0;
      return t.kind === 'intercept' ? 1 : rows.x[k][i];
    };
    const [mean, sd] = (t.prior as { args: readonly number[] }).args;
    for (let i = 0; i < n; i++) {
      residual[i] -= mean * value(i);
      for (let j = 0; j < n; j++) {
        const together = group[i] === group[j];
        const variance =
          t.pooling === 'complete' ? sd * sd : t.pooling === 'none' ? (together ? sd * sd : 0) : sd * sd + (together ? tau[k] ** 2 : 0);
        covariance[i * n + j] += variance * value(i) * value(j);
      }
    }
  });
  return logNormal(residual, covariance);
}

/** log density of Normal(0, covariance) by Gaussian elimination. */
function logNormal(x: Float64Array, covariance: Float64Array): number {
  const n = x.length;
  const a = covariance.slice();
  const b = x.slice();
  let value = -0.5 * n * Math.log(2 * Math.PI);
  for (let k = 0; k < n; k++) {
    const pivot = a[k * n + k];
    value -= 0.5 * (Math.log(pivot) + (b[k] * b[k]) / pivot);
    for (let i = k + 1; i < n; i++) {
      const f = a[i * n + k] / pivot;
      for (let j = k; j < n; j++) a[i * n + j] -= f * a[k * n + j];
      b[i] -= f * b[k];
    }
  }
  return value;
}
