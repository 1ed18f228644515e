/**
 * A likelihood that follows the rows closely and costs no rows: near the mode each group's polynomial of degree 4 (taylor.ts),
 * beyond a Mahalanobis radius the rows themselves, so that the density stays proper. NUTS walks on it and each draw is
 * corrected by one exact evaluation (sampler/chain.ts).
 */
import { sqrt } from '../math/elementary.ts';
import type { Steps } from '../steps.ts';
import type { Cells } from './cells.ts';
import { blockStarts, type FamilyParameters, type Likelihood } from './likelihood.ts';
import type { RowLikelihood } from './rowLikelihood.ts';
import { coefficientCount, type ExpandableFamily, evaluateTaylor, expand } from './taylor.ts';

/** Plain numbers, to be sent to workers. */
export interface Expansion {
  /** The cells' coefficients about which the groups are expanded. */
  readonly centre: Float64Array;
  /** f₀ of each group, without the constant. */
  readonly values: Float64Array;
  /** Each group's coefficients, one group after another; a group that stays on its rows has none. */
  readonly coefficients: Float64Array;
  /** groups + 1. */
  readonly starts: Int32Array;
  /** Each group's k × k precision that the radius is measured with. */
  readonly metric: Float64Array;
}

/** Beyond this many posterior sds from the shell where a normal's mass lies, the polynomial is not trusted. */
const MARGIN = 3;
/** A row costs about as much as this many coefficients of a polynomial. */
const COEFFICIENTS_PER_ROW = 2;

/** The largest error of a polynomial, in log density, at draws from the normal approximation. */
const TOLERANCE = 0.4;

/** Numbers about one group's expansion: f₀ and the coefficients. */
interface GroupExpansion {
  readonly value: number;
  readonly coefficients: Float64Array;
}

/**
 * Expands every group that has more rows than its polynomial is worth and that its polynomial fits: at `draws`, coefficients from
 * the normal approximation of the posterior, it must lie within its radius and near the rows. `null` when less than half of
 * the rows are saved. `precision`: k × k blocks, as of `information`.
 */
export function* expandRows(
  family: ExpandableFamily,
  likelihood: RowLikelihood,
  centre: Float64Array,
  precision: Float64Array,
  draws: readonly Float64Array[],
): Steps<Expansion | null> {
  const { cells, groups } = likelihood;
  const blocks = blockStarts(cells);
  const none: GroupExpansion = { value: 0, coefficients: new Float64Array(0) };
  let rows = 0;
  let saved = 0;
  const expansions: GroupExpansion[] = [];
  for (const [g, group] of groups.entries()) {
    const k = cells.start[g + 1] - cells.start[g];
    rows += group.rows;
    expansions.push(none);
    if (group.rows * COEFFICIENTS_PER_ROW <= coefficientCount(k)) continue;
    yield;
    const expansion = expandGroup(family, likelihood, centre, g);
    yield;
    if (!draws.every((beta) => fits(likelihood, expansion, centre, precision, blocks[g], g, beta))) continue;
    saved += group.rows;
    expansions[g] = expansion;
  }
  if (2 * saved < rows || saved === 0) return null;
  const starts = new Int32Array(groups.length + 1);
  expansions.forEach((e, g) => {
    starts[g + 1] = starts[g] + e.coefficients.length;
  });
  const coefficients = new Float64Array(starts[groups.length]);
  expansions.forEach((e, g) => {
    coefficients.set(e.coefficients, starts[g]);
  });
  return { centre, values: Float64Array.from(expansions, (e) => e.value), coefficients, starts, metric: precision };
}

function expandGroup(family: ExpandableFamily, likelihood: RowLikelihood, centre: Float64Array, g: number): GroupExpansion {
  const { cells, groups } = likelihood;
  const from = cells.start[g];
  const to = cells.start[g + 1];
  const gradient = new Float64Array(cells.count);
  const coefficients = new Float64Array(coefficientCount(to - from));
  const value = likelihood.evaluateGroup(g, centre, gradient);
  expand(family, groups[g], centre.subarray(from, to), to - from, coefficients, 0);
  coefficients.set(gradient.subarray(from, to));
  return { value, coefficients };
}

function fits(
  likelihood: RowLikelihood,
  { value, coefficients }: GroupExpansion,
  centre: Float64Array,
  metric: Float64Array,
  block: number,
  g: number,
  beta: Float64Array,
): boolean {
  const from = likelihood.cells.start[g];
  const k = likelihood.cells.start[g + 1] - from;
  const delta = new Float64Array(k);
  for (let i = 0; i < k; i++) delta[i] = beta[from + i] - centre[from + i];
  if (!isWithin(metric, block, k, delta)) return false;
  const approximate = value + evaluateTaylor(coefficients, 0, k, delta, new Float64Array(k), 0);
  const error = approximate - likelihood.evaluateGroup(g, beta, new Float64Array(beta.length));
  return error < TOLERANCE && error > -TOLERANCE;
}

/** Whether δ' M δ is inside the radius, for the k × k metric at `at`. */
function isWithin(metric: Float64Array, at: number, k: number, delta: Float64Array): boolean {
  let distance = 0;
  for (let i = 0, row = at; i < k; i++, row += k) {
    let sum = 0;
    for (let j = 0; j < i; j++) sum += metric[row + j] * delta[j];
    distance += delta[i] * (2 * sum + metric[row + i] * delta[i]);
  }
  const radius = sqrt(k) + MARGIN;
  return distance < radius * radius;
}

export class SurrogateLikelihood implements Likelihood {
  readonly cells: Cells;
  /** How often a group was beyond its radius and its rows were read. */
  exactGroups = 0;
  readonly #exact: RowLikelihood;
  readonly #expansion: Expansion;
  readonly #delta: Float64Array;
  readonly #blocks: Int32Array;

  constructor(exact: RowLikelihood, expansion: Expansion) {
    this.cells = exact.cells;
    this.#exact = exact;
    this.#expansion = expansion;
    this.#blocks = blockStarts(exact.cells);
    this.#delta = new Float64Array(exact.groups.reduce((most, _, g) => Math.max(most, exact.cells.start[g + 1] - exact.cells.start[g]), 0));
  }

  evaluate(beta: Float64Array, _parameters: FamilyParameters, gradient: Float64Array): number {
    const { centre, values, coefficients, starts, metric } = this.#expansion;
    const { start } = this.cells;
    const delta = this.#delta;
    let value = this.#exact.constant;
    for (let g = 0; g + 1 < start.length; g++) {
      const from = start[g];
      const k = start[g + 1] - from;
      for (let i = 0; i < k; i++) delta[i] = beta[from + i] - centre[from + i];
      if (starts[g + 1] > starts[g] && isWithin(metric, this.#blocks[g], k, delta)) {
        value += values[g] + evaluateTaylor(coefficients, starts[g], k, delta, gradient, from);
      } else {
        value += this.#exact.evaluateGroup(g, beta, gradient);
        this.exactGroups++;
      }
    }
    return value;
  }

  information(beta: Float64Array, parameters: FamilyParameters, blocks: Float64Array, logScale: Float64Array): void {
    this.#exact.information(beta, parameters, blocks, logScale);
  }
}
