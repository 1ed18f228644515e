/** The collapsed Gaussian as something a chain can sample: planned once, then a target in each thread. */
import { type AxisExpansion, AxisSurrogate, expandAlongAxes } from '../../sampler/axisSurrogate.ts';
import type { Target } from '../../sampler/chain.ts';
import { StartError } from '../../sampler/chain.ts';
import { findMode, normalMap, precisionAt } from '../../sampler/mode.ts';
import type { Steps } from '../../steps.ts';
import type { Design, GroupStatistics, Parameter } from '../design.ts';
import { isFixed, locationAndSpread } from '../priors.ts';
import { unconstrain } from '../transforms.ts';
import { CollapsedDraws } from './draw.ts';
import { CollapsedModel } from './model.ts';

/** What the chains of a fit share. Plain data: it may be cloned to workers. */
export interface CollapsedPlan {
  readonly mode: Float64Array;
  /** The negative Hessian there, as `precisionAt` has it. */
  readonly precision: Float64Array;
  /** `null`: trajectories follow the density itself. */
  readonly expansion: AxisExpansion | null;
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
  if (start.length === 0) {
    if (!model.solveAt(start)) throw improper();
    return { mode: start, precision: new Float64Array(0), expansion: null };
  }
  const mode = yield* findMode(model, start);
  if (!mode) throw improper();
  const precision = yield* precisionAt(model, mode);
  return { mode, precision, expansion: yield* expandAlongAxes(model, mode, precision) };
}

/** The target of one thread's chains. */
export function collapsedTarget(
  design: Design,
  statistics: readonly GroupStatistics[],
  parameters: readonly Parameter[],
  { mode, precision, expansion }: CollapsedPlan,
): CollapsedTarget {
  const model = new CollapsedModel(design, statistics);
  const draws = new CollapsedDraws(model, parameters);
  return {
    model,
    density: model,
    surrogate: expansion && new AxisSurrogate(expansion),
    centre: mode,
    map: normalMap(precision, mode.length),
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
