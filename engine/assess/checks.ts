/** What holds a fit against its own data: leave-one-out, R², sensitivity; as much of it as the size allows at once. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { ModelData, Rows } from '../../core/design/design.ts';
import { familyOf } from '../../core/families/index.ts';
import type { Steps } from '../../core/math/steps.ts';
import { dispersionOf } from '../../core/posterior/check/dispersion.ts';
import { fitQuality } from '../../core/posterior/check/fitQuality.ts';
import { countCopies } from '../../core/posterior/check/observations.ts';
import { CHECK_DEFAULTS, checkPredictive, thinDraws } from '../../core/posterior/check/replicate.ts';
import { sensitivity } from '../../core/posterior/check/sensitivity.ts';
import { influence } from '../../core/posterior/loo/influence.ts';
import { LooRun, looOf, rowsAbove, waicOf } from '../../core/posterior/loo/loo.ts';
import { NO_LOO, type Unheld, unheldWithout } from '../../core/posterior/loo/remainder.ts';
import type { Fitted } from '../../core/posterior/predict/lookup.ts';
import { describe } from '../../core/posterior/predict/predict.ts';
import type { FitReport } from '../../core/posterior/report.ts';
import type { Dispersion, ParetoK } from '../../core/posterior/verdict/trial.ts';
import type { Target } from '../../core/sampler/chain.ts';
import type { SamplerSpec } from '../../core/spec/types.ts';
import { atLeisure } from '../threads/leisure.ts';
import type { PointwiseLoo } from '../views/state.ts';
import { groupsOutOf, leaveOut, preferMarginal, rowsWithoutRest } from './leaveOut.ts';
import { MOST_REFITS, refitRows } from './refits.ts';

/** Rows × draws beyond which leave-one-out is left out. */
const MOST_LIKELIHOODS = 40_000_000;
/** What refitting without the rows that importance weights fail on may take. */
const REFITS_MS = 5000;
/** Observations beyond which the predictive check waits for its pictures. */
const MOST_CHECKED = 5000;
/** Replicated data sets of the report's check. */
const REPLICATES = 200;
/** Parameters beyond which power-scaling waits. */
const MOST_SENSITIVE = 400;

export interface Checked extends Pick<FitReport, 'loo' | 'waic' | 'r2' | 'predictive' | 'sensitivity'> {
  readonly groupsOut: FitReport['groups_out'];
  readonly pointwise: PointwiseLoo | null;
  readonly paretoK: ParetoK | null;
  readonly dispersion: Dispersion | null;
  /** Sentences on what cannot be had, and why. */
  readonly remarks: readonly string[];
}

export const NOT_CHECKED: Checked = {
  loo: null,
  waic: null,
  r2: null,
  predictive: null,
  sensitivity: null,
  groupsOut: null,
  pointwise: null,
  paretoK: null,
  dispersion: null,
  remarks: [],
};

/**
 * Breathes between its parts, so that the thread hears of a cancel.
 * @param target asked for only where rows can be left out exactly.
 * @param sampleMs what sampling took, all chains together: refits are made only where they cost little beside it.
 * @param stopped once true, what is not done yet is left out: the user who stops a fit wants its draws at once.
 */
