/** The collapsed Gaussian as something a chain can sample: planned once, then a target in each thread. */

import type { Design, GroupStatistics, Parameter } from '../../design/design.ts';
import { listParameters } from '../../design/parameters.ts';
import { isFixed, locationAndSpread } from '../../design/priors.ts';
import type { Steps } from '../../math/steps.ts';
import type { Target } from '../../sampler/chain.ts';
import { StartError } from '../../sampler/chain.ts';
import { findMode, normalMap, precisionAt } from '../../sampler/mode.ts';
import { findModes, LOG_SPREAD, type Mode, type ModeSearch } from '../../sampler/modes.ts';
import { FROM_FOLD, findWarp, UNBENT, type Warp } from '../../sampler/warp.ts';
import { constrain, foldAt, unconstrain } from '../transforms.ts';
import { CollapsedDraws } from './draw.ts';
import { CollapsedModel } from './model.ts';

/** What the chains of a fit share. Plain data: it may be cloned to workers. */
export interface CollapsedPlan {
  /** What the scales are folded with. */
  readonly spreads: Float64Array;
  readonly modes: readonly Mode[];
  /** The negative Hessian at the first mode, as `precisionAt` has it. */
  readonly precision: Float64Array;
  readonly warp: Warp;
}

/** A target, and what made it, for exact leave-one-out and for going on from a place. */
export interface CollapsedTarget extends Target {
  readonly model: CollapsedModel;
}

/**
 * Finds the mode and what hangs on it, a step a pass over the groups.
 * @throws StartError when the posterior is improper: a flat prior on a coefficient that the data say nothing about.
 */
export function* planCollapsed(design: Design, statistics: readonly GroupStatistics[]): Steps<CollapsedPlan> {
  const model = new CollapsedModel(design, statistics);
  yield;
  const start = startOf(model, statistics);
  const draws = new CollapsedDraws(model, listParameters(design));
  if (start.length === 0) {
    if (!model.solveAt(start)) throw improper();
    return {
      spreads: start,
      modes: [{ position: start, share: 1, values: draws.scalesAt(start) }],
      precision: new Float64Array(0),
      warp: UNBENT,
    };
  }
  const found = yield* findModes(searchOf(model, start), statistics.length > MANY_GROUPS ? STARTS_MANY_GROUPS : STARTS);
  if (found === null) throw improper();
  const sizes = found.map(({ position }) => Float64Array.from(model.free, (f, i) => constrain(f.transform, position[i])));
  const spreads = Float64Array.from(model.free, (f, i) => foldAt(f.kind === 'tau', sizes[0][i]));
  model.fold(spreads);
  const modes = found.map(({ share }, m): Mode => {
    const position = Float64Array.from(model.free, (f, i) => unconstrain(f.transform, sizes[m][i]));
    return { position, share, values: draws.scalesAt(position) };
  });
  const [{ position }] = modes;
  const warp = yield* findWarp(model, position, [...model.free.keys()], FROM_FOLD);
  return { spreads, modes, precision: yield* precisionAt(model, position), warp };
}

/** Places that modes are looked for from; fewer with many groups, which leave scales little doubt. */
const STARTS = 20;
const STARTS_MANY_GROUPS = 4;
const MANY_GROUPS = 500;

/** In logs of scales, before they are folded. */
const searchOf = (model: CollapsedModel, start: Float64Array): ModeSearch => ({
  dimension: start.length,
  scaled: [...start.keys()],
  *climb(away) {
    const begin = away === null ? start : away.from.map((v, i) => v + Math.min(LOG_SPREAD, Math.max(-LOG_SPREAD, away.by[i])));
    return yield* findMode(model, begin, away?.arrived);
  },
  *normalAt(position) {
    const map = normalMap(yield* precisionAt(model, position), start.length);
    return { value: model.valueAt(position), map };
  },
});

/** The target of one thread's chains, its axes not bent. */
export function collapsedTarget(
  design: Design,
  statistics: readonly GroupStatistics[],
  parameters: readonly Parameter[],
  { spreads, modes, precision }: CollapsedPlan,
): CollapsedTarget {
  const model = new CollapsedModel(design, statistics, spreads);
  const draws = new CollapsedDraws(model, parameters);
  return {
    model,
    density: model,
    centre: modes[0].position,
    modes: modes.map((m) => m.position),
    map: normalMap(precision, modes[0].position.length),
    width: draws.width,
    constrain: (position, place, out) => draws.draw(position, place, out),
  };
}

const improper = (): StartError =>
  new StartError(
    'The posterior is improper: a coefficient with a flat prior that the data cannot determine; give it a proper prior, or mask it.',
  );

/** Scales near the response's own spread; taus near their priors' typical size. */
function startOf(model: CollapsedModel, statistics: readonly GroupStatistics[]): Float64Array {
  const weight = statistics.reduce((sum, s) => sum + s.weight, 0);
  const spread = Math.sqrt(statistics.reduce((sum, s) => sum + s.yy, 0) / Math.max(weight, 1)) || 1;
  return Float64Array.from(model.free, (f) => {
    const prior = isFixed(f.prior) ? 1 : locationAndSpread(f.prior).spread;
    const typical = Number.isFinite(prior) && prior > 0 ? prior : 1;
    return unconstrain(f.transform, f.kind === 'scale' ? spread : Math.min(typical, 10 * spread));
  });
}
