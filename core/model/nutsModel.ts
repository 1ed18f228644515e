/**
 * A model as NUTS samples it: planned once (mode, metric, coordinates, expansion: plain numbers that any worker can be sent),
 * then a target in each chain.
 */
import type { KernelMemory } from '../kernels/kernels.ts';
import { sqrt } from '../math/elementary.ts';
import type { Target } from '../sampler/chain.ts';
import { Rng } from '../sampler/rng.ts';
import type { Steps } from '../steps.ts';
import { Arrow, type ArrowData, whiteningOf } from './arrow.ts';
import { type Coordinates, coordinatesOf, ROLE } from './coordinates.ts';
import type { Design, ModelData } from './design.ts';
import { gaussianLikelihood } from './gaussianLikelihood.ts';
import { Hierarchy, type Reference } from './hierarchy.ts';
import { blockStarts, type Likelihood } from './likelihood.ts';
import { findMode } from './mode.ts';
import { listParameters } from './parameters.ts';
import { RowLikelihood } from './rowLikelihood.ts';
import { scalarsOf } from './scalars.ts';
import { type Expansion, expandRows, SurrogateLikelihood } from './surrogate.ts';
import { isExpandable } from './taylor.ts';

const PROBES = 16;
const PROBE_SPREAD = 1.2;
/** A stream of random numbers that no chain uses. */
const PROBING_STREAM = 0xffff_fff0;

/** What the chains of a fit share. Plain data: it may be cloned to workers. */
export interface NutsPlan {
  /** What the coordinates are made with. */
  readonly reference: Reference;
  readonly mode: Float64Array;
  /** The factored precision at the mode. */
  readonly precision: ArrowData;
  /** `null`: trajectories follow the rows, or the statistics, themselves. */
  readonly expansion: Expansion | null;
}

/** Finds the mode and what hangs on it, in some tens of passes over the rows. */
export function* planNuts(design: Design, data: ModelData): Steps<NutsPlan> {
  const coordinates = coordinatesOf(design);
  const likelihood = likelihoodOf(design, data, coordinates);
  const { reference, position, precision } = yield* findMode(coordinates, likelihood, scaleOfData(design, data));
  const { start, dimension, blocks, borders, corner } = precision;
  let expansion: Expansion | null = null;
  if (likelihood instanceof RowLikelihood && isExpandable(design.family)) {
    const there = new Hierarchy(coordinates, likelihood, reference);
    const draws = coefficientsNear(there, position, precision);
    there.place(position);
    yield;
    expansion = yield* expandRows(design.family, likelihood, there.beta.slice(), precisionOfCells(there), draws);
  }
  return { reference, mode: position, precision: { start, dimension, blocks, borders, corner }, expansion };
}

/** The target of one chain. */
export function nutsTarget(design: Design, data: ModelData, plan: NutsPlan, memory?: (bytes: number) => KernelMemory): Target {
  const coordinates = coordinatesOf(design);
  const likelihood = likelihoodOf(design, data, coordinates, memory);
  const density = new Hierarchy(coordinates, likelihood, plan.reference);
  const scalars = scalarsOf(design, listParameters(design));
  const surrogate =
    plan.expansion !== null && likelihood instanceof RowLikelihood
      ? new Hierarchy(coordinates, new SurrogateLikelihood(likelihood, plan.expansion), plan.reference)
      : null;
  return {
    density,
    surrogate,
    centre: plan.mode,
    map: whiteningOf(new Arrow(plan.precision.start, plan.precision.dimension, plan.precision)),
    width: scalars.width,
    constrain: (position, _place, out) => scalars.constrain(density, position, out),
  };
}

function likelihoodOf(design: Design, data: ModelData, { cells }: Coordinates, memory?: (bytes: number) => KernelMemory): Likelihood {
  if (design.family !== 'gaussian') return new RowLikelihood(design, cells, data.rows, memory);
  if (data.statistics === null) throw new Error('A Gaussian model needs its statistics.');
  return gaussianLikelihood(design, cells, data.statistics);
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

/** Coefficients at draws from the normal approximation, a little widened: where an expansion has to hold. */
function coefficientsNear(h: Hierarchy, mode: Float64Array, precision: Arrow): Float64Array[] {
  const rng = Rng.of(0, PROBING_STREAM);
  const z = new Float64Array(h.dimension);
  return Array.from({ length: PROBES }, () => {
    for (let i = 0; i < z.length; i++) z[i] = PROBE_SPREAD * rng.normal();
    precision.upper(z, z);
    for (let i = 0; i < z.length; i++) z[i] += mode[i];
    h.place(z);
    return h.beta.slice();
  });
}

/** Each group's precision about its coefficients, given what groups share: the rows' information and the pooling's. */
function precisionOfCells(h: Hierarchy): Float64Array {
  const { cells, terms } = h.coordinates;
  const starts = blockStarts(cells);
  const blocks = new Float64Array(starts[starts.length - 1]);
  h.likelihood.information(h.beta, h.parameters, blocks, new Float64Array(starts.length - 1));
  for (let c = 0; c < cells.count; c++) {
    const g = cells.group[c];
    const k = cells.start[g + 1] - cells.start[g];
    const i = c - cells.start[g];
    if (terms[cells.term[c]].role === ROLE.partial) blocks[starts[g] + i * k + i] += 1 / h.terms[cells.term[c]].tau ** 2;
  }
  return blocks;
}
