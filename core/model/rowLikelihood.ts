/** The likelihood of the other families: the kernels' sums over rows, and around them what is linear or constant. */
import { compiledMemory, type Kernel, type KernelMemory, SUMS } from '../kernels/kernels.ts';
import { exp, log, logistic } from '../math/elementary.ts';
import { digammaRising, LOG_PI, lgamma, logChoose, logRising } from '../math/gamma.ts';
import type { Cells } from './cells.ts';
import type { Design, Rows } from './design.ts';
import { blockStarts, type FamilyGradient, type FamilyParameters, type Likelihood } from './likelihood.ts';
import { type GroupRows, groupRows, kernelFor, type PackedRows, packedBytes, packRows } from './rows.ts';

/** Counts y with their total weights, for the sums over Γ functions. */
interface Tally {
  readonly y: Float64Array;
  readonly weight: Float64Array;
}

export class RowLikelihood implements Likelihood {
  readonly cells: Cells;
  /** Rows by group, merged. */
  readonly #groups: readonly GroupRows[];
  readonly #design: Design;
  readonly #packed: PackedRows;
  readonly #kernel: Kernel;
  /** Xᵀ W y by cell: the linear part of the log likelihood, for all but a Student-t. */
  readonly #linear: Float64Array;
  /** What depends on neither coefficients nor parameters. */
  readonly #constant: number;
  readonly #tally: Tally;
  /** Σ w by group, and Σ w y over all. */
  readonly #weights: Float64Array;
  readonly #weightedY: number;
  readonly #starts: Int32Array;

  constructor(design: Design, cells: Cells, rows: Rows, memory: (bytes: number) => KernelMemory = compiledMemory) {
    this.cells = cells;
    this.#design = design;
    this.#groups = groupRows(design, rows, cells);
    const kernels = memory(packedBytes(this.#groups, cells.count));
    this.#packed = packRows(this.#groups, cells, kernels);
    this.#kernel = kernels.kernel(kernelFor(design, this.#groups));
    this.#starts = blockStarts(cells);
    this.#linear = new Float64Array(cells.count);
    this.#weights = new Float64Array(design.groups.length);
    if (design.family !== 'student_t') addLinear(design, cells, rows, this.#linear);
    let weightedY = 0;
    for (let i = 0; i < rows.n; i++) {
      const w = rows.weights === null ? 1 : rows.weights[i];
      this.#weights[rows.group[i]] += w;
      weightedY += w * rows.y[i];
    }
    this.#weightedY = weightedY;
    this.#constant = constantOf(design, rows);
    this.#tally = design.family === 'negative_binomial' ? tallyOf(rows) : { y: new Float64Array(0), weight: new Float64Array(0) };
  }

  evaluate(beta: Float64Array, parameters: FamilyParameters, gradient: Float64Array, out: FamilyGradient): number {
    const p = this.#packed;
    const groups = this.#groups.length;
    p.beta.set(beta);
    const student = this.#design.family === 'student_t';
    if (student) p.scaleValues.set(parameters.scale);
    this.#kernel(p.table, groups, p.betaAddress, p.gradientAddress, p.sumsAddress, p.scratch, parameters.extra, student ? p.scales : 0);
    out.extra = 0;
    if (student) return this.#student(parameters, gradient, out);
    let value = this.#constant;
    for (let g = 0; g < groups; g++) value -= p.sums[SUMS * g];
    for (let c = 0; c < beta.length; c++) {
      value += this.#linear[c] * beta[c];
      gradient[c] = this.#linear[c] - p.gradient[c];
    }
    return this.#design.family === 'negative_binomial' ? value + this.#negativeBinomial(parameters.extra, out) : value;
  }

  /** Σ w [log Γ(y + φ) − log Γ(φ) − y log φ], and the derivative in φ of all that depends on it. */
  #negativeBinomial(shape: number, out: FamilyGradient): number {
    const { y, weight } = this.#tally;
    let value = -this.#weightedY * log(shape);
    let slope = -this.#weightedY / shape;
    for (let i = 0; i < y.length; i++) {
      value += weight[i] * logRising(shape, y[i]);
      slope += weight[i] * digammaRising(shape, y[i]);
    }
    const { sums } = this.#packed;
    for (let at = 0; at < sums.length; at += SUMS) slope += sums[at + 2] / shape - sums[at + 1];
    out.extra = slope;
    return value;
  }

  #student({ scale, extra: nu }: FamilyParameters, gradient: Float64Array, out: FamilyGradient): number {
    const { sums, gradient: products } = this.#packed;
    const each = logRising(0.5 * nu, 0.5) - 0.5 * (log(nu) + LOG_PI);
    const eachSlope = 0.5 * digammaRising(0.5 * nu, 0.5) - 0.5 / nu;
    let value = this.#constant;
    for (let g = 0; g < scale.length; g++) {
      const w = this.#weights[g];
      value += w * (each - log(scale[g])) - 0.5 * (nu + 1) * sums[SUMS * g];
      out.extra += w * eachSlope - 0.5 * sums[SUMS * g] + (0.5 * (nu + 1) * sums[SUMS * g + 1]) / nu;
      out.logScale[g] = (nu + 1) * sums[SUMS * g + 1] - w;
    }
    for (let c = 0; c < gradient.length; c++) gradient[c] = (nu + 1) * products[c];
    return value;
  }

  information(beta: Float64Array, parameters: FamilyParameters, blocks: Float64Array, logScale: Float64Array): void {
    blocks.fill(0);
    const { extra } = parameters;
    this.#groups.forEach((rows, g) => {
      const from = this.cells.start[g];
      const k = this.cells.start[g + 1] - from;
      const intercept = k - rows.x.length;
      const at = this.#starts[g];
      const values = new Float64Array(k).fill(1);
      for (let i = 0; i < rows.rows; i++) {
        let eta = (rows.offset === null ? 0 : rows.offset[i]) + (intercept === 1 ? beta[from] : 0);
        for (let j = intercept; j < k; j++) {
          values[j] = rows.x[j - intercept][i];
          eta += values[j] * beta[from + j];
        }
        const w = this.#weightOf(rows, i, eta, parameters.scale[g], extra);
        for (let a = 0; a < k; a++) {
          const wa = w * values[a];
          for (let b = 0; b <= a; b++) blocks[at + a * k + b] += wa * values[b];
        }
      }
      for (let a = 0; a < k; a++) for (let b = 0; b < a; b++) blocks[at + b * k + a] = blocks[at + a * k + b];
      logScale[g] = this.#design.family === 'student_t' ? (2 * this.#weights[g] * extra) / (extra + 3) : 0;
    });
  }

  /** The information of one row about its linear predictor. */
  #weightOf(rows: GroupRows, i: number, eta: number, scale: number, extra: number): number {
    const { family } = this.#design;
    if (family === 'poisson') return exp(Math.min(700, eta));
    if (family === 'student_t') {
      const s = rows.second === null ? scale : scale * rows.second[2 * i];
      return ((rows.second === null ? 1 : rows.second[2 * i + 1]) * (extra + 1)) / ((extra + 3) * s * s);
    }
    const m = rows.first![i];
    if (family === 'negative_binomial') {
      const t = eta - log(extra);
      return (m + extra * rows.second![i]) * logistic(t) * logistic(-t);
    }
    return m * logistic(eta) * logistic(-eta);
  }
}

