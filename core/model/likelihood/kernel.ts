/** The likelihood of families that have a kernel: its sums over rows, and around them what is linear or constant. */

import { weightOf } from '../../data/table.ts';
import type { Cells } from '../../design/cells.ts';
import type { Design, Rows } from '../../design/design.ts';
import type { FamilyGradient, FamilyParameters, KernelForm, RowTotals } from '../../families/family.ts';
import { familyOf } from '../../families/index.ts';
import { compiledMemory, type Kernel, type KernelMemory, SUMS } from '../../kernels/kernels.ts';
import { blockStarts, type Likelihood } from './likelihood.ts';
import { areOnes, type GroupRows, groupRows, type PackedRows, packedBytes, packRows } from './rows.ts';

export class RowLikelihood implements Likelihood {
  readonly cells: Cells;
  /** Rows by group, merged. */
  readonly #groups: readonly GroupRows[];
  readonly #design: Design;
  readonly #packed: PackedRows;
  readonly #kernel: Kernel;
  /** Xᵀ W y by cell: the linear part of a canonical log likelihood. */
  readonly #linear: Float64Array;
  /** What depends on neither coefficients nor parameters. */
  readonly #constant: number;
  readonly #form: KernelForm;
  readonly #totals: RowTotals;
  readonly #starts: Int32Array;

  constructor(design: Design, cells: Cells, rows: Rows, form: KernelForm, memory: (bytes: number) => KernelMemory = compiledMemory) {
    this.cells = cells;
    this.#design = design;
    this.#form = form;
    this.#groups = groupRows(design, form, rows, cells);
    const kernels = memory(packedBytes(this.#groups, cells.count));
    this.#packed = packRows(this.#groups, cells, kernels);
    this.#kernel = kernels.kernel(form.kernel(areOnes(this.#groups)));
    this.#starts = blockStarts(cells);
    this.#linear = new Float64Array(cells.count);
    if (form.finish.kind === 'canonical') addLinear(design, cells, rows, this.#linear);
    const weights = new Float64Array(design.groups.length);
    let weightedY = 0;
    for (let i = 0; i < rows.n; i++) {
      const w = weightOf(rows, i);
      weights[rows.group[i]] += w;
      weightedY += w * rows.y[i];
    }
    this.#totals = { weights, weightedY, tally: form.tally ? tallyOf(rows) : NO_TALLY };
    this.#constant = constantOf(form, rows);
  }

  evaluate(beta: Float64Array, parameters: FamilyParameters, gradient: Float64Array, out: FamilyGradient): number {
    const p = this.#packed;
    const groups = this.#groups.length;
    p.beta.set(beta);
    const { finish } = this.#form;
    const { own } = parameters;
    const located = finish.kind === 'located';
    if (located) p.scaleValues.set(parameters.scale);
    const parameter = own.length > 0 ? own[0] : 1;
    this.#kernel(p.table, groups, p.betaAddress, p.gradientAddress, p.sumsAddress, p.scratch, parameter, located ? p.scales : 0);
    if (located) {
      const factor = finish.factor(own);
      for (let c = 0; c < beta.length; c++) gradient[c] = factor * p.gradient[c];
      return finish.total(this.#constant, this.#totals, p.sums, parameters, out);
    }
    let value = this.#constant;
    for (let g = 0; g < groups; g++) value -= p.sums[SUMS * g];
    for (let c = 0; c < beta.length; c++) {
      value += this.#linear[c] * beta[c];
      gradient[c] = this.#linear[c] - p.gradient[c];
    }
    return value + finish.own(this.#totals, p.sums, own, out.own);
  }

  information(beta: Float64Array, parameters: FamilyParameters, blocks: Float64Array, logScale: Float64Array): void {
    blocks.fill(0);
    const { own } = parameters;
    const { scaleInformation } = familyOf(this.#design.family);
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
        const w = this.#form.information(rows, i, eta, parameters.scale[g], own);
        for (let a = 0; a < k; a++) {
          const wa = w * values[a];
          for (let b = 0; b <= a; b++) blocks[at + a * k + b] += wa * values[b];
        }
      }
      for (let a = 0; a < k; a++) for (let b = 0; b < a; b++) blocks[at + b * k + a] = blocks[at + a * k + b];
      logScale[g] = scaleInformation(this.#totals.weights[g], own);
    });
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
      const wy = weightOf(rows, i) * rows.y[i];
      linear[c] += term.kind === 'intercept' ? wy : wy * x[i];
    }
  });
}

/** What depends on neither coefficients nor parameters. */
function constantOf(form: KernelForm, rows: Rows): number {
  let constant = 0;
  for (let i = 0; i < rows.n; i++) {
    const w = weightOf(rows, i);
    if (w !== 0) constant += form.constant(rows, i, w);
  }
  return constant;
}

const NO_TALLY: RowTotals['tally'] = { y: new Float64Array(0), weight: new Float64Array(0) };

function tallyOf(rows: Rows): RowTotals['tally'] {
  const weights = new Map<number, number>();
  for (let i = 0; i < rows.n; i++) {
    if (rows.y[i] > 0) weights.set(rows.y[i], (weights.get(rows.y[i]) ?? 0) + weightOf(rows, i));
  }
  return { y: Float64Array.from(weights.keys()), weight: Float64Array.from(weights.values()) };
}
