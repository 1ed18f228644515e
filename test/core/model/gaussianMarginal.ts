/** log p(y | scales) of a masked Gaussian from the n × n covariance of its rows: slow, and nothing can go wrong in it. */
import type { Design, Rows } from '../../../core/design/design.ts';
import type { Prior } from '../../../core/spec/types.ts';

/** A flat prior is stood for by a normal this wide, its density taken for 1: right to about (a coefficient's sd / this)². */
const FLAT = 3000;

function momentsOf(prior: Prior): readonly [mean: number, sd: number] {
  if ('fixed' in prior) return [prior.fixed, 0];
  return prior.dist === 'flat' ? [0, FLAT] : [prior.args[0], prior.args[1]];
}

/** A row of weight w as w rows. */
function repeated(rows: Rows): Rows {
  const { weights } = rows;
  if (weights === null) return rows;
  const of = Int32Array.from([...rows.y.keys()].flatMap((i) => new Array<number>(weights[i]).fill(i)));
  const pick = (values: Float64Array): Float64Array => Float64Array.from(of, (i) => values[i]);
  return {
    ...rows,
    n: of.length,
    group: Int32Array.from(of, (i) => rows.group[i]),
    x: rows.x.map((x) => (x.length === 0 ? x : pick(x))),
    y: pick(rows.y),
    se: rows.se && pick(rows.se),
  };
}

/** @param sigma of each group; 1 under `se`. Weights are whole numbers. */
export function logMarginalByRows(design: Design, given: Rows, sigma: Float64Array, tau: Float64Array): number {
  const rows = repeated(given);
  const { n, group, y } = rows;
  const residual = y.slice();
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) covariance[i * n + i] = (sigma[group[i]] * (rows.se?.[i] ?? 1)) ** 2;
  let flat = 0;
  design.terms.forEach((t, k) => {
    const value = (i: number): number => {
      if (design.mask[group[i] * design.terms.length + k] === 0) return 0;
      return t.kind === 'intercept' ? 1 : rows.x[k][i];
    };
    const [mean, sd] = momentsOf(t.prior);
    const active = design.groups.filter((_, g) => design.mask[g * design.terms.length + k] === 1).length;
    if (sd === FLAT) flat += t.pooling === 'none' ? active : t.pooling === 'partial' ? 1 : Math.min(1, active);
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
  return logNormal(residual, covariance) + flat * Math.log(FLAT * Math.sqrt(2 * Math.PI));
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
