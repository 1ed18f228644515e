/** Where the draws of each coefficient and auxiliary parameter lie. */
import type { Design, Parameter } from '../../design/design.ts';
import { type Draws, drawsOf } from '../../sampler/types.ts';

/** Rows of `Draws.values`; −1 where there is no such parameter, or where it is masked. */
export interface Lookup {
  /** groups × terms, row-major; a completely pooled term's coefficient stands in every group whose mask has it. */
  readonly coefficient: Int32Array;
  /** By term, under partial pooling. */
  readonly mu: Int32Array;
  readonly tau: Int32Array;
  /** By group. */
  readonly scale: Int32Array;
  /** Of the family's own parameters, in its order. */
  readonly own: readonly number[];
}

/** A fit as prediction and checking need it. */
export interface Fitted {
  readonly design: Design;
  readonly parameters: readonly Parameter[];
  readonly draws: Draws;
}

/** The lookup of `listParameters(design)`, or of the same list with other indices. */
export function lookupOf(design: Design, parameters: readonly Parameter[]): Lookup {
  const groups = design.groups.length;
  const terms = design.terms.length;
  const coefficient = new Int32Array(groups * terms).fill(-1);
  const mu = new Int32Array(terms).fill(-1);
  const tau = new Int32Array(terms).fill(-1);
  const scale = new Int32Array(groups).fill(-1);
  const own: number[] = [];
  for (const { kind, term, group, index } of parameters) {
    if (kind === 'alpha' || kind === 'w') {
      const from = group < 0 ? 0 : group;
      const to = group < 0 ? groups - 1 : group;
      for (let g = from; g <= to; g++) if (design.mask[g * terms + term] === 1) coefficient[g * terms + term] = index;
    } else if (kind === 'mu') mu[term] = index;
    else if (kind === 'tau') tau[term] = index;
    else if (kind === 'own') own.push(index);
    else if (group < 0) scale.fill(index);
    else scale[group] = index;
  }
  return { coefficient, mu, tau, scale, own };
}

/**
 * Writes the linear predictor of one row, offset left out, for every draw (chain after chain).
 * @param x the terms' values; 1 for the intercept; a masked term's is not read.
 */
export function linearPredictor(draws: Draws, lookup: Lookup, group: number, x: ArrayLike<number>, out: Float64Array): void {
  const terms = lookup.mu.length;
  out.fill(0);
  let waiting: Float64Array | null = null;
  let factor = 0;
  for (let t = 0; t < terms; t++) {
    const index = lookup.coefficient[group * terms + t];
    if (index < 0) continue;
    const coefficient = drawsOf(draws, index);
    if (waiting === null) {
      waiting = coefficient;
      factor = x[t];
    } else {
      addTwo(out, factor, waiting, x[t], coefficient);
      waiting = null;
    }
  }
  if (waiting !== null) for (let s = 0; s < out.length; s++) out[s] += factor * waiting[s];
}

/** out += a u + b v: two terms in one pass over the draws, which is what takes the time. */
function addTwo(out: Float64Array, a: number, u: Float64Array, b: number, v: Float64Array): void {
  for (let s = 0; s < out.length; s++) out[s] += a * u[s] + b * v[s];
}

/** The draws of a row of `Draws.values`, or `null` for −1. */
export const drawsAt = (draws: Draws, index: number): Float64Array | null => (index < 0 ? null : drawsOf(draws, index));
