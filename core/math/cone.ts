/** Whether rows leave a direction in which none of them decreases: separation of 0s and 1s, as a question of linear algebra. */
import { choleskyInPlace, dot, solveLower, solveLowerTransposed } from './linalg.ts';

/** A length below this share of the problem's is 0. */
const ZERO = 1e-9;

/**
 * A vector z ≠ 0 with Σ_j z_j columns_j ≥ 0 in every row, or `null` when there is none. `columns` are orthonormal.
 *
 * By Stiemke's alternative there is none just where positive weights of the rows balance: Σ_i λ_i row_i = 0 with every λ_i ≥ 1. The λ that come
 * nearest to that are found by non-negative least squares (Lawson & Hanson 1974); what then is left is such a z itself.
 */
export function growingDirection(columns: readonly Float64Array[]): Float64Array | null {
  const k = columns.length;
  if (k === 0) return null;
  const n = columns[0].length;
  const row = (i: number): Float64Array => Float64Array.from(columns, (c) => c[i]);
  /** Σ_i row_i: what the λ above 1 must balance. */
  const total = Float64Array.from(columns, (c) => c.reduce((sum, x) => sum + x, 0));
  const goal = Math.sqrt(dot(total, total));
  const extra = new Float64Array(n);
  let passive: number[] = [];
  const left = total.slice();
  for (let step = 0; step < 30 * (k + 1); step++) {
    if (!(Math.sqrt(dot(left, left)) > ZERO * Math.max(goal, 1))) return null;
    const entering = steepest(columns, left, passive);
    if (entering < 0) return left;
    passive.push(entering);
    passive = solvePassive(passive, row, total, extra, k);
    left.set(total);
    for (const i of passive) for (let j = 0; j < k; j++) left[j] += extra[i] * columns[j][i];
  }
  // Out of steps: what is left has not been shown to be such a direction.
  return null;
}

/** The row that decreases most along the direction; −1 when none does. */
function steepest(columns: readonly Float64Array[], direction: Float64Array, passive: readonly number[]): number {
  const taken = new Set(passive);
  const length = Math.sqrt(dot(direction, direction));
  let best = -1;
  let least = 0;
  for (let i = 0; i < columns[0].length; i++) {
    let along = 0;
    let size = 0;
    for (let j = 0; j < columns.length; j++) {
      along += columns[j][i] * direction[j];
      size += columns[j][i] * columns[j][i];
    }
    const slope = size > 0 ? along / (Math.sqrt(size) * length) : 0;
    if (slope < -ZERO && along < least && !taken.has(i)) {
      least = along;
      best = i;
    }
  }
  return best;
}

/** Least squares over the passive rows' weights, rows whose weight would be negative taken out again. Writes the weights; returns the rows. */
function solvePassive(
  given: readonly number[],
  row: (i: number) => Float64Array,
  total: Float64Array,
  weights: Float64Array,
  k: number,
): number[] {
  let passive = [...given];
  for (;;) {
    const rows = passive.map(row);
    const m = passive.length;
    const gram = new Float64Array(m * m);
    const solved = new Float64Array(m);
    for (let a = 0; a < m; a++) {
      for (let b = 0; b <= a; b++) gram[a * m + b] = dot(rows[a], rows[b]);
      gram[a * m + a] *= 1 + 1e-13;
      solved[a] = -dot(rows[a], total);
    }
    // A row that hangs on the others brings nothing that they do not.
    if (m > k || !choleskyInPlace(gram, m)) {
      const last = passive.pop();
      if (last !== undefined) weights[last] = 0;
      if (passive.length === 0) return passive;
      continue;
    }
    solveLower(gram, m, solved);
    solveLowerTransposed(gram, m, solved);
    let step = 1;
    for (let a = 0; a < m; a++) {
      const now = weights[passive[a]];
      if (solved[a] <= 0) step = Math.min(step, now > 0 ? now / (now - solved[a]) : 0);
    }
    for (let a = 0; a < m; a++) weights[passive[a]] += step * (solved[a] - weights[passive[a]]);
    if (step === 1) return passive;
    passive = passive.filter((i, a) => {
      const stays = weights[i] > 0 && !(solved[a] <= 0 && weights[i] <= 1e-15 * Math.abs(solved[a]));
      if (!stays) weights[i] = 0;
      return stays;
    });
  }
}
