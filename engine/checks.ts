/** What holds a fit against its own data: leave-one-out, R², sensitivity; as much of it as the size allows at once. */
import { setImmediate as breathe } from 'node:timers/promises';
import { familyOf } from '../core/families/index.ts';
import { CollapsedModel } from '../core/model/collapsed/model.ts';
import type { ModelData, Rows } from '../core/model/design.ts';
import { dispersionOf } from '../core/posterior/dispersion.ts';
import { leaveGroupsOut, leaveRowsOut } from '../core/posterior/exactLoo.ts';
import { fitQuality } from '../core/posterior/fitQuality.ts';
import { influence } from '../core/posterior/influence.ts';
import { LooRun, looOf, replaceRows, rowsAbove, waicOf } from '../core/posterior/loo.ts';
import type { Fitted } from '../core/posterior/lookup.ts';
import type { Dispersion, ParetoK } from '../core/posterior/modelFlags.ts';
import { describe } from '../core/posterior/predict.ts';
import { CHECK_DEFAULTS, checkPredictive, thinDraws } from '../core/posterior/replicate.ts';
import type { FitReport } from '../core/posterior/report.ts';
import { scaleNodes } from '../core/posterior/scaleNodes.ts';
import { sensitivity } from '../core/posterior/sensitivity.ts';
import type { Target } from '../core/sampler/chain.ts';
import type { SamplerSpec } from '../core/spec/types.ts';
import type { Steps } from '../core/steps.ts';
import { atLeisure } from './leisure.ts';
import { MOST_REFITS, refitRows } from './refits.ts';
import type { PointwiseLoo } from './views/state.ts';

/** Rows × draws beyond which leave-one-out is left out. */
const MOST_LIKELIHOODS = 40_000_000;
/** Solutions at scale nodes × groups beyond which exact leave-one-out gives way to PSIS. */
const MOST_SOLUTIONS = 200_000;
const MOST_NODES = 500;
/** What refitting without the rows that importance weights fail on may take. */
const REFITS_MS = 5000;
/** Rows beyond which the predictive check waits for its pictures. */
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
  const exact = await atLeisure(exactly(fitted, data, target()), stopped);
  if (await pause()) return NOT_CHECKED;
  const smoothed = replaceRows(run.pointwise, exact?.rows ?? new Map());
  const affordable = exact === null && (sampleMs / draws.chains) * MOST_REFITS < REFITS_MS;
  const { pointwise, refits } = affordable
    ? await refitRows(smoothed, run.threshold, fitted, data, sampler, stopped)
    : { pointwise: smoothed, refits: 0 };
  if (await pause()) return NOT_CHECKED;
  const paretoK: ParetoK = {
    ...influence(fitted, rows, k),
    exact: rowsAbove({ k }, run.threshold).flatMap((row) => (pointwise.k[row] === 0 ? [rows.fileRow[row] + 1] : [])),
  };
  if (await pause()) return NOT_CHECKED;
  const checked: Checked = {
    ...NOT_CHECKED,
    loo: {
      ...looOf(pointwise),
      pareto_k_max: paretoK.largest,
      k_over_threshold: paretoK.rows.length,
      method: exact ? 'exact' : 'psis',
      refits,
    },
    waic: waicOf(run.pointwise),
    groupsOut: exact?.groups ?? null,
    pointwise: { elpd: pointwise.elpd, k },
    paretoK,
    dispersion: await atLeisure(dispersionOf(fitted, rows, seed), stopped),
  };
  if (await pause()) return checked;
  const quality = await atLeisure(fitQuality(fitted, rows), stopped);
  if (quality === null || (await pause())) return checked;
  const r2 = describe(quality.r2, design.interval);
  if (await pause()) return { ...checked, r2 };
  const predictive = rows.n <= MOST_CHECKED ? predictiveCheck(fitted, rows, seed) : null;
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

interface Exact {
  readonly rows: ReadonlyMap<number, number>;
  readonly groups: FitReport['groups_out'];
}

/** Rows and whole groups left out by down-dating, when the model is collapsed and small enough; rows where it fails keep PSIS. */
function* exactly(fitted: Fitted, { rows }: ModelData, { density }: Target): Steps<Exact | null> {
  if (!(density instanceof CollapsedModel)) return null;
  const nodes = scaleNodes(density, fitted, MOST_NODES);
  if (nodes.positions.length * density.layout.groups.length > MOST_SOLUTIONS) return null;
  const { elpd } = yield* leaveRowsOut(density, rows, nodes);
  const kept = new Map<number, number>();
  elpd.forEach((value, row) => {
    if (Number.isFinite(value)) kept.set(row, value);
  });
  return { rows: kept, groups: groupsOut(fitted, (yield* leaveGroupsOut(density, nodes)).elpd) };
}

function groupsOut({ design }: Fitted, elpd: Float64Array): FitReport['groups_out'] {
  const groups = design.groups
    .map((group, g) => ({ group, elpd: elpd[g], rows: design.groupRows[g] }))
    .filter((g) => g.rows > 0 && Number.isFinite(g.elpd));
  if (groups.length < 2) return null;
  const total = groups.reduce((sum, g) => sum + g.elpd, 0);
  const mean = total / groups.length;
  const squares = groups.reduce((sum, g) => sum + (g.elpd - mean) ** 2, 0);
  return { elpd: total, se: Math.sqrt(squares), groups: groups.map(({ group, elpd: own }) => ({ group, elpd: own })) };
}
