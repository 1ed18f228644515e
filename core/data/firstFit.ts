/** A first least-squares fit of a group, about which its residual sums keep their digits. */
import { sqrt } from '../math/elementary.ts';

/** A column that the ones before it explain but for this share of its sum of squares has no coefficient of its own. */
const LEAST_PIVOT = 1e-10;

/**
 * Solves X'X b = X'y by Cholesky with the largest pivots first; columns that others explain, or that do not vary, get 0.
 * `xx` is k × k, row-major, and `xy` has k numbers.
 */
export function solveLeastSquares(xx: Float64Array, xy: Float64Array): Float64Array {
  const k = xy.length;
  const fit = new Float64Array(k);
  const size = Float64Array.from({ length: k }, (_, i) => sqrt(xx[i * k + i]));
  const open = Array.from({ length: k }, (_, i) => i).filter((i) => size[i] > 0 && Number.isFinite(size[i]));
  const left = new Float64Array(k).fill(1);
  const order: number[] = [];
  const rows: Float64Array[] = [];
  while (open.length > 0) {
    open.sort((a, b) => left[b] - left[a] || a - b);
    const pivot = open[0];
    if (!(left[pivot] > LEAST_PIVOT)) break;
    open.shift();
    const row = new Float64Array(k);
    row[pivot] = sqrt(left[pivot]);
    for (const j of open) {
      let value = xx[pivot * k + j] / (size[pivot] * size[j]);
      for (const above of rows) value -= above[pivot] * above[j];
      row[j] = value / row[pivot];
      left[j] -= row[j] * row[j];
    }
    order.push(pivot);
    rows.push(row);
  }
  const z: number[] = [];
  order.forEach((i, a) => {
    let value = xy[i] / size[i];
    for (let b = 0; b < a; b++) value -= rows[b][i] * z[b];
    z.push(value / rows[a][i]);
  });
  for (let a = order.length - 1; a >= 0; a--) {
    let value = z[a];
    for (let b = a + 1; b < order.length; b++) value -= rows[a][order[b]] * fit[order[b]];
    fit[order[a]] = value / rows[a][order[a]];
  }
  for (let i = 0; i < k; i++) fit[i] = size[i] > 0 ? fit[i] / size[i] : 0;
  return fit.every(Number.isFinite) ? fit : new Float64Array(k);
}
