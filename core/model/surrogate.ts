/**
 * A likelihood that follows the rows closely and costs no rows: near the mode each group's polynomial of degree 4 (taylor.ts),
 * beyond a Mahalanobis radius the rows themselves, so that the density stays proper. NUTS walks on it and each draw is
 * corrected by one exact evaluation (sampler/chain.ts).
 */
import { sqrt } from '../math/elementary.ts';
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
/** Distances of pairs of arithmetic: a row costs about as much as this many coefficients of a polynomial. */
const COEFFICIENTS_PER_ROW = 2;

/** Whether walking on polynomials saves enough to pay for the corrections. */
export function worthExpanding(likelihood: RowLikelihood): boolean {
  let rows = 0;
  let coefficients = 0;
  likelihood.groups.forEach((g, i) => {
    rows += g.rows;
    coefficients += coefficientCount(likelihood.cells.start[i + 1] - likelihood.cells.start[i]);
  });
  return rows * COEFFICIENTS_PER_ROW > coefficients;
}

/** Expands every group that has more rows than its polynomial is worth. `precision`: k × k blocks, as of `information`. */
export function expandRows(family: ExpandableFamily, likelihood: RowLikelihood, centre: Float64Array, precision: Float64Array): Expansion {
  const { cells, groups } = likelihood;
  const starts = new Int32Array(groups.length + 1);
  groups.forEach((rows, g) => {
    const count = coefficientCount(cells.start[g + 1] - cells.start[g]);
    starts[g + 1] = starts[g] + (rows.rows * COEFFICIENTS_PER_ROW > count ? count : 0);
  });
  const coefficients = new Float64Array(starts[groups.length]);
  const values = new Float64Array(groups.length);
  const gradient = new Float64Array(cells.count);
  groups.forEach((rows, g) => {
    if (starts[g + 1] === starts[g]) return;
    const from = cells.start[g];
    const to = cells.start[g + 1];
    values[g] = likelihood.evaluateGroup(g, centre, gradient);
    expand(family, rows, centre.subarray(from, to), to - from, coefficients, starts[g]);
    coefficients.set(gradient.subarray(from, to), starts[g]);
  });
  return { centre, values, coefficients, starts, metric: precision };
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
    const { centre, values, coefficients, starts } = this.#expansion;
    const { start } = this.cells;
    const delta = this.#delta;
    let value = this.#exact.constant;
    for (let g = 0; g + 1 < start.length; g++) {
      const from = start[g];
      const k = start[g + 1] - from;
      for (let i = 0; i < k; i++) delta[i] = beta[from + i] - centre[from + i];
      if (starts[g + 1] > starts[g] && this.#within(g, k)) {
        value += values[g] + evaluateTaylor(coefficients, starts[g], k, delta, gradient, from);
      } else {
        value += this.#exact.evaluateGroup(g, beta, gradient);
        this.exactGroups++;
      }
    }
    return value;
  }

  #within(g: number, k: number): boolean {
    const { metric } = this.#expansion;
    const delta = this.#delta;
    let distance = 0;
    let at = this.#blocks[g];
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let j = 0; j < i; j++) sum += metric[at + j] * delta[j];
      distance += delta[i] * (2 * sum + metric[at + i] * delta[i]);
      at += k;
    }
    const radius = sqrt(k) + MARGIN;
    return distance < radius * radius;
  }

  information(beta: Float64Array, parameters: FamilyParameters, blocks: Float64Array, logScale: Float64Array): void {
    this.#exact.information(beta, parameters, blocks, logScale);
  }
}