function addLinear(design: Design, cells: Cells, rows: Rows, linear: Float64Array): void {
  const where = new Int32Array(design.groups.length * design.terms.length).fill(-1);
  for (let c = 0; c < cells.count; c++) where[cells.group[c] * design.terms.length + cells.term[c]] = c;
  design.terms.forEach((term, t) => {
    const x = rows.x[t];
    for (let i = 0; i < rows.n; i++) {
      const c = where[rows.group[i] * design.terms.length + t];
      if (c < 0) continue;
      const wy = rows.weights === null ? rows.y[i] : rows.weights[i] * rows.y[i];
      linear[c] += term.kind === 'intercept' ? wy : wy * x[i];
    }
  });
}

/** What depends on neither coefficients nor parameters. */
function constantOf(design: Design, rows: Rows): number {
  let constant = 0;
  for (let i = 0; i < rows.n; i++) {
    const w = rows.weights === null ? 1 : rows.weights[i];
    if (w === 0) continue;
    const y = rows.y[i];
    if (design.family === 'binomial') constant += w * logChoose(rows.trials![i], y);
    else if (design.family === 'student_t') constant -= rows.se === null ? 0 : w * log(rows.se[i]);
    else if (design.family !== 'bernoulli') constant += w * ((rows.offset === null ? 0 : y * rows.offset[i]) - lgamma(y + 1));
  }
  return constant;
}

function tallyOf(rows: Rows): Tally {
  const weights = new Map<number, number>();
  for (let i = 0; i < rows.n; i++) {
    if (rows.y[i] > 0) weights.set(rows.y[i], (weights.get(rows.y[i]) ?? 0) + (rows.weights === null ? 1 : rows.weights[i]));
  }
  return { y: Float64Array.from(weights.keys()), weight: Float64Array.from(weights.values()) };
}
