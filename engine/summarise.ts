/** Draws → the report: table, diagnostics, predictions, leave-one-out, verdict. */
import { basename } from 'node:path';
import type { Parameter } from '../core/model/design.ts';
import { bfmiOf } from '../core/posterior/diagnostics.ts';
import { LooRun, looOf, rowsAbove } from '../core/posterior/loo.ts';
import { predictAll } from '../core/posterior/predict.ts';
import type { FitReport } from '../core/posterior/report.ts';
import { assess } from '../core/posterior/summary.ts';
import { judge } from '../core/posterior/verdict.ts';
import type { Draws } from '../core/sampler/types.ts';
import { joinChains } from './draws.ts';
import type { Prepared } from './prepare.ts';
import type { FitState } from './state.ts';
import type { PointwiseLoo } from './views/state.ts';

/** Rows × draws beyond which leave-one-out waits until it is asked for. */
const LOO_AT_ONCE = 40_000_000;

export function summariseFit(
  { spec, design, data }: Prepared,
  parameters: readonly Parameter[],
  { source, work, target, chains }: Pick<FitState, 'source' | 'work' | 'target' | 'chains'>,
  timing: { readonly read: number; readonly compile: number; readonly sample: number },
): { readonly draws: Draws; readonly report: FitReport; readonly loo: PointwiseLoo | null } {
  const start = performance.now();
  const draws = joinChains(chains, target.width);
  const assessment = assess(draws, parameters, design.interval);
  const fitted = { design, parameters, draws };
  const loo =
    data.complete && data.rows.n > 0 && data.rows.n * draws.chains * draws.draws <= LOO_AT_ONCE ? runLoo(fitted, data.rows) : null;
  const paretoK = loo && {
    threshold: loo.threshold,
    rows: rowsAbove(loo.pointwise, loo.threshold).map((row) => row + 1),
    largest: largest(loo.pointwise.k),
  };
  const stopped = draws.draws < spec.sampler.draws;
  const verdict = judge({ draws, parameters, assessment, sampler: spec.sampler, stopped, paretoK, dispersion: null });
  const { statistics } = draws;
  const predictions = predictAll(fitted, data, spec.predictions, spec.sampler.seed);
  const report: FitReport = {
    spec: basename(source.path),
    method: work.method,
    seed: spec.sampler.seed,
    rows: data.counts,
    interval: design.interval,
    parameters: assessment.summaries,
    sampling: {
      chains: draws.chains,
      warmup: spec.sampler.warmup,
      draws: draws.draws,
      divergences: count(statistics.diverging, (d) => d === 1),
      max_treedepth_hits: count(statistics.treeDepth, (d) => d >= spec.sampler.max_treedepth),
      bfmi: bfmiOf(statistics.energy, draws.chains, draws.draws),
      gradient_evaluations: draws.gradientEvaluations,
      stopped,
    },
    predictions,
    loo: loo && { ...looOf(loo.pointwise), pareto_k_max: largest(loo.pointwise.k), k_over_threshold: paretoK!.rows.length },
    verdict,
    timing_ms: { ...timing, summarise: performance.now() - start },
  };
  return { draws, report, loo: loo && { elpd: loo.pointwise.elpd, k: loo.pointwise.k } };
}

function runLoo(fitted: Pick<FitState, 'design' | 'parameters' | 'draws'>, rows: FitState['data']['rows']): LooRun {
  const run = new LooRun(fitted, rows);
  run.run();
  return run;
}

const largest = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

function count(values: Uint8Array, which: (value: number) => boolean): number {
  let n = 0;
  for (const value of values) if (which(value)) n++;
  return n;
}
