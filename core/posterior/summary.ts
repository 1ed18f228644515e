/** The table of a fit: one row a scalar. */
import type { Parameter } from '../model/design.ts';
import { type Draws, drawsOf } from '../sampler/types.ts';
import type { IntervalSpec } from '../spec/types.ts';
import { Diagnostician } from './diagnostics.ts';
import { intervalOfSorted, quantileOfSorted } from './interval.ts';
import type { MaskedParameter, ParameterSummary } from './report.ts';

/** One summary a parameter, in their order; masked ones have no numbers. */
export function summarise(draws: Draws, parameters: readonly Parameter[], interval: IntervalSpec): (ParameterSummary | MaskedParameter)[] {
  const diagnostician = new Diagnostician();
  return parameters.map((parameter) => {
    const { name } = parameter;
    if (parameter.masked) return { name, masked: true };
    const d = diagnostician.diagnose(drawsOf(draws, parameter.index), draws.chains, draws.draws);
    return {
      name,
      masked: false,
      mean: d.mean,
      sd: d.sd,
      median: quantileOfSorted(d.sorted, 0.5),
      ...intervalOfSorted(d.sorted, interval),
      q5: quantileOfSorted(d.sorted, 0.05),
      q95: quantileOfSorted(d.sorted, 0.95),
      mcse_mean: d.mcseMean,
      mcse_sd: d.mcseSd,
      ess_bulk: d.essBulk,
      ess_tail: d.essTail,
      r_hat: Number.isFinite(d.rHat) ? d.rHat : null,
    };
  });
}
