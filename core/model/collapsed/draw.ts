/** Exact draws of every coefficient given the scales, written as one draw of the model's scalars. */
import { sqrt } from '../../math/elementary.ts';
import { solveLowerTransposed } from '../../math/linalg.ts';
import type { Rng } from '../../sampler/rng.ts';
import type { Parameter } from '../design.ts';
import { isFixed } from '../priors.ts';
import type { GroupLayout } from './layout.ts';
import type { CollapsedModel } from './model.ts';
import type { GroupSolution } from './solver.ts';

export class CollapsedDraws {
  /** Values a draw. */
  readonly width: number;
  readonly #model: CollapsedModel;
  readonly #parameters: readonly Parameter[];
  /** Index of alpha or w by term and group, row-major terms × groups; of a complete term at every group; −1 where masked. */
  readonly #coefficient: Int32Array;
  readonly #mu: Int32Array;
  readonly #shared: Float64Array;
  readonly #z: Float64Array;
  readonly #q: Float64Array;

  constructor(model: CollapsedModel, parameters: readonly Parameter[]) {
    const { design, layout } = model;
    const groups = design.groups.length;
    this.#model = model;
    this.#parameters = parameters.filter((p) => !p.masked);
    this.width = this.#parameters.length;
    this.#coefficient = new Int32Array(design.terms.length * groups).fill(-1);
    this.#mu = new Int32Array(design.terms.length).fill(-1);
    for (const p of this.#parameters) {
      if (p.kind === 'mu') this.#mu[p.term] = p.index;
      if (p.kind !== 'alpha' && p.kind !== 'w') continue;
      if (p.group >= 0) this.#coefficient[p.term * groups + p.group] = p.index;
      else this.#coefficient.fill(p.index, p.term * groups, (p.term + 1) * groups);
    }
    this.#shared = new Float64Array(layout.shared.length);
    this.#z = new Float64Array(Math.max(0, ...layout.groups.map((g) => g.locals)));
    this.#q = new Float64Array(1 + Math.max(0, ...layout.groups.map((g) => g.slopes)));
  }

  /** Solves at the position and draws; `out` has `width` values in the order of the parameters' indices. */
  draw(position: Float64Array, rng: Rng, out: Float64Array): void {
    const { layout, solver, design } = this.#model;
    this.#model.solveAt(position);
    this.#constants(out);
    const s = layout.shared.length;
    rng.normals(this.#shared);
    solveLowerTransposed(solver.sharedFactor, s, this.#shared);
    for (let c = 0; c < s; c++) {
      this.#shared[c] += solver.shared[c];
      const { term, kind, location, sd } = layout.shared[c];
      const index =
        kind === 'mu'
          ? this.#mu[term]
          : this.#coefficient.subarray(term * design.groups.length, (term + 1) * design.groups.length).find((i) => i >= 0)!;
      out[index] = location + sd * this.#shared[c];
    }
    for (let g = 0; g < layout.groups.length; g++) this.#drawGroup(g, layout.groups[g], solver.groups[g], rng, out);
  }

  /** Scales, and what the spec fixes. */
  #constants(out: Float64Array): void {
    const { design, sigma, tau } = this.#model;
    for (const p of this.#parameters) {
      if (p.kind === 'scale') out[p.index] = sigma[Math.max(0, p.group)];
      else if (p.kind === 'tau') out[p.index] = tau[p.term];
      else if (p.term >= 0) {
        const { prior } = design.terms[p.term];
        if (isFixed(prior)) out[p.index] = prior.fixed;
      }
    }
  }

  #drawGroup(index: number, g: GroupLayout, at: GroupSolution, rng: Rng, out: Float64Array): void {
    const { design, layout, sigma, solver } = this.#model;
    const groups = design.groups.length;
    const { locals: k, slopes: n } = g;
    const count = g.shared.length;
    const z = this.#z;
    // z given v: mean z̃ − M⁻¹B (v − ṽ), covariance M⁻¹ = L⁻ᵀ L⁻¹.
    for (let a = 0; a < k; a++) {
      z[a] = rng.normal();
      for (let c = 0; c < count; c++) z[a] -= at.border[a * count + c] * (this.#shared[g.shared[c]] - solver.shared[g.shared[c]]);
    }
    solveLowerTransposed(at.factor, k, z);
    const q = this.#q;
    q.fill(0);
    for (let a = 0; a < k; a++) q[g.localSlope[a]] = at.sd[a] * (at.z[a] + z[a]);
    for (let c = 0; c < count; c++) q[g.sharedCoordinate[c]] += layout.shared[g.shared[c]].sd * this.#shared[g.shared[c]];
    let residual = g.residualMean - q[n];
    for (let i = 0; i < n; i++) {
      residual -= g.meanX[i] * q[i];
      if (g.local[i] >= 0) out[this.#coefficient[g.terms[i] * groups + index]] = g.q0[i] + q[i];
    }
    if (g.intercept !== 'local') return;
    const weight = g.weight / (sigma[index] * sigma[index]);
    const { interceptSd: sd, interceptFactor: f } = at;
    const [mean, spread] = g.interceptProper ? [((sd * sd * weight) / f) * residual, sd / sqrt(f)] : [residual, 1 / sqrt(weight)];
    out[this.#coefficient[layout.interceptTerm * groups + index]] = g.intercept0 + q[n] + mean + spread * rng.normal();
  }
}
