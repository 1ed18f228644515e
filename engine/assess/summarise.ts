/** Draws → the report: table, diagnostics, predictions, leave-one-out, verdict. */
import { basename } from 'node:path';
import type { Parameter } from '../../core/design/design.ts';
import { posteriorTails } from '../../core/model/tails.ts';
import { priorPredictive } from '../../core/posterior/check/priorPredictive.ts';
import { bfmiOf } from '../../core/posterior/diagnose/diagnostics.ts';
import { glanceAt } from '../../core/posterior/diagnose/glance.ts';
import { momentsNote, withoutMoments } from '../../core/posterior/diagnose/moments.ts';
import { type Assessment, assessing } from '../../core/posterior/diagnose/summary.ts';
import { predictAll } from '../../core/posterior/predict/predict.ts';
import { TailsOfPredictions } from '../../core/posterior/predict/predictionTails.ts';
import type { FitReport } from '../../core/posterior/report.ts';
import { judge } from '../../core/posterior/verdict/verdict.ts';
import type { Target } from '../../core/sampler/chain.ts';
import type { Draws } from '../../core/sampler/types.ts';
import type { Prepared } from '../read/prepare.ts';
import type { ModelWork } from '../sample/work.ts';
import { atLeisure } from '../threads/leisure.ts';
import { type Checked, checkFit, NOT_CHECKED } from './checks.ts';

export interface Timing {
  readonly read: number;
  readonly compile: number;
  readonly sample: number;
}

/** All that a report is made from. Plain data: it may be cloned to a thread. */
export interface SummaryJob {
  readonly prepared: Prepared;
  readonly parameters: readonly Parameter[];
  readonly draws: Draws;
  readonly specPath: string;
  /** `null` for draws from the prior: nothing then can be checked against the data. */
  readonly work: ModelWork | null;
  readonly timing: Timing;
}

export interface Summary {
  readonly report: FitReport;
  readonly checked: Checked;
  readonly sketches: Assessment['sketches'];
}

/** Numbers among the draws, and rows × draws, beyond which a summary takes so long that it is made in a thread of its own. */
const MANY_NUMBERS = 1_000_000;
const MANY_LIKELIHOODS = 4_000_000;
/** Numbers that a summary has the time for once the user has stopped a fit with many, and the fewest draws of a chain. */
const NUMBERS_AT_A_GLANCE = 100_000;
const FEWEST_AT_A_GLANCE = 8;

export const isLong = ({ prepared: { data }, draws }: SummaryJob): boolean =>
  draws.values.length > MANY_NUMBERS || (data.complete && data.rows.n * draws.chains * draws.draws > MANY_LIKELIHOODS);

/** From a glance at the draws, without any check: what there is time for when the user has stopped a long fit. */
export function summariseAtAGlance(job: SummaryJob): Promise<Summary> {
  const { chains, parameters } = job.draws;
  const perChain = Math.max(FEWEST_AT_A_GLANCE, Math.floor(NUMBERS_AT_A_GLANCE / Math.max(1, chains * parameters)));
  return summarise({ ...job, seen: glanceAt(job.draws, perChain) }, null, () => true);
}

/**
 * @param target of the job's work, to leave rows out exactly.
 * @param stopped once true, checks that are not done yet are left out.
 */
export const summariseFit = (job: SummaryJob, target: (() => Target) | null, stopped: () => boolean): Promise<Summary> =>
  summarise({ ...job, seen: job.draws }, target, stopped);

/** `seen`: the draws that the table and the predictions are made from. */
async function summarise(
  job: SummaryJob & { readonly seen: Draws },
  target: (() => Target) | null,
  stopped: () => boolean,
): Promise<Summary> {
  const start = performance.now();
  const { prepared, parameters, draws, seen, specPath, work, timing } = job;
  const { spec, design, data } = prepared;
  const tails = posteriorTails(design, parameters, work === null ? null : data);
  const assessment = withoutMoments((await atLeisure(assessing(seen, parameters, design.interval)))!, tails);
  const fitted = { design, parameters, draws: seen };
  const checked = target ? await checkFit(fitted, data, target, spec.sampler, timing.sample, stopped) : NOT_CHECKED;
  const cut = work !== null && draws.draws < spec.sampler.draws;
  const note = momentsNote(assessment.summaries);
  const verdict = work
    ? judge({
        draws,
        parameters,
        assessment,
        modes: work.plan.modes,
        sampler: spec.sampler,
        stopped: cut,
        ...(seen === draws ? {} : { glance: seen.draws }),
        paretoK: checked.paretoK,
        dispersion: checked.dispersion,
        remarks: [...(note === null ? [] : [note]), ...checked.remarks],
      })
    : {
        trustworthy: true,
        headline: 'These are draws from the priors alone; the data have not been used.',
        flags: [],
        notes: note === null ? [] : [note],
      };
  const { statistics } = draws;
  const report: FitReport = {
    spec: basename(specPath),
    method: work?.method ?? 'prior',
    seed: spec.sampler.seed,
    rows: data.counts,
    interval: design.interval,
    parameters: assessment.summaries,
    sampling: {
      chains: draws.chains,
      warmup: work ? spec.sampler.warmup : 0,
      draws: draws.draws,
      divergences: count(statistics.diverging, (d) => d === 1),
      max_treedepth_hits: count(statistics.treeDepth, (d) => d >= spec.sampler.max_treedepth),
      bfmi: work ? bfmiOf(statistics.energy, draws.chains, draws.draws) : [],
      gradient_evaluations: draws.gradientEvaluations,
      stopped: cut,
    },
    predictions: predictAll(fitted, data, spec.predictions, spec.sampler.seed, new TailsOfPredictions(design, parameters, tails)),
    loo: checked.loo,
    waic: checked.waic,
    groups_out: checked.groupsOut,
    r2: checked.r2,
    predictive: checked.predictive,
    prior_predictive: work === null && data.complete ? priorPredictive(fitted, data.rows, spec.sampler.seed) : null,
    sensitivity: checked.sensitivity,
    verdict,
    timing_ms: { ...timing, summarise: performance.now() - start },
  };
  return { report, checked, sketches: seen === draws ? assessment.sketches : assessment.sketches.map(() => null) };
}

function count(values: Uint8Array, which: (value: number) => boolean): number {
  let n = 0;
  for (const value of values) if (which(value)) n++;
  return n;
}
