/** Simulation-based calibration of a user's own spec: simulate from its priors, fit, rank; round after round. */

import { setImmediate as breathe } from 'node:timers/promises';
import type { Design, ModelData } from '../../core/design/design.ts';
import { listParameters } from '../../core/design/parameters.ts';
import { groupStatistics } from '../../core/design/statistics.ts';
import { familyOf } from '../../core/families/index.ts';
import { flatParameters } from '../../core/posterior/calibrate/prior.ts';
import { Calibration, type CalibrationReport, simulate } from '../../core/posterior/calibrate/sbc.ts';
import type { Draws } from '../../core/sampler/types.ts';
import type { Problem } from '../../core/spec/problem.ts';
import type { SamplerSpec } from '../../core/spec/types.ts';
import type { SpecSource } from '../../protocol/engine.ts';
import { ProblemError } from '../errors.ts';
import type { Preparer } from '../read/prepare.ts';
import { joinChains } from '../sample/draws.ts';
import { runChain } from '../sample/turns.ts';
import { targetOf, workFor } from '../sample/work.ts';
import { unlessStopped } from '../stoppable.ts';
import { atLeisure } from '../threads/leisure.ts';

export interface CalibrationWatch {
  readonly progress: (done: number, total: number) => void;
  /** Shared; 1 stops: the rounds so far become the report. */
  readonly stop: Int32Array;
}

export type CalibrationOutcome =
  | { readonly kind: 'calibrated'; readonly report: CalibrationReport; readonly stopped: boolean }
  | { readonly kind: 'refused'; readonly source: SpecSource; readonly problems: readonly Problem[] }
  | { readonly kind: 'cancelled' };

/** Thinned four or five to one: ranks count draws as independent, and neighbours in a chain are not. */
const PLANS = { collapsed: { warmup: 100, draws: 396 }, nuts: { warmup: 300, draws: 495 } } as const;
const SLICE_MS = 40;

/**
 * @param fitted Another spec of the same groups and terms to fit with, for trying whether a wrong model is noticed; else the same.
 */
export async function calibrate(
  preparer: Preparer,
  source: SpecSource,
  fitted: SpecSource | null,
  rounds: number,
  watch: CalibrationWatch,
): Promise<CalibrationOutcome> {
  const prepared = await unlessStopped((signal) => preparer.prepare(source, {}, signal), watch.stop);
  if (prepared === null) return { kind: 'cancelled' };
  if (!('spec' in prepared)) return { kind: 'refused', source, problems: prepared };
  const other = fitted ? await unlessStopped((signal) => preparer.prepare(fitted, {}, signal), watch.stop) : prepared;
  if (other === null) return { kind: 'cancelled' };
  if (!('spec' in other)) return { kind: 'refused', source: fitted!, problems: other };
  const { design, data, spec } = prepared;
  const parameters = listParameters(design);
  const flat = flatParameters(parameters);
  if (flat.length > 0)
    throw new ProblemError(
      `Calibration simulates from the priors, and a flat one cannot be drawn from: give ${flat.slice(0, 3).join(', ')} a proper prior.`,
    );
  if (!data.complete)
    throw new ProblemError(
      `Calibration refits every row in every round; ${data.counts.used} rows are too many: narrow them down with "where".`,
    );
  const fitParameters = listParameters(other.design);
  if (
    fitParameters.length !== parameters.length ||
    fitParameters.some((p, i) => p.name !== parameters[i].name || p.index !== parameters[i].index)
  ) {
    throw new ProblemError('The two specs do not have the same parameters, so their ranks cannot be compared.');
  }
  const calibration = new Calibration(design, parameters, spec.sampler.seed);
  let breath = performance.now();
  let done = 0;
  for (; done < rounds && Atomics.load(watch.stop, 0) === 0; done++) {
    const simulated = simulate(design, parameters, data.rows, spec.sampler.seed, done);
    if (simulated === null) calibration.omit();
    else {
      const refit = withResponses(data, design, simulated.rows);
      const draws = await sampleOnce(other.design, refit, spec.sampler, done, () => Atomics.load(watch.stop, 0) === 1);
      if (draws === null) break;
      calibration.add(done, simulated, draws, parameters);
    }
    if (performance.now() - breath > SLICE_MS) {
      watch.progress(done + 1, rounds);
      await breathe();
      breath = performance.now();
    }
  }
  if (done === 0) return { kind: 'cancelled' };
  return { kind: 'calibrated', report: calibration.report(), stopped: done < rounds };
}

/** The same rows with other responses. */
export function withResponses(data: ModelData, design: Design, rows: ModelData['rows']): ModelData {
  return { ...data, rows, statistics: familyOf(design.family).likelihood === 'statistics' ? groupStatistics(design, rows) : null };
}

/** One chain on one simulated data set, breathing on the way; `null` when it was stopped. */
export async function sampleOnce(
  design: Design,
  data: ModelData,
  sampler: SamplerSpec,
  round: number,
  stopped: () => boolean,
): Promise<Draws | null> {
  const work = await atLeisure(workFor(design, data), stopped);
  if (work === null) return null;
  const target = targetOf(work);
  const { warmup, draws } = PLANS[work.method];
  const settings = { seed: sampler.seed + round, chain: 0, warmup, targetAccept: sampler.target_accept, maxDepth: sampler.max_treedepth };
  const result = await atLeisure(runChain(target, { settings, draws, resume: null }, stopped));
  return result === null || result.draws < draws ? null : joinChains([result], target.width);
}
