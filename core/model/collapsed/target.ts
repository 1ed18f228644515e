/** The collapsed Gaussian as something a chain can sample. */

import { axisSurrogate } from '../../sampler/axisSurrogate.ts';
import type { Target } from '../../sampler/chain.ts';
import { StartError } from '../../sampler/chain.ts';
import { findMode, normalAt } from '../../sampler/mode.ts';
import { identityMap } from '../../sampler/whitening.ts';
import type { Design, GroupStatistics, Parameter } from '../design.ts';
import { isFixed, locationAndSpread } from '../priors.ts';
import { unconstrain } from '../transforms.ts';
import { CollapsedDraws } from './draw.ts';
import { CollapsedModel } from './model.ts';

/** A target, and what made it, for exact leave-one-out and for going on from a place. */
export interface CollapsedTarget extends Target {
  readonly model: CollapsedModel;
}

/**
 * @throws StartError when the posterior is improper: a flat prior on a coefficient that the data say nothing about.
 */
export function collapsedTarget(design: Design, statistics: readonly GroupStatistics[], parameters: readonly Parameter[]): CollapsedTarget {
  const model = new CollapsedModel(design, statistics);
  const draws = new CollapsedDraws(model, parameters);
  const constrain: Target['constrain'] = (position, place, out) => draws.draw(position, place, out);
  const base = { model, density: model, width: draws.width, constrain };
  const start = startOf(model, statistics);
  if (start.length === 0) {
    if (!model.solveAt(start)) throw improper();
    return { ...base, surrogate: null, centre: start, map: identityMap(0) };
  }
  const mode = findMode(model, start);
  if (!mode) throw improper();
  const { map, precision } = normalAt(model, mode);
  const surrogate = precision === null ? null : axisSurrogate(model, mode, precision, map);
  return { ...base, surrogate, centre: mode, map };
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
