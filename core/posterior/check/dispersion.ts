/** Whether counts vary more than their model says, quickly enough for every fit. */
import { weightOf } from '../../data/table.ts';
import type { Rows } from '../../design/design.ts';
import type { Steps } from '../../math/steps.ts';
import { rngFor } from '../../math/streams.ts';
import type { Fitted } from '../predict/lookup.ts';
import { RowEvaluator } from '../predict/pointwise.ts';
import type { Dispersion } from '../verdict/trial.ts';
import { copiesOf, countCopies, firstCopies, shareOf } from './observations.ts';
import { thinDraws } from './replicate.ts';
import { canBeOverdispersed, StatisticsOfReplicates } from './testStatistics.ts';

const MOST_SETS = 400;
const MOST_RESPONSES = 4e6;
/** Copies of a row that are replicated one by one; of more, the sum is stretched to the mean and variance that all would have. */
const MOST_COPIES = 64;

/**
 * Pearson's statistic of the data against that of replicated data at the same draws (Gelman, Meng & Stern 1996), over at most 400 draws, fewer
 * for many observations; a step a row. A row counts as often as its frequency weight says. `null` where counts cannot be overdispersed.
 */
export function* dispersionOf(fitted: Fitted, rows: Rows, seed: number): Steps<Dispersion | null> {
  if (rows.n === 0 || !canBeOverdispersed(fitted.design, rows)) return null;
  const sets = Math.max(50, Math.min(MOST_SETS, Math.floor(MOST_RESPONSES / Math.max(1, countCopies(rows)))));
  const evaluator = new RowEvaluator({ ...fitted, draws: thinDraws(fitted.draws, sets) }, rows);
  const { size, family } = evaluator;
  const first = firstCopies(rows);
  const statistics = new StatisticsOfReplicates(size, true);
  for (let row = 0; row < rows.n; row++) {
    yield;
    const eta = evaluator.eta(row);
    const copies = copiesOf(rows, row);
    const done = Math.min(copies, MOST_COPIES);
    const weight = weightOf(rows, row);
    const replicatedSum = new Float64Array(size);
    const observed = new Float64Array(size);
    for (let copy = 0; copy < done; copy++) {
      const rng = rngFor(seed, 'replicate', first[row] + copy);
      const share = copies > done ? 1 : shareOf(rows, row, copy);
      for (let s = 0; s < size; s++) {
        const auxiliary = evaluator.auxiliary(row, s);
        const replicated = family.draw(rng, eta[s], auxiliary);
        const variance = family.variance(eta[s], auxiliary);
        if (!(variance > 0)) continue;
        const mean = family.mean(eta[s], auxiliary);
        observed[s] = (weight * (rows.y[row] - mean) ** 2) / variance;
        replicatedSum[s] += (share * (replicated - mean) ** 2) / variance;
      }
    }
    for (let s = 0; s < size; s++) {
      const sum = copies > done ? weight + Math.sqrt(weight / done) * (replicatedSum[s] - done) : replicatedSum[s];
      statistics.addPearson(s, observed[s], sum);
    }
  }
  return { ...statistics.dispersion()!, family: fitted.design.family };
}
