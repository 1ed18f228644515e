/** Exact draws of every coefficient given the scales, written as one draw of the model's scalars. */

import type { Parameter } from '../../design/design.ts';
import { isFixed } from '../../design/priors.ts';
import * as at from '../../kernels/groupWords.ts';
import type { DrawPlace } from '../../math/drawPlace.ts';
import { solveLowerTransposed } from '../../math/linalg.ts';
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
  /** Which of the kernel's drawn numbers are parameters, and where each is written. */
  readonly #drawnFrom: Int32Array;
  readonly #drawnOut: Int32Array;
  readonly #noise: Float64Array;
  readonly #deviation: Float64Array;
  readonly #drawn: Float64Array;

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
    const from: number[] = [];
    const out: number[] = [];
    let drawn = 0;
    layout.groups.forEach((g, index) => {
      const keep = (at: number, term: number): void => {
        from.push(at);
        out.push(place.own[term * design.groups.length + index]);
      };
      g.terms.forEach((term, i) => {
        if (g.local[i] >= 0) keep(drawn + i, term);
      });
      drawn += g.slopes;
      if (g.intercept === 'local') keep(drawn, layout.interceptTerm);
      drawn++;
    });
    this.#drawnFrom = Int32Array.from(from);
    this.#drawnOut = Int32Array.from(out);
    const { words, numbers, frame, noise } = solver.packed;
    const part = (address: number, length: number): Float64Array =>
      numbers.subarray(words[frame + address], words[frame + address] + length);
    this.#noise = part(at.NOISE, noise);
    this.#deviation = part(at.DEVIATION, layout.shared.length);
    this.#drawn = part(at.DRAWN, drawn);
  }

  /** The scalars at a position as far as they are scales; NaN for the coefficients. */
  scalesAt(position: Float64Array): Float64Array {
    const out = new Float64Array(this.width).fill(Number.NaN);
    this.#model.solveAt(position);
    for (const p of this.#sigmas) out[p.index] = this.#model.sigma[Math.max(0, p.group)];
    for (const p of this.#taus) out[p.index] = this.#model.tau[p.term];
    return out;
  }

  /** Solves at the position and draws; `out` has `width` values in the order of the parameters' indices. */
  draw(position: Float64Array, place: DrawPlace, out: Float64Array): void {
    const { layout, solver, sigma, tau } = this.#model;
    const { kernels, words, frame, noise } = solver.packed;
    this.#model.solveAt(position);
    for (const p of this.#sigmas) out[p.index] = sigma[Math.max(0, p.group)];
    for (const p of this.#taus) out[p.index] = tau[p.term];
    for (const { index, value } of this.#fixed) out[index] = value;
    kernels.fillNormals(words[frame + at.NOISE], noise, place.draw, place.seed, Math.floor(place.seed / 2 ** 32), place.stream);
    const s = layout.shared.length;
    const deviation = this.#deviation;
    for (let c = 0; c < s; c++) deviation[c] = this.#noise[c];
    solveLowerTransposed(solver.sharedFactor, s, deviation);
    for (let c = 0; c < s; c++) {
      const { location, sd } = layout.shared[c];
      out[this.#sharedOut[c]] = location + sd * (solver.shared[c] + deviation[c]);
    }
    kernels.drawGroups(frame);
    for (let i = 0; i < this.#drawnOut.length; i++) out[this.#drawnOut[i]] = this.#drawn[this.#drawnFrom[i]];
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
