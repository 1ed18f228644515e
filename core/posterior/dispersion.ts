/** Whether counts vary more than their model says, quickly enough for every fit. */
import type { Rows } from '../model/design.ts';
import type { Steps } from '../steps.ts';
import type { Fitted } from './lookup.ts';
import { RowEvaluator } from './pointwise.ts';
import { thinDraws } from './replicate.ts';
import { rngFor } from './streams.ts';
import { canBeOverdispersed, StatisticsOfReplicates } from './testStatistics.ts';
import type { Dispersion } from './trial.ts';

const MOST_SETS = 400;
const MOST_RESPONSES = 4e6;

/**
 * Pearson's statistic of the data against that of replicated data at the same draws (Gelman, Meng & Stern 1996), over at most 400 draws, fewer
 * for many rows; a step a row. `null` where counts cannot be overdispersed.
 */
export function* dispersionOf(fitted: Fitted, rows: Rows, seed: number): Steps<Dispersion | null> {
  if (rows.n === 0 || !canBeOverdispersed(fitted.design, rows)) return null;
  const sets = Math.max(50, Math.min(MOST_SETS, Math.floor(MOST_RESPONSES / rows.n)));
  const evaluator = new RowEvaluator({ ...fitted, draws: thinDraws(fitted.draws, sets) }, rows);
  const { size, family } = evaluator;
  const statistics = new StatisticsOfReplicates(size, true);
  for (let row = 0; row < rows.n; row++) {
    yield;
    const eta = evaluator.eta(row);
    const rng = rngFor(seed, 'replicate', row);
    for (let s = 0; s < size; s++) {
      const auxiliary = evaluator.auxiliary(row, s);
      const replicated = family.draw(rng, eta[s], auxiliary);
      statistics.add(s, rows.y[row], replicated, family.mean(eta[s], auxiliary), family.variance(eta[s], auxiliary));
    }
  }
  return { ...statistics.dispersion()!, family: fitted.design.family };
}
