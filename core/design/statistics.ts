/** Sufficient statistics of Gaussian rows by group. */

import { solveLeastSquares } from '../data/firstFit.ts';
import { weightOf } from '../data/table.ts';
import { log } from '../math/elementary.ts';
import type { Design, GroupStatistics, Rows } from './design.ts';

const LOG_2PI = 1.8378770664093453;

/** Indices of a group's active slopes: the terms with mask 1, the intercept left out. */
export function activeSlopes(design: Design, group: number): number[] {
  const { terms, mask } = design;
  return terms.map((_, t) => t).filter((t) => terms[t].kind === 'slope' && mask[group * terms.length + t] === 1);
}

/**
 * Statistics of every group, aligned with `design.groups`; a group without rows has zeros.
 * Two passes: weighted means first, then cross-products about them, less what rounding left in the means (the corrected
 * two-pass algorithm of Chan, Golub & LeVeque 1983), so that data far from 0 lose no digits. A row's weight is w / se².
 */
export function groupStatistics(design: Design, rows: Rows): GroupStatistics[] {
  const byGroup: number[][] = design.groups.map(() => []);
  for (let i = 0; i < rows.n; i++) byGroup[rows.group[i]].push(i);
  return byGroup.map((members, g) => statisticsOf(rows, members, activeSlopes(design, g)));
}

function statisticsOf(rows: Rows, members: readonly number[], slopes: readonly number[]): GroupStatistics {
  const columns = [...slopes.map((t) => rows.x[t]), rows.y];
  const size = columns.length;
  const weights = members.map((i) => weightOf(rows, i) / (rows.se ? rows.se[i] ** 2 : 1));
  let weight = 0;
  let constant = 0;
  members.forEach((i, m) => {
    weight += weights[m];
    if (rows.se) constant -= weightOf(rows, i) * (0.5 * LOG_2PI + log(rows.se[i]));
  });
  const means = columns.map((values) => {
    let sum = 0;
    members.forEach((i, m) => {
      sum += weights[m] * values[i];
    });
    return weight > 0 ? sum / weight : 0;
  });
  const cross = new Float64Array(size * size);
  const rest = new Float64Array(size);
  const gap = new Float64Array(size);
  members.forEach((i, m) => {
    const w = weights[m];
    for (let a = 0; a < size; a++) {
      gap[a] = columns[a][i] - means[a];
      rest[a] += w * gap[a];
      const scaled = w * gap[a];
      for (let b = 0; b <= a; b++) cross[a * size + b] += scaled * gap[b];
    }
  });
  const product = (a: number, b: number) => {
    const [high, low] = a > b ? [a, b] : [b, a];
    return weight > 0 ? cross[high * size + low] - (rest[high] * rest[low]) / weight : 0;
  };
  const sums = assembleStatistics(members.length, weight, constant, means, product);
  return aboutFit(sums, {
    weights,
    y: Float64Array.from(members, (i) => rows.y[i]),
    x: slopes.map((t) => Float64Array.from(members, (i) => rows.x[t][i])),
  });
}

/** The second pass: residuals row by row, twice, since the first fit has the rounding errors of the sums. */
function aboutFit(
  s: GroupStatistics,
  { weights, x, y }: { readonly weights: readonly number[]; readonly x: readonly Float64Array[]; readonly y: Float64Array },
): GroupStatistics {
  if (!(s.weight > 0) || x.length === 0) return s;
  let { fit, residual } = s;
  const rest = new Float64Array(y.length);
  for (let pass = 0; pass < 2; pass++) {
    if (pass > 0) {
      const change = solveLeastSquares(s.xx, residual.xy);
      fit = fit.map((b, a) => b + change[a]);
    }
    let mean = 0;
    for (let i = 0; i < y.length; i++) {
      let r = y[i];
      for (let a = 0; a < x.length; a++) r -= fit[a] * x[a][i];
      rest[i] = r;
      mean += weights[i] * r;
    }
    mean /= s.weight;
    let squares = 0;
    let left = 0;
    const xy = new Float64Array(x.length);
    for (let i = 0; i < y.length; i++) {
      const r = rest[i] - mean;
      left += weights[i] * r;
      squares += weights[i] * r * r;
      for (let a = 0; a < x.length; a++) xy[a] += weights[i] * r * (x[a][i] - s.meanX[a]);
    }
    residual = { mean: mean + left / s.weight, squares: Math.max(0, squares - (left * left) / s.weight), xy };
  }
  return { ...s, fit, residual };
}

/** Noise whose variance is less than this share of the response's has lost more than half its digits in sums about means alone. */
const LEAST_SHARE = 1e-8;

/** Whether sums that were made without a second pass say what the residuals are. */
export const knowResiduals = (statistics: readonly GroupStatistics[]): boolean =>
  statistics.every((s) => s.yy === 0 || s.rows <= s.xy.length + 1 || s.residual.squares > LEAST_SHARE * s.yy);

/**
 * Puts a group's numbers in their places. `means` and `product` are over the active slopes and then the response. What is said of residuals
 * follows from these sums, and has the digits that `knowResiduals` asks for or not.
 */
export function assembleStatistics(
  rows: number,
  weight: number,
  constant: number,
  means: readonly number[],
  product: (a: number, b: number) => number,
): GroupStatistics {
  const k = means.length - 1;
  const meanX = Float64Array.from(means.slice(0, k));
  const yy = product(k, k);
  const xy = Float64Array.from({ length: k }, (_, a) => product(a, k));
  const xx = Float64Array.from({ length: k * k }, (_, ab) => product(Math.floor(ab / k), ab % k));
  const fit = solveLeastSquares(xx, xy);
  const left = xy.map((v, a) => fit.reduce((sum, b, c) => sum - xx[a * k + c] * b, v));
  const squares = fit.reduce((sum, b, a) => sum - b * (xy[a] + left[a]), yy);
  const mean = fit.reduce((sum, b, a) => sum - b * meanX[a], means[k]);
  return { rows, weight, constant, meanY: means[k], meanX, yy, xy, xx, fit, residual: { mean, squares: Math.max(0, squares), xy: left } };
}

/** Whether no sum has overflown. */
export function areFinite(statistics: readonly GroupStatistics[]): boolean {
  return statistics.every(({ weight, constant, meanY, yy, meanX, xy, xx, residual }) =>
    [weight, constant, meanY, yy, residual.squares, ...meanX, ...xy, ...xx].every(Number.isFinite),
  );
}
