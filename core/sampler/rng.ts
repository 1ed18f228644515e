/**
 * Random numbers that are the same everywhere: Philox4x32-10, a counter-based generator
 * (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"), one stream a chain.
 */
import { log, sqrt } from '../math/elementary.ts';

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** The high 32 bits of an unsigned 32 × 32 product. */
function mulHigh(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const low = al * bl;
  const mid1 = ah * bl + (low >>> 16);
  const mid2 = al * bh + (mid1 & 0xffff);
  return (ah * bh + Math.floor(mid1 / 0x10000) + Math.floor(mid2 / 0x10000)) >>> 0;
}

/** A generator's place, enough to go on exactly from there. */
export interface RngState {
  readonly key: readonly [number, number];
  /** Blocks of four words used up. */
  readonly block: number;
  /** Words of the current block used up, 0 to 4. */
  readonly used: number;
  /** The second normal of the last pair, when it is still to be given. */
  readonly spare: number | null;
}

export class Rng {
  readonly #key: readonly [number, number];
  readonly #words = new Uint32Array(4);
  #block: number;
  #used: number;
  #spare: number | null;

  private constructor(state: RngState) {
    this.#key = state.key;
    this.#block = state.block;
    this.#used = state.used;
    this.#spare = state.spare;
    if (state.used < 4) this.#fill(state.block - 1);
  }

  /** The stream of that number for the seed; both are whole numbers taken modulo 2³². Streams never overlap. */
  static of(seed: number, stream: number): Rng {
    return new Rng({ key: [seed >>> 0, stream >>> 0], block: 0, used: 4, spare: null });
  }

  static restore(state: RngState): Rng {
    return new Rng(state);
  }

  save(): RngState {
    return { key: this.#key, block: this.#block, used: this.#used, spare: this.#spare };
  }

  #fill(block: number): void {
    let c0 = block >>> 0;
    let c1 = Math.floor(block / 2 ** 32) >>> 0;
    let c2 = 0;
    let c3 = 0;
    let [k0, k1] = this.#key;
    for (let round = 0; round < ROUNDS; round++) {
      const high0 = mulHigh(MULTIPLIER_0, c0);
      const low0 = Math.imul(MULTIPLIER_0, c0);
      const high1 = mulHigh(MULTIPLIER_1, c2);
      const low1 = Math.imul(MULTIPLIER_1, c2);
      c0 = high1 ^ c1 ^ k0;
      c1 = low1;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 = (k0 + WEYL_0) | 0;
      k1 = (k1 + WEYL_1) | 0;
    }
    this.#words[0] = c0;
    this.#words[1] = c1;
    this.#words[2] = c2;
    this.#words[3] = c3;
  }

  /** A whole number from 0 to 2³² − 1. */
  word(): number {
    if (this.#used === 4) {
      this.#fill(this.#block++);
      this.#used = 0;
    }
    return this.#words[this.#used++];
  }

  /** Uniform on the open interval (0, 1), on a grid of 2⁻⁵³ shifted by half a step. */
  uniform(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 0x4000000 + low + 0.5) * 2 ** -53;
  }

  /** Standard normal, by Marsaglia's polar method. */
  normal(): number {
    if (this.#spare !== null) {
      const value = this.#spare;
      this.#spare = null;
      return value;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = sqrt((-2 * log(s)) / s);
      this.#spare = v * factor;
      return u * factor;
    }
  }

  /** Exponential with rate 1. */
  exponential(): number {
    return -log(this.uniform());
  }

  /** Fills an array with standard normals. */
  normals(out: Float64Array): void {
    for (let i = 0; i < out.length; i++) out[i] = this.normal();
  }
}
