/** The likelihood of a family without a kernel: its density and derivatives, row by row. Also what the kernels are held against. */

import { weightOf } from '../../data/table.ts';
import type { Cells } from '../../design/cells.ts';
import type { Design, Rows } from '../../design/design.ts';
import type { RowAuxiliary, Score } from '../../families/family.ts';
import { familyOf } from '../../families/index.ts';
import { blockStarts, type Likelihood } from './likelihood.ts';

/** Rows of weight 0 are left out. */
export function plainLikelihood(design: Design, cells: Cells, rows: Rows): Likelihood {
  const family = familyOf(design.family);
  const starts = blockStarts(cells);
  const used = Int32Array.from(rows.group.keys()).filter((i) => rows.weights === null || rows.weights[i] > 0);
  const columnAt = (c: number, i: number): number => (design.terms[cells.term[c]].kind === 'intercept' ? 1 : rows.x[cells.term[c]][i]);
  const etaOf = (beta: Float64Array, i: number): number => {
    const g = rows.group[i];
    let eta = rows.offset === null ? 0 : rows.offset[i];
    for (let c = cells.start[g]; c < cells.start[g + 1]; c++) eta += beta[c] * columnAt(c, i);
    return eta;
  };
  const auxiliary = (i: number, scale: Float64Array, own: Float64Array): RowAuxiliary => ({
    trials: rows.trials === null ? 1 : rows.trials[i],
    scale: rows.se === null ? scale[rows.group[i]] : rows.se[i],
    own,
  });
  const score: Score = { eta: 0, logScale: 0, own: new Float64Array(design.own.length) };
  return {
    cells,
    evaluate(beta, { scale, own }, gradient, out) {
      gradient.fill(0);
      out.logScale.fill(0);
      out.own.fill(0);
      let value = 0;
      for (const i of used) {
        const g = rows.group[i];
        const w = weightOf(rows, i);
        const aux = auxiliary(i, scale, own);
        const eta = etaOf(beta, i);
        value += w * family.logLikelihood(rows.y[i], eta, aux);
        family.score(rows.y[i], eta, aux, score);
        for (let c = cells.start[g]; c < cells.start[g + 1]; c++) gradient[c] += w * score.eta * columnAt(c, i);
        if (rows.se === null) out.logScale[g] += w * score.logScale;
        for (let k = 0; k < own.length; k++) out.own[k] += w * score.own[k];
      }
      return value;
    },
    information(beta, { scale, own }, blocks, logScale) {
      blocks.fill(0);
      logScale.fill(0);
      for (const i of used) {
        const g = rows.group[i];
        const [from, to] = [cells.start[g], cells.start[g + 1]];
        const w = weightOf(rows, i) * family.information(rows.y[i], etaOf(beta, i), auxiliary(i, scale, own));
        for (let a = from; a < to; a++)
          for (let b = from; b < to; b++) blocks[starts[g] + (a - from) * (to - from) + b - from] += w * columnAt(a, i) * columnAt(b, i);
        if (rows.se === null) logScale[g] += family.scaleInformation(weightOf(rows, i), own);
      }
    },
  };
}
