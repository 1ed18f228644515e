/** Points over the log scales of a collapsed model, with weights, that stand for their posterior. */

import { isFixed, logPrior, priorCdf } from '../../design/priors.ts';
import { exp, log } from '../../math/elementary.ts';
import type { CollapsedModel } from '../../model/collapsed/model.ts';
import { constrain, unconstrain } from '../../model/transforms.ts';
import type { Prior } from '../../spec/types.ts';
import { meanOf, varianceOf } from '../diagnose/chains.ts';
import type { Fitted } from '../predict/lookup.ts';
import { drawsAt, lookupOf } from '../predict/lookup.ts';
import { logGroupMarginal } from './groupOut.ts';

export interface ScaleNodes {
  /** `known`: no scale is free. `quadrature`: exact. `draws`: of the posterior, which count alike. */
  readonly kind: 'known' | 'quadrature' | 'draws';
  /** Unconstrained positions. */
  readonly positions: readonly Float64Array[];
  /** Of a quadrature, and of what a group's rows depend on: log of each node's share of the posterior, up to a constant; else `null`. */
  readonly logWeight: ((group: number) => Float64Array) | null;
  /** Where every group has a scale of its own and nothing else is unknown that they share: log of the prior's share of each node; else `null`. */
  readonly logPrior: ((group: number) => Float64Array) | null;
}

/** Steps a posterior sd of the log scale; the trapezoid rule is exact to the last digits for a smooth density at half of this. */
const STEPS_PER_SD = 10;
/** Far enough also for the posterior without a row or a group, which is wider; further out where that has not died away yet. */
const LOG_CUTOFFS = [-120, -700] as const;
const MOST_STEPS = 4000;

export interface NodeOptions {
  /** Draws at the most, evenly thinned; all when left out. */
  readonly most?: number;
  /** Nodes of a quadrature reach where the posterior is e^−700 of its top, not e^−120: for what is left out and leaves hardly anything. */
  readonly wide?: boolean;
}

/**
 * No scale: one node. One, or one of each group's own where nothing else ties the groups together: quadrature, exact to about 1e-10. Else draws.
 */
export function scaleNodes(
  model: CollapsedModel,
  fitted: Fitted,
  { most = Number.POSITIVE_INFINITY, wide = false }: NodeOptions = {},
): ScaleNodes {
  if (model.dimension === 0) return { kind: 'known', positions: [new Float64Array(0)], logWeight: null, logPrior: null };
  const draws = positionsOf(model, fitted);
  const cutoff = LOG_CUTOFFS[wide ? 1 : 0];
  if (model.dimension === 1) return overOne(model, draws, cutoff);
  if (areApart(model)) return overEach(model, draws, cutoff);
  const stride = Math.max(1, Math.ceil(draws.length / most));
  return { kind: 'draws', positions: draws.filter((_, s) => s % stride === 0), logWeight: null, logPrior: null };
}

/** Whether every group has a scale of its own and shares nothing that is unknown with the others. */
const areApart = ({ free, layout }: CollapsedModel): boolean =>
  layout.shared.length === 0 && free.length === layout.groups.length && free.every((f) => f.kind === 'scale' && f.index >= 0);

/** Draws of the scales as positions of the model. */
export function positionsOf(model: CollapsedModel, { design, parameters, draws }: Fitted): Float64Array[] {
  const lookup = lookupOf(design, parameters);
  const columns = model.free.map((f) => drawsAt(draws, f.kind === 'tau' ? lookup.tau[f.index] : lookup.scale[Math.max(0, f.index)])!);
  const size = draws.chains * draws.draws;
  return Array.from({ length: size }, (_, s) => Float64Array.from(model.free, (f, i) => unconstrain(f.transform, columns[i][s])));
}

function overOne(model: CollapsedModel, draws: readonly Float64Array[], cutoff: number): ScaleNodes {
  const values = Float64Array.from(draws, (position) => position[0]);
  const [centre, step] = [meanOf(values), (Math.sqrt(varianceOf(values)) || 0.1) / STEPS_PER_SD];
  const nodes = walk(cutoff, (t) => {
    const position = Float64Array.of(centre + t * step);
    return { position, values: [model.valueAt(position)] };
  });
  const weights = Float64Array.from(nodes, (node) => node.values[0]);
  return { kind: 'quadrature', positions: nodes.map((node) => node.position), logWeight: () => weights, logPrior: null };
}

/** All groups walk at once, each in steps of its own scale's sd: a solution tells of every group at its own scale. */
function overEach(model: CollapsedModel, draws: readonly Float64Array[], cutoff: number): ScaleNodes {
  const { free, sigma, layout } = model;
  const logs = free.map((f, i) => Float64Array.from(draws, (position) => log(constrain(f.transform, position[i]))));
  const centre = logs.map((values) => meanOf(values));
  const step = logs.map((values) => (Math.sqrt(varianceOf(values)) || 0.1) / STEPS_PER_SD);
  const nodes = walk(cutoff, (t) => {
    const position = Float64Array.from(free, (f, i) => unconstrain(f.transform, exp(centre[i] + t * step[i])));
    const solved = model.solveAt(position);
    const prior = free.map(({ index, prior: own }, i) =>
      isFixed(own) ? Number.NaN : logPrior(own, sigma[index]) + log(sigma[index] * step[i]),
    );
    const values = free.map(({ index }, i) =>
      solved && layout.groups[index].weight > 0 ? prior[i] + logGroupMarginal(model, index) : Number.NaN,
    );
    return { position, values, prior };
  });
  const priors = free.map(({ prior }, i) => Float64Array.from(nodes, (node) => node.prior[i] - logMass(prior)));
  const weights = free.map((_, i) => Float64Array.from(nodes, (node) => node.values[i]));
  const places = layout.groups.map((_, g) => free.findIndex((f) => f.index === g));
  return {
    kind: 'quadrature',
    positions: nodes.map((node) => node.position),
    logWeight: (g) => weights[places[g]],
    logPrior: (g) => priors[places[g]],
  };
}

/** log of the share of a prior that is above 0; NaN under `flat()`. */
const logMass = (prior: Prior): number => (isFixed(prior) ? Number.NaN : log(1 - priorCdf(prior, 0)));

interface Node {
  readonly position: Float64Array;
  /** Log densities; NaN for what is not looked at. */
  readonly values: readonly number[];
}

/** Nodes in order, from step 0 both ways to where every one of the values has fallen below its top by the cutoff. */
function walk<N extends Node>(cutoff: number, at: (t: number) => N): N[] {
  const start = at(0);
  const top = start.values.slice();
  const sides = [-1, 1].map((direction) => {
    const nodes: N[] = [];
    for (let t = 1; t <= MOST_STEPS; t++) {
      const node = at(direction * t);
      if (!node.values.some((value, i) => value > top[i] + cutoff)) break;
      for (const [i, value] of node.values.entries()) if (value > top[i]) top[i] = value;
      nodes.push(node);
    }
    return nodes;
  });
  return [...sides[0].reverse(), start, ...sides[1]];
}
