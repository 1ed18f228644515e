/** Sufficient statistics of Gaussian rows by group. */
import { log } from '../math/elementary.ts';
import type { Design, GroupStatistics, Rows } from '../model/design.ts';

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
  const weights = members.map((i) => (rows.weights?.[i] ?? 1) / (rows.se ? rows.se[i] ** 2 : 1));
  let weight = 0;
  let constant = 0;
  members.forEach((i, m) => {
    weight += weights[m];
    if (rows.se) constant -= (rows.weights?.[i] ?? 1) * (0.5 * LOG_2PI + log(rows.se[i]));
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
  return assembleStatistics(members.length, weight, constant, means, product);
}

/** Puts a group's numbers in their places. `means` and `product` are over the active slopes and then the response. */
export function assembleStatistics(
  rows: number,
  weight: number,
  constant: number,
  means: readonly number[],
  product: (a: number, b: number) => number,
): GroupStatistics {
  const k = means.length - 1;
  return {
    rows,
    weight,
    constant,
    meanY: means[k],
    meanX: Float64Array.from(means.slice(0, k)),
    yy: product(k, k),
    xy: Float64Array.from({ length: k }, (_, a) => product(a, k)),
    xx: Float64Array.from({ length: k * k }, (_, ab) => product(Math.floor(ab / k), ab % k)),
  };
}

/** Whether no sum has overflown. */
export function areFinite(statistics: readonly GroupStatistics[]): boolean {
  return statistics.every(({ weight, constant, meanY, yy, meanX, xy, xx }) =>
    [weight, constant, meanY, yy, ...meanX, ...xy, ...xx].every(Number.isFinite),
  );
}
