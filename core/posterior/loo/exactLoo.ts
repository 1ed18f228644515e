/**
 * Leaving rows and groups out of a collapsed Gaussian exactly: given the scales, the density of what is left out follows from the
 * posterior that includes it, by down-dating; the scales are then integrated over, with p(scales | rest) ∝ p(scales | all) / p(left out | rest, scales).
 */

import { weightOf } from '../../data/table.ts';
import type { Rows } from '../../design/design.ts';
import { isFixed } from '../../design/priors.ts';
import { exp, log, logSumExp } from '../../math/elementary.ts';
import { solveLower } from '../../math/linalg.ts';
import type { Steps } from '../../math/steps.ts';
import type { CollapsedModel } from '../../model/collapsed/model.ts';
import { groupDensity } from './groupOut.ts';
import { leftOut, logMeanExp } from './loo.ts';
import { Psis } from './psis.ts';
import type { ScaleNodes } from './scaleNodes.ts';

export interface LeftOut {
  /** log p(left out | rest); NaN where the rest leaves an improper posterior, or the integral over the scales cannot be had. */
  readonly elpd: Float64Array;
  /**
   * 0 where it is exact; else the k-hat of the weights over draws of the scales: as in PSIS, not to be trusted above `paretoThreshold`. Infinity where a
   * quadrature does not hold the integral, NaN where the rest leaves no posterior whatever the scales.
   */
  readonly k: Float64Array;
  /** Monte Carlo standard error of `elpd`; 0 where it is exact. */
  readonly mcse: Float64Array;
}

const LOG_2PI = log(2 * Math.PI);
/** Doubles held at once: rows in a block × nodes. */
const BLOCK = 2_000_000;
/** The integrand at the outermost nodes has fallen so far below its top, or the nodes do not hold the integral. */
const LOG_ENDS = -25;

/** What an item's density is: of one observation, and of the part of the likelihood that the rest lacks, which is the same for whole observations. */
interface Densities {
  readonly observed: number;
  readonly removed: number;
}

/** Every row, one at a time, a step a node. A row with a frequency weight loses one of its observations, or all of it where it is less than one. */
export function leaveRowsOut(model: CollapsedModel, rows: Rows, nodes: ScaleNodes): Steps<LeftOut> {
  const density = new RowDensity(model, rows);
  const groups = rows.group;
  return integrate(
    model,
    nodes,
    rows.n,
    (row) => density.at(row),
    (row) => groups[row],
  );
}

/** Every group with all its rows, one at a time, a step a node; 0 for a group without rows. */
export function leaveGroupsOut(model: CollapsedModel, nodes: ScaleNodes): Steps<LeftOut> {
  const density = (g: number): Densities => {
    const value = groupDensity(model, g);
    return { observed: value, removed: value };
  };
  return integrate(model, nodes, model.layout.groups.length, density, (g) => g, true);
}

/** Blocks of items, each solved at every node. */
function* integrate(
  model: CollapsedModel,
  nodes: ScaleNodes,
  items: number,
  density: (item: number) => Densities,
  groupOf: (item: number) => number,
  wholeGroups = false,
): Steps<LeftOut> {
  const out = { elpd: new Float64Array(items), k: new Float64Array(items), mcse: new Float64Array(items) };
  const count = nodes.positions.length;
  const block = Math.max(1, Math.min(items, Math.floor(BLOCK / count)));
  const observed = new Float64Array(block * count);
  const removed = new Float64Array(block * count);
  const psis = nodes.kind === 'draws' ? new Psis(count) : null;
  const ratios = new Float64Array(count);
  for (let from = 0; from < items; from += block) {
    const to = Math.min(items, from + block);
    for (const [q, position] of nodes.positions.entries()) {
      yield;
      const solved = model.solveAt(position);
      for (let item = from; item < to; item++) {
        const at = (item - from) * count + q;
        const found = solved ? density(item) : null;
        observed[at] = found === null ? Number.NaN : found.observed;
        removed[at] = found === null ? Number.NaN : found.removed;
      }
    }
    for (let item = from; item < to; item++) {
      yield;
      const part = (values: Float64Array): Float64Array => values.subarray((item - from) * count, (item - from + 1) * count);
      const own = part(observed);
      part(removed).forEach((value, q) => {
        ratios[q] = -value;
      });
      if (psis !== null) {
        out.k[item] = psis.smooth(ratios);
        out.elpd[item] = logMeanExp(own, psis.weights);
        out.mcse[item] = errorOf(own, psis.weights, out.elpd[item]);
      } else if (nodes.logWeight === null) out.elpd[item] = own[0];
      else if (wholeGroups && nodes.logPrior !== null) out.elpd[item] = own[0] === 0 ? 0 : fromPrior(own, nodes.logPrior(item));
      else out.elpd[item] = weighed(own, ratios, nodes.logWeight(groupOf(item)));
      if (own.every(Number.isNaN)) out.k[item] = Number.NaN;
      else if (psis === null && Number.isNaN(out.elpd[item])) out.k[item] = Number.POSITIVE_INFINITY;
    }
  }
  return out;
}

/** log of the mean of p under the weights π / removed; NaN where those weights have not died away at the outermost nodes. */
function weighed(observed: Float64Array, ratios: Float64Array, logWeight: Float64Array): number {
  const weights = ratios.map((ratio, q) => ratio + logWeight[q]);
  const top = weights.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const last = weights.length - 1;
  if (!(weights[0] < top + LOG_ENDS && weights[last] < top + LOG_ENDS)) return Number.NaN;
  return logMeanExp(
    observed,
    weights.map((value) => exp(value - top)),
  );
}

