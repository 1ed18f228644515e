import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listParameters } from '../../../core/design/parameters.ts';
import { isFixed, logPrior } from '../../../core/design/priors.ts';
import type { KernelForm } from '../../../core/families/family.ts';
import { familyOf } from '../../../core/families/index.ts';
import { choleskyInPlace } from '../../../core/math/linalg.ts';
import { Rng } from '../../../core/math/rng.ts';
import type { AnchorMoves } from '../../../core/model/anchors.ts';
import { type Coordinates, coordinatesOf, ROLE, type Slot } from '../../../core/model/coordinates.ts';
import type { CoupledReference } from '../../../core/model/coupled.ts';
import { Hierarchy } from '../../../core/model/hierarchy.ts';
import { RowLikelihood } from '../../../core/model/likelihood/kernel.ts';
import { gaussianLikelihood } from '../../../core/model/likelihood/statistics.ts';
import { scalarsOf } from '../../../core/model/scalars.ts';
import { slope } from '../../../core/model/transforms.ts';
import type { Distribution } from '../../../core/spec/types.ts';
import { logLikelihoodByHand, type Options, options, type Problem, problemOf } from './randomModel.ts';

function hierarchyOf(problem: Problem, seed: number): Hierarchy {
  const dimension = coordinatesOf(problem.design).dimension;
  // Half of the problems with their scales folded.
  const coordinates = coordinatesOf(problem.design, seed % 2 === 0 ? null : new Float64Array(dimension).fill(0.8));
  const { cells } = coordinates;
  const likelihood =
    problem.statistics === null
      ? new RowLikelihood(problem.design, cells, problem.rows, familyOf(problem.design.family).likelihood as KernelForm)
      : gaussianLikelihood(problem.design, cells, problem.statistics);
  const rng = Rng.of(seed, 77);
  const reference = {
    information: Float64Array.from({ length: cells.count }, () => [0, 0.4, 30][Math.floor(3 * rng.uniform())]),
    estimate: Float64Array.from({ length: cells.count }, () => rng.normal()),
    muPrecision: Float64Array.from(coordinates.terms, (slots) =>
      slots.role === ROLE.partial && slots.mu.transform.kind === 'identity' ? [-1, 0.2, 1][Math.floor(3 * rng.uniform())] : -1,
    ),
    muLocation: Float64Array.from(coordinates.terms, () => rng.normal()),
    coupled: coupledOf(coordinates, rng),
    moves: movesOf(coordinates, rng),
  };
  return new Hierarchy(coordinates, likelihood, reference);
}

const canBeCoupled = ({ prior, transform }: Slot): boolean => !isFixed(prior) && prior.dist !== 'flat' && transform.kind === 'identity';

/** In half of the problems anchors that move with the completely pooled terms. */
function movesOf({ cells, terms }: Coordinates, rng: Rng): AnchorMoves | null {
  const moving = [...terms.keys()].filter((t) => {
    const slots = terms[t];
    return slots.role === ROLE.complete && slots.slot.at >= 0;
  });
  if (moving.length === 0 || rng.uniform() < 0.5) return null;
  const numbers = (n: number): Float64Array => Float64Array.from({ length: n }, () => rng.normal());
  return { terms: Int32Array.from(moving), at: numbers(moving.length), slopes: numbers(moving.length * cells.count) };
}

/** Some groups coupled, with a random precision of random rank, some of it singular. */
function coupledOf({ cells, terms }: Coordinates, rng: Rng): CoupledReference | null {
  const groups = Array.from({ length: cells.start.length - 1 }, (_, g) =>
    Array.from({ length: cells.start[g + 1] - cells.start[g] }, (_, i) => cells.start[g] + i).filter((c) => {
      const slots = terms[cells.term[c]];
      return slots.role === ROLE.partial || (slots.role === ROLE.own && canBeCoupled(slots.slot) && rng.uniform() < 0.5);
    }),
  ).filter((members) => members.length > 0 && rng.uniform() < 0.5);
  if (groups.length === 0) return null;
  const blocks = groups.map((members) => {
    const rows = Array.from({ length: 1 + Math.floor(4 * rng.uniform()) }, () => members.map(() => rng.normal()));
    return members.flatMap((_, i) => members.map((_, j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)));
  });
  const start = [0];
  for (const members of groups) start.push(start[start.length - 1] + members.length);
  return {
    start: Int32Array.from(start),
    cells: Int32Array.from(groups.flat()),
    information: Float64Array.from(blocks.flat()),
    score: Float64Array.from(groups.flat(), () => rng.normal()),
  };
}

function positionOf(hierarchy: Hierarchy, seed: number): Float64Array {
  const position = new Float64Array(hierarchy.dimension);
  Rng.of(seed, 5).normals(position);
  return position.map((u) => 0.7 * u);
}