export async function checkFit(
  fitted: Fitted,
  data: ModelData,
  target: () => Target,
  sampler: SamplerSpec,
  sampleMs: number,
  stopped: () => boolean,
): Promise<Checked> {
  const pause = async (): Promise<boolean> => {
    await breathe();
    return stopped();
  };
  const { seed } = sampler;
  const { design, draws, parameters } = fitted;
  const { rows } = data;
  const size = draws.chains * draws.draws;
  if (!data.complete || rows.n === 0 || rows.n * size > MOST_LIKELIHOODS) return NOT_CHECKED;
  if (await pause()) return NOT_CHECKED;
  const run = new LooRun(fitted, rows);
  if ((await atLeisure(rowByRow(run, rows.n), stopped)) === null) return NOT_CHECKED;
  // The PSIS k still tells which rows sway the fit when leave-one-out itself is exact.
  const { k } = run.pointwise;
  const marginal = await atLeisure(leaveOut(fitted, data, target()), stopped);
  if (await pause()) return NOT_CHECKED;
  const unheld = unheldWithout(design, rows);
  const without = rowsWithoutRest(marginal, unheld, rows.n);
  const smoothed = marginal === null ? run.pointwise : preferMarginal(run.pointwise, marginal);
  const isQuick = (sampleMs / draws.chains) * MOST_REFITS < REFITS_MS;
  const { pointwise, refits } =
    isQuick && without.length === 0
      ? await refitRows(smoothed, run.threshold, fitted, data, sampler, stopped)
      : { pointwise: smoothed, refits: 0 };
  if (await pause()) return NOT_CHECKED;
  const groupsOut = marginal && (await groupsOutOf(fitted, marginal, unheld, isQuick ? { fitted, data, sampler, stopped } : null));
  if (await pause()) return NOT_CHECKED;
  const paretoK: ParetoK = {
    ...influence(fitted, rows, k),
    exact: rowsAbove({ k }, run.threshold).flatMap((row) => (pointwise.k[row] <= run.threshold ? [rows.fileRow[row] + 1] : [])),
  };
  if (await pause()) return NOT_CHECKED;
  const isExact = marginal?.exact === true && marginal.rows.k.every((value) => value === 0);
  const isIntegrated = marginal?.rows.k.some((value) => value <= marginal.threshold) === true;
  const checked: Checked = {
    ...NOT_CHECKED,
    loo:
      without.length > 0
        ? null
        : {
            ...looOf(pointwise),
            pareto_k_max: paretoK.largest,
            k_over_threshold: paretoK.rows.length,
            method: isExact ? 'exact' : isIntegrated ? 'integrated' : 'psis',
            refits,
            doubtful: rowsAbove(pointwise, run.threshold).length,
          },
    remarks: [...withoutRestNote(rows, without), ...unheldGroupNote(fitted, unheld)],
    waic: waicOf(run.pointwise),
    groupsOut,
    pointwise: without.length > 0 ? null : { elpd: pointwise.elpd, k },
    paretoK,
    dispersion: await atLeisure(dispersionOf(fitted, rows, seed), stopped),
  };
  if (await pause()) return checked;
  const quality = await atLeisure(fitQuality(fitted, rows), stopped);
  if (quality === null || (await pause())) return checked;
  const r2 = describe(quality.r2, design.interval);
  if (await pause()) return { ...checked, r2 };
  const predictive = countCopies(rows) <= MOST_CHECKED ? predictiveCheck(fitted, rows, seed) : null;
  if (await pause()) return { ...checked, r2, predictive };
  const sampled = parameters.filter((p) => !p.masked).length;
  const scaled = sampled <= MOST_SENSITIVE ? await atLeisure(sensitivity(draws, parameters, run.logLikelihood), stopped) : null;
  return { ...checked, r2, predictive, sensitivity: scaled?.parameters ?? null };
}

function predictiveCheck(fitted: Fitted, rows: Rows, seed: number): FitReport['predictive'] {
  const { coverage, statistics } = checkPredictive({ ...fitted, draws: thinDraws(fitted.draws, REPLICATES) }, rows, {
    ...CHECK_DEFAULTS,
    interval: fitted.design.interval,
    seed,
    overlays: 0,
  });
  const plain = statistics.map(({ name, observed, lower, upper, p }) => ({ name, observed, lower, upper, p }));
  return { coverage, statistics: plain.filter((s) => s.name !== 'zeros' || familyOf(fitted.design.family).discrete) };
}

/** PSIS, a step a row. */
function* rowByRow(run: LooRun, rows: number): Steps<LooRun> {
  for (let row = 0; row < rows; row++) {
    run.run(row, row + 1);
    yield;
  }
  return run;
}

/** Rows told by their number at the most. */
const FEW = 5;

function withoutRestNote(rows: Rows, without: readonly number[]): string[] {
  if (without.length === 0) return [];
  const names = without.slice(0, FEW).map((row) => rows.fileRow[row] + 1);
  const which =
    without.length === 1 ? `row ${names[0]}` : `one of ${without.length} rows (${names.join(', ')}${without.length > FEW ? ', …' : ''})`;
  return [`${NO_LOO}: without ${which} the others are too few for the flat priors, and leave no posterior. Give those a proper prior.`];
}

function unheldGroupNote({ design }: Fitted, unheld: Unheld | null): string[] {
  const group = unheld?.groups.indexOf(1) ?? -1;
  if (group < 0 || design.groups.length < 2) return [];
  return [
    `Leave-one-group-out has no value: without the group "${design.groups[group]}" the others are too few for the flat prior of a scale, and leave no posterior.`,
  ];
}
