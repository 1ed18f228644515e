/**
 * Anchors that move. What the rows say of a partially pooled coefficient, "near b̂, with information h", they say given the completely pooled ones:
 * an intercept and the slope of a covariate far from 0 are known only together. With the slope off by d from where it was when b̂ was found, b̂ moves
 * by −(h_bs / h) d, as if the covariate had been centred for that group.
 */
import type { TermState } from './termState.ts';

/** How anchors move; plain numbers. */
export interface AnchorMoves {
  /** The completely pooled terms that anchors move with, and where these were. */
  readonly terms: Int32Array;
  readonly at: Float64Array;
  /** Cells × terms, row-major: the derivative of a cell's b̂, or of a coupled cell's score. */
  readonly slopes: Float64Array;
}

export class Anchors {
  /** b̂ of each cell, or the score of a coupled one, at the last position. */
  readonly values: Float64Array;
  /** Gradients in the completely pooled coefficients by way of the anchors, gathered over cells. */
  readonly gradient: Float64Array;
  readonly #still: Float64Array;
  readonly #moves: AnchorMoves | null;
  readonly #away: Float64Array;

  /** @param still the anchors where the completely pooled terms were. */
  constructor(still: Float64Array, moves: AnchorMoves | null) {
    this.#still = still;
    this.#moves = moves;
    this.values = moves === null ? still : still.slice();
    const terms = moves?.terms.length ?? 0;
    this.gradient = new Float64Array(terms);
    this.#away = new Float64Array(terms);
  }

  /** Whether they move at all. */
  get move(): boolean {
    return this.#moves !== null;
  }

  /** Puts them where they are at the terms' values. */
  place(states: readonly TermState[]): void {
    if (this.#moves === null) return;
    const { terms, at, slopes } = this.#moves;
    const n = terms.length;
    for (let s = 0; s < n; s++) this.#away[s] = states[terms[s]].value - at[s];
    for (let c = 0; c < this.values.length; c++) {
      let value = this.#still[c];
      for (let s = 0; s < n; s++) value += slopes[c * n + s] * this.#away[s];
      this.values[c] = value;
    }
  }

  /** Adds to the gradients what a cell's anchor has: its own derivative. */
  add(cell: number, derivative: number): void {
    const n = this.gradient.length;
    for (let s = 0; s < n; s++) this.gradient[s] += this.#moves!.slopes[cell * n + s] * derivative;
  }

  /** The gradient of a completely pooled term; 0 of one that no anchor moves with. */
  gradientOf(term: number): number {
    const s = this.#moves === null ? -1 : this.#moves.terms.indexOf(term);
    return s < 0 ? 0 : this.gradient[s];
  }
}