/** The log posterior from the scalars: rows one by one, priors, Jacobians. */
function byHand(problem: Problem, h: Hierarchy, position: Float64Array): number {
  h.place(position);
  const { cells, cell, terms, scales, scaleByGroup, own } = h.coordinates;
  let total = logLikelihoodByHand(problem, h.beta, h.parameters.scale, h.parameters.own);
  const slot = (s: Slot, value: number): number =>
    isFixed(s.prior) || s.at < 0 ? 0 : logPrior(s.prior, value) + Math.log(Math.abs(slope(s.transform, position[s.at])));
  terms.forEach((slots, t) => {
    if (slots.role === ROLE.complete) total += slot(slots.slot, h.terms[t].value);
    if (slots.role !== ROLE.partial) return;
    total += slot(slots.tau, Math.abs(h.terms[t].tau));
    if (h.reference.muPrecision[t] < 0) total += slot(slots.mu, h.terms[t].value);
    else if (slots.mu.at >= 0) total += logPrior(slots.mu.prior as Distribution, h.terms[t].value) + Math.log(h.terms[t].slope);
  });
  for (let c = 0; c < cells.count; c++) {
    const slots = terms[cells.term[c]];
    const mu = h.terms[cells.term[c]].value;
    const tau = Math.abs(h.terms[cells.term[c]].tau);
    if (slots.role === ROLE.own && cell[c] >= 0) total += slot({ ...slots.slot, at: cell[c] }, h.beta[c]);
    if (slots.role !== ROLE.partial) continue;
    const z = (h.beta[c] - mu) / tau;
    if (h.reference.coupled?.cells.includes(c)) {
      total += -0.5 * z * z - 0.5 * Math.log(2 * Math.PI);
      continue;
    }
    const stretch = tau / Math.sqrt(1 + h.reference.information[c] * tau * tau);
    total += -0.5 * z * z - Math.log(tau) - 0.5 * Math.log(2 * Math.PI) + Math.log(stretch);
  }
  // |db/dz| is the product of taus, which the densities of the coefficients cancel, over the root of det(I + D H D).
  for (const group of h.coupled) {
    const { k, information, tau } = group;
    const matrix = Float64Array.from(information, (v, e) => {
      const [i, j] = [Math.floor(e / k), e % k];
      return v * tau[i] * tau[j] + (i === j ? 1 : 0);
    });
    choleskyInPlace(matrix, k);
    for (let i = 0; i < k; i++) total -= Math.log(matrix[i * (k + 1)]) - (group.isPooled(i) ? 0 : Math.log(tau[i]));
  }
  if (scales) for (let g = 0; g < (scaleByGroup ? scales.length : 1); g++) total += slot(scales[g], h.parameters.scale[g]);
  own.forEach((s, i) => {
    total += slot(s, h.parameters.own[i]);
  });
  return total;
}

const close = (actual: number, expected: number, tolerance: number): void => {
  expect(Math.abs(actual - expected)).toBeLessThan(tolerance * Math.max(1, Math.abs(expected)));
};

describe('a hierarchy', () => {
  it('has the log density of its rows, priors and Jacobians', () => {
    fc.assert(
      fc.property(options, (o: Options) => {
        const problem = problemOf(o);
        const h = hierarchyOf(problem, o.seed);
        const position = positionOf(h, o.seed);
        const value = h.evaluate(position, new Float64Array(h.dimension));
        close(value, byHand(problem, h, position), 1e-10);
      }),
      { numRuns: 400 },
    );
  });

  it('has the gradient that finite differences give', () => {
    fc.assert(
      fc.property(options, (o: Options) => {
        const h = hierarchyOf(problemOf(o), o.seed);
        const position = positionOf(h, o.seed);
        const gradient = new Float64Array(h.dimension);
        const scratch = new Float64Array(h.dimension);
        h.evaluate(position, gradient);
        const size = Math.max(1, ...gradient.map(Math.abs));
        for (let i = 0; i < h.dimension; i++) {
          const at = (step: number): number => {
            const moved = position.slice();
            moved[i] += step;
            return h.evaluate(moved, scratch);
          };
          const e = 1e-3;
          const slopeHere = (8 * (at(e) - at(-e)) - (at(2 * e) - at(-2 * e))) / (12 * e);
          expect(Math.abs(slopeHere - gradient[i]) / size).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goes from positions to scalars and back', () => {
    fc.assert(
      fc.property(options, (o: Options) => {
        const problem = problemOf(o);
        const h = hierarchyOf(problem, o.seed);
        const scalars = scalarsOf(problem.design, listParameters(problem.design));
        const position = positionOf(h, o.seed);
        const values = new Float64Array(scalars.width);
        scalars.constrain(h, position, values);
        const back = new Float64Array(h.dimension);
        scalars.unconstrain(h, values, back);
        const again = new Float64Array(scalars.width);
        scalars.constrain(h, back, again);
        for (let i = 0; i < scalars.width; i++) close(again[i], values[i], 1e-8);
        // A folded scale comes back on its upper half, and what hangs on it with its sign.
        for (let i = 0; i < h.dimension; i++) close(Math.abs(back[i]), Math.abs(position[i]), 1e-8);
      }),
      { numRuns: 200 },
    );
  });
});
