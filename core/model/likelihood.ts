/** What a likelihood is to the model around it: a function of the cells' coefficients and of the family's own parameters. */
import type { Cells } from './cells.ts';
import type { Design } from './design.ts';

/** The family's own parameters on their natural scales. */
export interface FamilyParameters {
  /** One a group (all equal when the scale is shared); 1 where there is none. */
  readonly scale: Float64Array;
  /** nu of a Student-t, shape of a negative binomial; 1 where there is none. */
  extra: number;
}

/** Derivatives with respect to them. */
export interface FamilyGradient {
  /** d/d log scale, one a group. */
  readonly logScale: Float64Array;
  /** d/d extra. */
  extra: number;
}

export interface Likelihood {
  readonly cells: Cells;
  /** The log likelihood with all its constants; writes its gradient in the cells' coefficients and in the parameters. */
  evaluate(beta: Float64Array, parameters: FamilyParameters, gradient: Float64Array, out: FamilyGradient): number;
  /**
   * Writes the information about the coefficients at `beta`, block by block: −d²/dβ² where that is positive (canonical
   * links), else its expectation; and about log scale, expected. Blocks are k × k, row-major, one after another (`blockStarts`).
   */
  information(beta: Float64Array, parameters: FamilyParameters, blocks: Float64Array, logScale: Float64Array): void;
}

export function familyParameters(groups: number): FamilyParameters {
  return { scale: new Float64Array(groups).fill(1), extra: 1 };
}

export function familyGradient(groups: number): FamilyGradient {
  return { logScale: new Float64Array(groups), extra: 0 };
}

/** Where each group's k × k block begins; one entry more than groups. */
export function blockStarts(cells: Cells): Int32Array {
  const starts = new Int32Array(cells.start.length);
  for (let g = 0; g + 1 < starts.length; g++) {
    const k = cells.start[g + 1] - cells.start[g];
    starts[g + 1] = starts[g] + k * k;
  }
  return starts;
}

/** Whether the family has a parameter nu or shape. */
export const hasExtra = (design: Design): boolean => design.nu !== null || design.shape !== null;