/** log Σ π p, of a group whose scale the others know nothing of; NaN where that has not died away at the outermost nodes. */
function fromPrior(observed: Float64Array, logPrior: Float64Array): number {
  const terms = observed.map((value, q) => value + logPrior[q]);
  const total = logSumExp(terms);
  return terms[0] < total + LOG_ENDS && terms[terms.length - 1] < total + LOG_ENDS ? total : Number.NaN;
}

/** Monte Carlo standard error of log (Σ w p / Σ w), by the delta method. */
export function errorOf(logDensity: Float64Array, weights: Float64Array, estimate: number): number {
  let squares = 0;
  let total = 0;
  for (let s = 0; s < weights.length; s++) {
    squares += (weights[s] * (exp(logDensity[s] - estimate) - 1)) ** 2;
    total += weights[s];
  }
  return Math.sqrt(squares) / total;
}

const logNormal = (x: number, variance: number): number => -0.5 * (LOG_2PI + log(variance) + (x * x) / variance);

/**
 * log p(y_i | y_−i, scales): with e the residual from the posterior mean of mu_i and h = w var mu_i / σ², the posterior without the share w of row i
 * has residual e / (1 − h) and var mu_i / (1 − h). For w = 1 the predictive variance is σ² / (1 − h).
 */
class RowDensity {
  readonly #model: CollapsedModel;
  readonly #rows: Rows;
  readonly #known: readonly { readonly term: number; readonly value: number }[];
  readonly #local: Float64Array;
  readonly #shared: Float64Array;
  readonly #b: Float64Array;

  constructor(model: CollapsedModel, rows: Rows) {
    const { layout, design } = model;
    this.#model = model;
    this.#rows = rows;
    // Terms fixed at a number are in no coordinate of the layout.
    this.#known = design.terms.flatMap((t, term) => (t.pooling !== 'partial' && isFixed(t.prior) ? [{ term, value: t.prior.fixed }] : []));
    this.#local = new Float64Array(Math.max(0, ...layout.groups.map((g) => g.locals)));
    this.#shared = new Float64Array(layout.shared.length);
    this.#b = new Float64Array(1 + Math.max(0, ...layout.groups.map((g) => g.slopes)));
  }

  at(row: number): Densities {
    const { y, se, group } = this.#rows;
    const { mean, variance } = this.#predictor(row);
    const noise = se === null ? this.#model.sigma[group[row]] ** 2 : se[row] ** 2;
    const share = leftOut(weightOf(this.#rows, row));
    const left = 1 - (share * variance) / noise;
    if (!(left > 1e-14)) return { observed: Number.NaN, removed: Number.NaN };
    const residual = (y[row] - mean) / left;
    const observed = logNormal(residual, share === 1 ? noise / left : noise + variance / left);
    if (share === 1) return { observed, removed: observed };
    if (share === 0) return { observed, removed: 0 };
    const power = 0.5 * (1 - share) * (LOG_2PI + log(noise)) - 0.5 * log(share);
    return { observed, removed: power + logNormal(residual, noise / share + variance / left) };
  }

  /** Posterior mean and variance of mu_i at the last solution. */
  #predictor(row: number): { mean: number; variance: number } {
    const { layout, solver, design } = this.#model;
    const { x, group } = this.#rows;
    const index = group[row];
    const g = layout.groups[index];
    const at = solver.groups[index];
    const { slopes: n, locals: k } = g;
    const weight = g.weight / this.#model.sigma[index] ** 2;
    const hasIntercept = layout.interceptTerm >= 0;
    let pull = 0;
    let variance = 0;
    if (g.intercept === 'local') {
      pull = g.interceptProper ? 1 - 1 / at.interceptFactor : 1;
      variance = g.interceptProper ? at.interceptSd ** 2 / at.interceptFactor : 1 / weight;
    }
    // mu = mean + b · (q − q̂) + the local intercept's own noise.
    const b = this.#b;
    let mean = (hasIntercept ? g.intercept0 : 0) + pull * g.residualMean;
    for (let j = 0; j < n; j++) {
      const value = x[g.terms[j]][row];
      b[j] = value - pull * g.meanX[j];
      mean += value * g.q0[j] + b[j] * at.delta[j];
    }
    b[n] = hasIntercept ? 1 - pull : 0;
    mean += b[n] * at.delta[n];
    for (const { term, value } of this.#known) {
      if (design.mask[index * design.terms.length + term] === 0) continue;
      if (term !== layout.interceptTerm) mean += value * x[term][row];
    }
    return { mean, variance: variance + this.#variance(index, k) };
  }

  /** Var b · q by the arrow-shaped precision: |L⁻¹ l|² + |L_S⁻¹ (h − (L⁻¹B)ᵀ L⁻¹ l)|². */
  #variance(index: number, k: number): number {
    const { layout, solver } = this.#model;
    const g = layout.groups[index];
    const at = solver.groups[index];
    const local = this.#local;
    const shared = this.#shared.fill(0);
    let sum = 0;
    for (let a = 0; a < k; a++) local[a] = this.#b[g.localSlope[a]] * at.sd[a];
    solveLower(at.factor, k, local);
    for (let a = 0; a < k; a++) sum += local[a] * local[a];
    const count = g.shared.length;
    for (let c = 0; c < count; c++) {
      let value = this.#b[g.sharedCoordinate[c]] * layout.shared[g.shared[c]].sd;
      for (let a = 0; a < k; a++) value -= at.border[a * count + c] * local[a];
      shared[g.shared[c]] = value;
    }
    if (count === 0) return sum;
    solveLower(solver.sharedFactor, shared.length, shared);
    for (const value of shared) sum += value * value;
    return sum;
  }
}
