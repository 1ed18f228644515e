/** Comparing models of the same rows by leave-one-out. */
import { exp } from '../../math/elementary.ts';
import { type Pointwise, sumOf } from './loo.ts';

export interface Comparison {
  /** Index into the models given. */
  readonly model: number;
  readonly elpd: number;
  readonly se: number;
  /** Against the best: 0 or below, with the standard error of the sum of the rows' differences (0 for the best). */
  readonly difference: number;
  readonly differenceSe: number;
  /** Stacking weight; they sum to 1. */
  readonly weight: number;
}

/**
 * The models, best first.
 * @param models pointwise results over the same rows in the same order.
 * @throws RangeError when they have different numbers of rows.
 */
export function compare(models: readonly Pick<Pointwise, 'elpd' | 'weight'>[]): Comparison[] {
  const n = models[0]?.elpd.length ?? 0;
  if (models.some((m) => m.elpd.length !== n)) throw new RangeError('Models can be compared only over the same rows.');
  const weights = stackingWeights(
    models.map((m) => m.elpd),
    models[0]?.weight,
  );
  const sums = models.map((m) => sumOf(m.elpd, m.weight));
  const best = sums.reduce((top, s, i) => (s.elpd > sums[top].elpd ? i : top), 0);
  const list = models.map(({ elpd, weight }, model): Comparison => {
    const difference = sumOf(
      elpd.map((value, i) => value - models[best].elpd[i]),
      weight,
    );
    return { model, ...sums[model], difference: difference.elpd, differenceSe: difference.se, weight: weights[model] };
  });
  return list.sort((a, b) => b.elpd - a.elpd);
}

const MOST_STEPS = 5000;
/** Bound on what the mean log score of the stacked models could still gain. */
const TOLERANCE = 1e-9;

/**
 * The weights of the simplex that maximise Σ_i log Σ_k w_k exp(elpd_ik) (Yao, Vehtari, Simpson & Gelman 2018): a concave problem, by the
 * multiplicative step w_k ← w_k · mean_i(p_ik / Σ_l w_l p_il), which never lowers it. The mean score is within log(max_k of that mean) of its
 * best, which says when to stop.
 */
export function stackingWeights(elpd: readonly Float64Array[], weight?: Float64Array): number[] {
  const count = elpd.length;
  if (count === 0) return [];
  const n = elpd[0].length;
  const chances = elpd.map((column) => new Float64Array(column.length));
  for (let i = 0; i < n; i++) {
    const top = Math.max(...elpd.map((column) => column[i]));
    for (let k = 0; k < count; k++) chances[k][i] = exp(elpd[k][i] - top);
  }
  const total = weight === undefined ? n : weight.reduce((sum, w) => sum + w, 0);
  let weights = new Array<number>(count).fill(1 / count);
  const mixture = new Float64Array(n);
  for (let step = 0; step < MOST_STEPS; step++) {
    mixture.fill(0);
    for (let k = 0; k < count; k++) for (let i = 0; i < n; i++) mixture[i] += weights[k] * chances[k][i];
    const gains = chances.map((column) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += ((weight?.[i] ?? 1) * column[i]) / mixture[i];
      return sum / total;
    });
    weights = weights.map((w, k) => w * gains[k]);
    if (Math.max(...gains) - 1 < TOLERANCE) break;
  }
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}
