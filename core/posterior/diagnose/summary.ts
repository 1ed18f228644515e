/** The table of a fit, one row a scalar, and what else its draws say that a verdict needs. */
import type { Parameter } from '../../design/design.ts';
import { type Steps, toEnd } from '../../math/steps.ts';
import { type Draws, drawsOf } from '../../sampler/types.ts';
import type { IntervalSpec } from '../../spec/types.ts';
import { tailShape } from '../loo/gpd.ts';
import type { MaskedParameter, ParameterSummary } from '../report.ts';
import { Diagnostician, type ScalarDiagnostics } from './diagnostics.ts';
import { intervalOfSorted, quantileOfSorted } from './interval.ts';
import { FEW_DRAWS, type Sketch, sketchOf } from './sketch.ts';

/** What one scalar's draws say besides its summary. */
export interface Evidence {
  /** Whether all draws are equal: a parameter fixed by the spec, or a sampler that never moved. */
  readonly constant: boolean;
  /** Whether a draw is NaN or infinite. */
  readonly broken: boolean;
  /** Larger k-hat of the two tails; `null` where a look at the quantiles says that they are light. */
  readonly tailShape: number | null;
  /** See Diagnostician.chanceOfDisagreement; 1 where R-hat is below its threshold. */
  readonly chanceOfDisagreement: number;
}

export interface Assessment {
  /** One a parameter, in their order; masked ones have no numbers. */
  readonly summaries: readonly (ParameterSummary | MaskedParameter)[];
  /** Aligned with `summaries`; `null` for masked ones. */
  readonly evidence: readonly (Evidence | null)[];
  /** For pictures, aligned with `summaries`; `null` for masked ones, for few draws, and where one is not finite. */
  readonly sketches: readonly (Sketch | null)[];
}

/** R-hat above this is looked into (Vehtari et al. 2021). */
export const R_HAT_THRESHOLD = 1.01;

/** One summary a parameter, in their order; masked ones have no numbers. */
export function summarise(
  draws: Draws,
  parameters: readonly Parameter[],
  interval: IntervalSpec,
): readonly (ParameterSummary | MaskedParameter)[] {
  return assess(draws, parameters, interval).summaries;
}

/** Summaries, the evidence for a verdict, and what pictures keep, in one pass over the draws. */
export const assess = (draws: Draws, parameters: readonly Parameter[], interval: IntervalSpec): Assessment =>
  toEnd(assessing(draws, parameters, interval));

/** The same, a step a parameter. */
export function* assessing(draws: Draws, parameters: readonly Parameter[], interval: IntervalSpec): Steps<Assessment> {
  const diagnostician = new Diagnostician();
  const summaries: (ParameterSummary | MaskedParameter)[] = [];
  const evidence: (Evidence | null)[] = [];
  const sketches: (Sketch | null)[] = [];
  const many = draws.chains * draws.draws > FEW_DRAWS;
  for (const parameter of parameters) {
    if (parameter.masked) {
      summaries.push({ name: parameter.name, masked: true });
      evidence.push(null);
      sketches.push(null);
      continue;
    }
    yield;
    const values = drawsOf(draws, parameter.index);
    const d = diagnostician.diagnose(values, draws.chains, draws.draws);
    summaries.push(summaryOf(parameter.name, d, interval));
    sketches.push(many && d.order !== null ? sketchOf(d.sorted, d.order, draws.chains, draws.draws) : null);
    evidence.push({
      constant: d.sorted[0] === d.sorted[d.sorted.length - 1],
      broken: Number.isNaN(d.sorted[0]),
      tailShape: shapeOfTails(d.sorted),
      chanceOfDisagreement: d.rHat > R_HAT_THRESHOLD ? diagnostician.chanceOfDisagreement(values, draws.chains, draws.draws) : 1,
    });
  }
  return { summaries, evidence, sketches };
}

function summaryOf(name: string, d: ScalarDiagnostics, interval: IntervalSpec): ParameterSummary {
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
}

/**
 * A tail whose extreme lies this many times (5 % to median) beyond the 5 % quantile may be heavy: those of 1,000 draws of a normal reach 1.2
 * times, of an exponential 3, of a Cauchy 50. Less is no heavy tail whatever k-hat says, which slow excursions of a chain can raise.
 */
const REACH = 10;

function shapeOfTails(sorted: Float64Array): number | null {
  const n = sorted.length;
  const median = quantileOfSorted(sorted, 0.5);
  const low = quantileOfSorted(sorted, 0.05);
  const high = quantileOfSorted(sorted, 0.95);
  const upper = sorted[n - 1] - high > REACH * (high - median) ? tailShape(sorted) : null;
  const lower = low - sorted[0] > REACH * (median - low) ? tailShape(sorted.map((x) => -x).reverse()) : null;
  if (upper === null || lower === null) return upper ?? lower;
  return Math.max(upper, lower);
}
