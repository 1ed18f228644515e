/**
 * Leaving rows and groups out of a collapsed Gaussian exactly: given the scales, the density of what is left out follows from the
 * posterior that includes it, by down-dating; the scales are then integrated over, with p(scales | rest) ∝ p(scales | all) / p(left out | rest, scales).
 */
import { exp, log } from '../math/elementary.ts';
import { solveLower } from '../math/linalg.ts';
import type { CollapsedModel } from '../model/collapsed/model.ts';
import type { Rows } from '../model/design.ts';
import { isFixed } from '../model/priors.ts';
import type { Steps } from '../steps.ts';
import { groupDensity } from './groupOut.ts';
import { Psis } from './psis.ts';
import type { ScaleNodes } from './scaleNodes.ts';

export interface LeftOut {
  /** log p(left out | rest); NaN where the rest leaves an improper posterior. */
  readonly elpd: Float64Array;
  /** 0 under quadrature; else the k-hat of the weights over the scales, nearly always small. */
  readonly k: Float64Array;
}

const LOG_2PI = log(2 * Math.PI);
/** Doubles held at once: rows in a block × nodes. */
const BLOCK = 4_000_000;

/** Every row, one at a time, a step a node. A row with a frequency weight loses one of its observations. */
export function leaveRowsOut(model: CollapsedModel, rows: Rows, nodes: ScaleNodes): Steps<LeftOut> {
  const density = new RowDensity(model, rows);
  return integrate(model, nodes, rows.n, (row) => density.at(row));
}

/** Every group with all its rows, one at a time, a step a node; 0 for a group without rows. */
export function leaveGroupsOut(model: CollapsedModel, nodes: ScaleNodes): Steps<LeftOut> {
  return integrate(model, nodes, model.layout.groups.length, (g) => groupDensity(model, g));
}

/** Blocks of items, each solved at every node; `density` is log p(item | rest, scales of the last solution). */
function* integrate(model: CollapsedModel, nodes: ScaleNodes, items: number, density: (item: number) => number): Steps<LeftOut> {
  const out = { elpd: new Float64Array(items), k: new Float64Array(items) };
  const count = nodes.positions.length;
  const block = Math.max(1, Math.min(items, Math.floor(BLOCK / count)));
  const values = new Float64Array(block * count);
  const psis = nodes.logWeight === null && count > 1 ? new Psis(count) : null;
  const ratios = new Float64Array(count);
  for (let from = 0; from < items; from += block) {
    const to = Math.min(items, from + block);
    for (const [q, position] of nodes.positions.entries()) {
      yield;
      model.solveAt(position);
      for (let item = from; item < to; item++) values[(item - from) * count + q] = density(item);
    }
    for (let item = from; item < to; item++) {
      yield;
      const own = values.subarray((item - from) * count, (item - from + 1) * count);
      for (let q = 0; q < count; q++) ratios[q] = -own[q];
      if (psis !== null) {
        out.k[item] = psis.smooth(ratios);
        out.elpd[item] = smoothed(psis, own);
      } else out.elpd[item] = harmonic(ratios, nodes.logWeight);
    }
  }
  return out;
}

/** log Σ π − log Σ π / p, from −log p and log π. */
function harmonic(ratios: Float64Array, logWeight: Float64Array | null): number {
  if (logWeight === null) return -ratios[0];
  let top = Number.NEGATIVE_INFINITY;
  for (let q = 0; q < ratios.length; q++) top = Math.max(top, ratios[q] + logWeight[q]);
  let all = 0;
  let without = 0;
  for (let q = 0; q < ratios.length; q++) {
    all += exp(logWeight[q]);
    without += exp(ratios[q] + logWeight[q] - top);
  }
  return log(all) - log(without) - top;
}

/** log of the mean of p under smoothed weights. */
function smoothed({ weights, raw }: Psis, logDensity: Float64Array): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let s = 0; s < logDensity.length; s++) if (!(logDensity[s] >= smallest)) smallest = logDensity[s];
  let above = 0;
  let below = 0;
  for (let s = 0; s < weights.length; s++) {
    above += weights[s] === raw[s] ? 1 : weights[s] / raw[s];
    below += weights[s];
  }
  return log(above / below) + smallest;
}

/**
 * log p(y_i | y_−i, scales): with e the residual from the posterior mean of mu_i and h = var mu_i / σ², the posterior without row i has residual
 * e / (1 − h) and predictive variance σ² / (1 − h).
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

  at(row: number): number {
    const { y, se, group } = this.#rows;
    const { mean, variance } = this.#predictor(row);
    const noise = se === null ? this.#model.sigma[group[row]] ** 2 : se[row] ** 2;
    const left = 1 - variance / noise;
    if (!(left > 1e-14)) return Number.NaN;
    const residual = y[row] - mean;
    return -0.5 * (LOG_2PI + log(noise / left) + (residual * residual) / (left * noise));
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
