/** Draws → the report: table, diagnostics, predictions, leave-one-out, verdict. */
import { basename } from 'node:path';
import type { Parameter } from '../core/model/design.ts';
import { bfmiOf } from '../core/posterior/diagnostics.ts';
import { predictAll } from '../core/posterior/predict.ts';
import type { FitReport } from '../core/posterior/report.ts';
import { type Assessment, assess } from '../core/posterior/summary.ts';
import { judge } from '../core/posterior/verdict.ts';
import type { Target } from '../core/sampler/chain.ts';
import type { Draws } from '../core/sampler/types.ts';
import { type Checked, checkFit, NOT_CHECKED } from './checks.ts';
import type { Prepared } from './prepare.ts';
import type { FitState } from './state.ts';

export interface Timing {
  readonly read: number;
  readonly compile: number;
  readonly sample: number;
}

/**
 * @param sampled `null` for draws from the prior: nothing then can be checked against the data.
 * @param stopped once true, checks that are not done yet are left out.
 */
export async function summariseFit(
  prepared: Prepared,
  parameters: readonly Parameter[],
  draws: Draws,
  specPath: string,
  sampled: { readonly work: FitState['work']; readonly target: Target } | null,
  timing: Timing,
  stopped: () => boolean,
): Promise<{ readonly report: FitReport; readonly checked: Checked; readonly sketches: Assessment['sketches'] }> {
  const start = performance.now();
  const { spec, design, data } = prepared;
  const assessment = assess(draws, parameters, design.interval);
  const fitted = { design, parameters, draws };
  const checked = sampled ? await checkFit(fitted, data, sampled.target, spec.sampler, timing.sample, stopped) : NOT_CHECKED;
  const cut = sampled !== null && draws.draws < spec.sampler.draws;
  const verdict = sampled
    ? judge({
        draws,
        parameters,
        assessment,
        sampler: spec.sampler,
        stopped: cut,
        paretoK: checked.paretoK,
        dispersion: checked.dispersion,
      })
    : { trustworthy: true, headline: 'These are draws from the priors alone; the data have not been used.', flags: [], notes: [] };
  const { statistics } = draws;
  const report: FitReport = {
    spec: basename(specPath),
    method: sampled?.work.method ?? 'prior',
    seed: spec.sampler.seed,
    rows: data.counts,
    interval: design.interval,
    parameters: assessment.summaries,
    sampling: {
      chains: draws.chains,
      warmup: sampled ? spec.sampler.warmup : 0,
      draws: draws.draws,
      divergences: count(statistics.diverging, (d) => d === 1),
      max_treedepth_hits: count(statistics.treeDepth, (d) => d >= spec.sampler.max_treedepth),
      bfmi: sampled ? bfmiOf(statistics.energy, draws.chains, draws.draws) : [],
      gradient_evaluations: draws.gradientEvaluations,
      stopped: cut,
    },
    predictions: predictAll(fitted, data, spec.predictions, spec.sampler.seed),
    loo: checked.loo,
    waic: checked.waic,
    groups_out: checked.groupsOut,
    r2: checked.r2,
    predictive: checked.predictive,
    sensitivity: checked.sensitivity,
    verdict,
    timing_ms: { ...timing, summarise: performance.now() - start },
  };
  return { report, checked, sketches: assessment.sketches };
}

function count(values: Uint8Array, which: (value: number) => boolean): number {
  let n = 0;
  for (const value of values) if (which(value)) n++;
  return n;
}
