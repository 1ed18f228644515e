/** What a likelihood is to the model around it: a function of the cells' coefficients and of the family's own parameters. */

import type { Cells } from '../../design/cells.ts';
import type { FamilyGradient, FamilyParameters } from '../../families/family.ts';

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

/** @param own How many parameters the family has of its own. */
export function familyParameters(groups: number, own: number): FamilyParameters {
  return { scale: new Float64Array(groups).fill(1), own: new Float64Array(own).fill(1) };
}

export function familyGradient(groups: number, own: number): FamilyGradient {
  return { logScale: new Float64Array(groups), own: new Float64Array(own) };
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
