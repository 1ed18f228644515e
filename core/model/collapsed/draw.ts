/** Exact draws of every coefficient given the scales, written as one draw of the model's scalars. */
import * as at from '../../kernels/groupWords.ts';
import { sqrt } from '../../math/elementary.ts';
import { solveLowerTransposed } from '../../math/linalg.ts';
import type { Rng } from '../../sampler/rng.ts';
import type { Parameter } from '../design.ts';
import { isFixed } from '../priors.ts';
import type { CollapsedModel } from './model.ts';

export class CollapsedDraws {
  /** Values a draw. */
  readonly width: number;
  readonly #model: CollapsedModel;
  /** Parameters that are scales, and those that the spec fixes with their numbers. */
  readonly #sigmas: readonly Parameter[];
  readonly #taus: readonly Parameter[];
  readonly #fixed: readonly { readonly index: number; readonly value: number }[];
  /** Where each shared coefficient is written. */
  readonly #sharedOut: Int32Array;
  /** groups + 1: where a group begins in what holds one entry a slope. */
  readonly #slopeAt: Int32Array;
  /** Where each group's slopes (−1: nowhere, the term is completely pooled) and its local intercept are written. */
  readonly #slopeOut: Int32Array;
  readonly #interceptOut: Int32Array;
  /** The constant part of each slope's location. */
  readonly #slope0: Float64Array;
  readonly #shared: Float64Array;
  readonly #z: Float64Array;
  readonly #q: Float64Array;

  constructor(model: CollapsedModel, parameters: readonly Parameter[]) {
    const { design, layout, solver } = model;
    const kept = parameters.filter((p) => !p.masked);
    this.#model = model;
    this.width = kept.length;
    this.#sigmas = kept.filter((p) => p.kind === 'scale');
    this.#taus = kept.filter((p) => p.kind === 'tau');
    this.#fixed = kept.flatMap(({ kind, term, index }) => {
      const prior = kind === 'scale' || kind === 'tau' || term < 0 ? null : design.terms[term].prior;
      return prior !== null && isFixed(prior) ? [{ index, value: prior.fixed }] : [];
    });
    const place = placesOf(kept, design.terms.length, design.groups.length);
    this.#sharedOut = Int32Array.from(layout.shared, ({ term, kind }) => (kind === 'mu' ? place.mu[term] : place.complete[term]));
    const slopeAt = new Int32Array(layout.groups.length + 1);
    layout.groups.forEach((g, index) => {
      slopeAt[index + 1] = slopeAt[index] + g.slopes;
    });
    this.#slopeAt = slopeAt;
    this.#slopeOut = new Int32Array(slopeAt[layout.groups.length]).fill(-1);
    this.#slope0 = new Float64Array(this.#slopeOut.length);
    this.#interceptOut = Int32Array.from(layout.groups, (_, g) =>
      layout.interceptTerm < 0 ? -1 : place.own[layout.interceptTerm * design.groups.length + g],
    );
    layout.groups.forEach((g, index) => {
      this.#slope0.set(g.q0, slopeAt[index]);
      g.terms.forEach((term, i) => {
        if (g.local[i] >= 0) this.#slopeOut[slopeAt[index] + i] = place.own[term * design.groups.length + index];
      });
    });
    this.#shared = new Float64Array(layout.shared.length);
    this.#z = new Float64Array(solver.packed.most.k);
    this.#q = new Float64Array(1 + solver.packed.most.n);
  }

  /** Solves at the position and draws; `out` has `width` values in the order of the parameters' indices. */
  draw(position: Float64Array, rng: Rng, out: Float64Array): void {
    const { layout, solver, sigma, tau } = this.#model;
    this.#model.solveAt(position);
    for (const p of this.#sigmas) out[p.index] = sigma[Math.max(0, p.group)];
    for (const p of this.#taus) out[p.index] = tau[p.term];
    for (const { index, value } of this.#fixed) out[index] = value;
    const s = layout.shared.length;
    const shared = this.#shared;
    rng.normals(shared);
    solveLowerTransposed(solver.sharedFactor, s, shared);
    for (let c = 0; c < s; c++) {
      const { location, sd } = layout.shared[c];
      out[this.#sharedOut[c]] = location + sd * (solver.shared[c] + shared[c]);
    }
    for (let g = 0; g < layout.groups.length; g++) this.#drawGroup(g, rng, out);
  }

  /** `#shared` holds v − ṽ. */
  #drawGroup(g: number, rng: Rng, out: Float64Array): void {
    const { sigma, solver, layout } = this.#model;
    const { words: w, numbers: d, entries } = solver.packed;
    const shared = this.#shared;
    const z = this.#z;
    const q = this.#q;
    const e = entries + g * at.ENTRY;
    const n = w[e + at.N];
    const k = w[e + at.K];
    const count = w[e + at.S];
    const indices = w[e + at.SHARED];
    // z given v: mean z̃ − M⁻¹B (v − ṽ), covariance M⁻¹ = L⁻ᵀ L⁻¹.
    for (let a = 0; a < k; a++) {
      const row = w[e + at.BORDER] + a * count;
      let value = rng.normal();
      for (let c = 0; c < count; c++) value -= d[row + c] * shared[w[indices + c]];
      z[a] = value;
    }
    solveLowerTransposed(d, k, z, w[e + at.FACTOR]);
    for (let i = 0; i <= n; i++) q[i] = 0;
    for (let a = 0; a < k; a++) q[w[w[e + at.SLOPE] + a]] = d[w[e + at.SD] + a] * (d[w[e + at.Z] + a] + z[a]);
    for (let c = 0; c < count; c++) {
      const index = w[indices + c];
      q[w[w[e + at.COORDINATE] + c]] += d[w[e + at.SHARED_SD] + c] * (solver.shared[index] + shared[index]);
    }
    const scalars = w[e + at.SCALARS];
    const x = this.#slopeAt[g];
    let residual = d[scalars + at.RESIDUAL_MEAN] - q[n];
    for (let i = 0; i < n; i++) {
      residual -= d[w[e + at.MEAN_X] + i] * q[i];
      const to = this.#slopeOut[x + i];
      if (to >= 0) out[to] = this.#slope0[x + i] + q[i];
    }
    const role = w[e + at.ROLE];
    if (role === at.ROLE_NONE) return;
    const weight = d[scalars + at.WEIGHT] / (sigma[g] * sigma[g]);
    const sd = d[scalars + at.INTERCEPT_SD];
    const f = d[scalars + at.INTERCEPT_FACTOR];
    const proper = role === at.ROLE_PROPER;
    const mean = proper ? ((sd * sd * weight) / f) * residual : residual;
    const spread = proper ? sd / sqrt(f) : 1 / sqrt(weight);
    out[this.#interceptOut[g]] = layout.groups[g].intercept0 + q[n] + mean + spread * rng.normal();
  }
}

/** Indices by term: of mu and of completely pooled coefficients; and by term and group, row-major, of a group's own. −1 where there is none. */
function placesOf(parameters: readonly Parameter[], terms: number, groups: number) {
  const mu = new Int32Array(terms).fill(-1);
  const complete = new Int32Array(terms).fill(-1);
  const own = new Int32Array(terms * groups).fill(-1);
  for (const p of parameters) {
    if (p.kind === 'mu') mu[p.term] = p.index;
    else if (p.kind !== 'alpha' && p.kind !== 'w') continue;
    else if (p.group < 0) complete[p.term] = p.index;
    else own[p.term * groups + p.group] = p.index;
  }
  return { mu, complete, own };
}
