/** The collapsed Gaussian as something a chain can sample: planned once, then a target in each thread. */
import type { Target } from '../../sampler/chain.ts';
import { StartError } from '../../sampler/chain.ts';
import { findMode, normalMap, precisionAt } from '../../sampler/mode.ts';
import { findModes, LOG_SPREAD, type Mode, type ModeSearch } from '../../sampler/modes.ts';
import type { LinearMap } from '../../sampler/whitening.ts';
import type { Steps } from '../../steps.ts';
import type { Design, GroupStatistics, Parameter } from '../design.ts';
import { listParameters } from '../parameters.ts';
import { isFixed, locationAndSpread } from '../priors.ts';
import { constrain, SCALE_FOLD, unconstrain } from '../transforms.ts';
import { CollapsedDraws } from './draw.ts';
import { CollapsedModel } from './model.ts';

/** What the chains of a fit share. Plain data: it may be cloned to workers. */
export interface CollapsedPlan {
  /** What the scales are folded with. */
  readonly spreads: Float64Array;
  readonly modes: readonly Mode[];
  /** The negative Hessian at the first mode, as `precisionAt` has it. */
  readonly precision: Float64Array;
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
    return { spreads: start, modes: [{ position: start, share: 1, values: draws.scalesAt(start) }], precision: new Float64Array(0) };
  }
  const found = yield* findModes(searchOf(model, start), statistics.length > MANY_GROUPS ? STARTS_MANY_GROUPS : STARTS);
  if (found === null) throw improper();
  const sizes = found.map(({ place }) => Float64Array.from(model.free, (f, i) => constrain(f.transform, place.position[i])));
  const spreads = Float64Array.from(model.free, (f, i) => (f.kind === 'tau' ? 1 : SCALE_FOLD) * sizes[0][i]);
  model.fold(spreads);
  const modes = found.map(({ share }, m): Mode => {
    const position = Float64Array.from(model.free, (f, i) => unconstrain(f.transform, sizes[m][i]));
    return { position, share, values: draws.scalesAt(position) };
  });
  return { spreads, modes, precision: yield* precisionAt(model, modes[0].position) };
}

/** Places that modes are looked for from; fewer with many groups, which leave scales little doubt. */
const STARTS = 20;
const STARTS_MANY_GROUPS = 4;
const MANY_GROUPS = 500;

interface Place {
  readonly position: Float64Array;
  /** Once its mass is known. */
  map: LinearMap | null;
}

/** In logs of scales, before they are folded. */
function searchOf(model: CollapsedModel, start: Float64Array): ModeSearch<Place> {
  const d = start.length;
  let first: Place | null = null;
  return {
    dimension: d,
    *search(z) {
      const begin = start.slice();
      if (z !== null) {
        first!.map!.apply(z, begin);
        for (let i = 0; i < d; i++) begin[i] = first!.position[i] + Math.min(LOG_SPREAD, Math.max(-LOG_SPREAD, begin[i]));
      }
      const position = yield* findMode(model, begin);
      if (position === null) return null;
      const place = { position, map: null };
      first ??= place;
      return place;
    },
    *logMass(place) {
      place.map = normalMap(yield* precisionAt(model, place.position), d);
      return model.valueAt(place.position) + place.map.logDeterminant;
    },
    whiten(place, mode) {
      const z = new Float64Array(d);
      mode.map!.applyInverse(
        place.position.map((v, i) => v - mode.position[i]),
        z,
      );
      return z;
    },
  };
}

/** The target of one thread's chains. */
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
