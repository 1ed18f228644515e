/**
 * Posterior prediction of rows. The linear predictor of a block of a group's rows at all draws is one dense product,
 * rows × slopes times slopes × draws; it is taken about the block's mean row, which float64 adds back, so that float32
 * holds only differences.
 */
import type { Rows } from '../../core/design/design.ts';
import { drawsAt, type Fitted, type Lookup, linearPredictor, lookupOf } from '../../core/posterior/predict/lookup.ts';
import { RowEvaluator } from '../../core/posterior/predict/pointwise.ts';
import type { Multiplier } from '../threads/multiply.ts';

/** Rows × draws of one product: 16 MB of float32. */
const BLOCK = 4_000_000;

/** What is called for each row: its linear predictor at every draw (offset included), a view that the next row overwrites. */
export type TakeRow = (row: number, eta: Float64Array) => void;

/** Goes through the rows of known groups, block by block, in bounded memory. */
export async function forEachPredictor(fitted: Fitted, rows: Rows, multiplier: Multiplier, take: TakeRow): Promise<void> {
  const lookup = lookupOf(fitted.design, fitted.parameters);
  const size = fitted.draws.chains * fitted.draws.draws;
  const byGroup = rowsByGroup(rows, fitted.design.groups.length);
  const most = Math.max(1, Math.floor(BLOCK / size));
  for (const [group, mine] of byGroup.entries()) {
    for (let from = 0; from < mine.length; from += most) {
      await block(fitted, lookup, rows, group, mine.subarray(from, from + most), multiplier, take);
    }
  }
}

async function block(
  fitted: Fitted,
  lookup: Lookup,
  rows: Rows,
  group: number,
  mine: Int32Array,
  multiplier: Multiplier,
  take: TakeRow,
): Promise<void> {
  const { design, draws } = fitted;
  const size = draws.chains * draws.draws;
  const terms = design.terms.length;
  const active = design.terms
    .map((_, t) => t)
    .filter((t) => design.terms[t].kind === 'slope' && lookup.coefficient[group * terms + t] >= 0);
  const m = mine.length;
  const k = active.length;
  const centre = new Float64Array(terms);
  design.terms.forEach((t, i) => {
    centre[i] = t.kind === 'intercept' ? 1 : 0;
  });
  for (const t of active) centre[t] = mine.reduce((sum, row) => sum + rows.x[t][row], 0) / m;
  const base = new Float64Array(size);
  linearPredictor(draws, lookup, group, centre, base);
  const a = new Float32Array(m * k);
  const b = new Float32Array(k * size);
  active.forEach((t, j) => {
    for (let i = 0; i < m; i++) a[i * k + j] = rows.x[t][mine[i]] - centre[t];
    b.set(drawsAt(draws, lookup.coefficient[group * terms + t])!, j * size);
  });
  const product = k > 0 ? await multiplier.multiply(a, b, m, k, size) : null;
  const eta = new Float64Array(size);
  for (let i = 0; i < m; i++) {
    const offset = rows.offset?.[mine[i]] ?? 0;
    for (let s = 0; s < size; s++) eta[s] = base[s] + offset + (product ? product[i * size + s] : 0);
    take(mine[i], eta);
  }
}

function rowsByGroup(rows: Rows, groups: number): Int32Array[] {
  const counts = new Int32Array(groups);
  for (const g of rows.group) if (g >= 0) counts[g]++;
  const lists = Array.from(counts, (n) => new Int32Array(n));
  const at = new Int32Array(groups);
  rows.group.forEach((g, i) => {
    if (g >= 0) lists[g][at[g]++] = i;
  });
  return lists;
}

/** The posterior mean of E[y] of every row; NaN for rows of unknown groups. */
export async function predictiveMeans(fitted: Fitted, rows: Rows, multiplier: Multiplier): Promise<Float64Array> {
  const means = new Float64Array(rows.n).fill(Number.NaN);
  const model = new RowEvaluator(fitted, rows);
  await forEachPredictor(fitted, rows, multiplier, (row, eta) => {
    let sum = 0;
    for (let s = 0; s < eta.length; s++) sum += model.family.mean(eta[s], model.auxiliary(row, s));
    means[row] = sum / eta.length;
  });
  return means;
}
