/** The Gaussian likelihood on sufficient statistics: no cost depends on the number of rows. */

import type { Cells } from '../../design/cells.ts';
import type { Design, GroupStatistics } from '../../design/design.ts';
import { log } from '../../math/elementary.ts';
import { HALF_LOG_2PI } from '../../math/gamma.ts';
import { blockStarts, type Likelihood } from './likelihood.ts';

/** `statistics` are about each group's active slopes; see GroupStatistics. */
export function gaussianLikelihood(design: Design, cells: Cells, statistics: readonly GroupStatistics[]): Likelihood {
  const known = design.response.se !== null;
  const starts = blockStarts(cells);
  const product = new Float64Array(design.terms.length);
  const away = new Float64Array(design.terms.length);
  const interceptOf = (g: number): number => {
    const first = cells.start[g];
    return first < cells.start[g + 1] && design.terms[cells.term[first]].kind === 'intercept' ? 1 : 0;
  };
  const intercepts = Int32Array.from(statistics, (_, g) => interceptOf(g));
  return {
    cells,
    evaluate(beta, parameters, gradient, out) {
      let value = 0;
      for (let g = 0; g < statistics.length; g++) {
        const s = statistics[g];
        const from = cells.start[g] + intercepts[g];
        const k = cells.start[g + 1] - from;
        const precision = 1 / (parameters.scale[g] * parameters.scale[g]);
        out.logScale[g] = 0;
        if (s.rows === 0) {
          gradient.fill(0, cells.start[g], cells.start[g + 1]);
          continue;
        }
        // About the first fit, v = w − fit: the residual mean r = mean − α − x̄'v, and the sum of squares W r² + squares − 2 v'xy + v'xx v.
        const { residual } = s;
        let mean = residual.mean - (intercepts[g] === 1 ? beta[from - 1] : 0);
        let squares = residual.squares;
        for (let i = 0; i < k; i++) away[i] = beta[from + i] - s.fit[i];
        for (let i = 0; i < k; i++) {
          mean -= away[i] * s.meanX[i];
          let sum = 0;
          for (let j = 0; j < k; j++) sum += s.xx[i * k + j] * away[j];
          product[i] = residual.xy[i] - sum;
          squares += away[i] * (sum - 2 * residual.xy[i]);
        }
        squares += s.weight * mean * mean;
        for (let i = 0; i < k; i++) gradient[from + i] = precision * (product[i] + s.weight * mean * s.meanX[i]);
        if (intercepts[g] === 1) gradient[from - 1] = precision * s.weight * mean;
        value += s.constant - 0.5 * precision * squares;
        if (!known) {
          value -= s.weight * (log(parameters.scale[g]) + HALF_LOG_2PI);
          out.logScale[g] = precision * squares - s.weight;
        }
      }
      return value;
    },
    information(_beta, parameters, blocks, logScale) {
      for (let g = 0; g < statistics.length; g++) {
        const s = statistics[g];
        const precision = 1 / (parameters.scale[g] * parameters.scale[g]);
        const intercept = intercepts[g];
        const size = cells.start[g + 1] - cells.start[g];
        const k = size - intercept;
        logScale[g] = known ? 0 : 2 * s.weight;
        const at = (i: number, j: number): number => starts[g] + i * size + j;
        if (s.rows === 0) {
          blocks.fill(0, starts[g], starts[g + 1]);
          continue;
        }
        if (intercept === 1) blocks[at(0, 0)] = precision * s.weight;
        for (let i = 0; i < k; i++) {
          const border = precision * s.weight * s.meanX[i];
          if (intercept === 1) {
            blocks[at(0, i + 1)] = border;
            blocks[at(i + 1, 0)] = border;
          }
          for (let j = 0; j < k; j++) {
            blocks[at(i + intercept, j + intercept)] = precision * (s.xx[i * k + j] + s.weight * s.meanX[i] * s.meanX[j]);
          }
        }
      }
    },
  };
}
