/**
 * A model as NUTS samples it: planned once (mode, metric, coordinates: plain numbers that any worker can be sent),
 * then a target in each chain.
 */

import type { Design, ModelData } from '../design/design.ts';
import { listParameters } from '../design/parameters.ts';
import { isFixed } from '../design/priors.ts';
import { familyOf } from '../families/index.ts';
import type { KernelMemory } from '../kernels/kernels.ts';
import { sqrt } from '../math/elementary.ts';
import type { Steps } from '../math/steps.ts';
import type { Target } from '../sampler/chain.ts';
import type { Mode } from '../sampler/modes.ts';
import type { Warp } from '../sampler/warp.ts';
import { Arrow, type ArrowData, whiteningOf } from './arrow.ts';
import { type Coordinates, coordinatesOf } from './coordinates.ts';
import { Hierarchy, type Reference } from './hierarchy.ts';
import { RowLikelihood } from './likelihood/kernel.ts';
import type { Likelihood } from './likelihood/likelihood.ts';
import { plainLikelihood } from './likelihood/plain.ts';
import { gaussianLikelihood } from './likelihood/statistics.ts';
import { locate } from './mode.ts';
import { scalarsOf } from './scalars.ts';

/** What the chains of a fit share. Plain data: it may be cloned to workers. */
export interface NutsPlan {
  /** What the coordinates are made with. */
  readonly reference: Reference;
  readonly spreads: Float64Array;
  readonly modes: readonly Mode[];
  /** The factored precision at the first mode. */
  readonly precision: ArrowData;
  readonly warp: Warp;
}

/** Finds the mode and what hangs on it, in some tens of passes over the rows. */
export function* planNuts(design: Design, data: ModelData): Steps<NutsPlan> {
  const coordinates = coordinatesOf(design);
  const likelihood = likelihoodOf(design, data, coordinates);
  const found = yield* locate(design, coordinates, likelihood, scaleOfData(design, data), startsFor(design, data));
  const { reference, spreads, modes, precision, warp } = found;
  const { start, dimension, blocks, borders, corner } = precision;
  return { reference, spreads, modes, precision: { start, dimension, blocks, borders, corner }, warp };
}

/** The target of one chain, its axes not bent. */
export function nutsTarget(design: Design, data: ModelData, plan: NutsPlan, memory?: (bytes: number) => KernelMemory): Target {
  const coordinates = coordinatesOf(design, plan.spreads);
  const likelihood = likelihoodOf(design, data, coordinates, memory);
  const density = new Hierarchy(coordinates, likelihood, plan.reference);
  const scalars = scalarsOf(design, listParameters(design));
  return {
    density,
    centre: plan.modes[0].position,
    modes: plan.modes.map((m) => m.position),
    map: whiteningOf(new Arrow(plan.precision.start, plan.precision.dimension, plan.precision)),
    width: scalars.width,
    constrain: (position, _place, out) => scalars.constrain(density, position, out),
  };
}

function likelihoodOf(design: Design, data: ModelData, { cells }: Coordinates, memory?: (bytes: number) => KernelMemory): Likelihood {
  const { likelihood } = familyOf(design.family);
  if (likelihood === 'plain') return plainLikelihood(design, cells, data.rows);
  if (likelihood !== 'statistics') return new RowLikelihood(design, cells, data.rows, likelihood, memory);
  if (data.statistics === null) throw new Error('A Gaussian model needs its statistics.');
  return gaussianLikelihood(design, cells, data.statistics);
}

/** Places that modes are looked for from; fewer over many rows. */
const STARTS = 20;
const STARTS_MANY_ROWS = 8;
const MANY_ROWS = 20_000;
const LOG_CONCAVE: ReadonlySet<string> = new Set(['normal', 'laplace', 'flat', 'uniform']);

/** How many: none where, scales aside, likelihood and priors are log-concave, so that there is one mode. */
function startsFor(design: Design, { rows }: ModelData): number {
  const concave = familyOf(design.family).logConcave && design.terms.every((t) => isFixed(t.prior) || LOG_CONCAVE.has(t.prior.dist));
  return concave ? 0 : rows.n > MANY_ROWS ? STARTS_MANY_ROWS : STARTS;
}

/** Where a scale starts: the responses' sd about their groups' means. */
function scaleOfData(design: Design, { rows, statistics }: ModelData): number {
  if (design.scale === null) return 1;
  if (statistics !== null) {
    const weight = statistics.reduce((sum, s) => sum + s.weight, 0);
    return sqrt(statistics.reduce((sum, s) => sum + s.yy, 0) / Math.max(1, weight));
  }
  const groups = design.groups.length;
  const counts = new Float64Array(groups);
  const means = new Float64Array(groups);
  for (let i = 0; i < rows.n; i++) means[rows.group[i]] += (rows.y[i] - means[rows.group[i]]) / ++counts[rows.group[i]];
  let squares = 0;
  for (let i = 0; i < rows.n; i++) squares += (rows.y[i] - means[rows.group[i]]) ** 2;
  return sqrt(squares / Math.max(1, rows.n));
}
