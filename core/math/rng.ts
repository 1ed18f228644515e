/** Random numbers that are the same everywhere: words of Philox, a counter a block of four, one stream a chain. */
import { log, sqrt } from './elementary.ts';
import { philox } from './philox.ts';

/** A generator's place, enough to go on exactly from there. */
export interface RngState {
  /** The seed's low 32 bits, the stream, and what is above the low bits. */
  readonly key: readonly [number, number, number];
  /** Blocks of four words used up. */
  readonly block: number;
  /** Words of the current block used up, 0 to 4. */
  readonly used: number;
  /** The second normal of the last pair, when it is still to be given. */
  readonly spare: number | null;
}

export class Rng {
  readonly #key: RngState['key'];
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

  /** The stream of that number (modulo 2³²) for the seed, a whole number of up to 2⁵³ − 1. Streams never overlap. */
  static of(seed: number, stream: number): Rng {
    return new Rng({ key: [seed >>> 0, stream >>> 0, Math.floor(seed / 2 ** 32) >>> 0], block: 0, used: 4, spare: null });
  }

  static restore(state: RngState): Rng {
    return new Rng(state);
  }

  save(): RngState {
    return { key: this.#key, block: this.#block, used: this.#used, spare: this.#spare };
  }

  #fill(block: number): void {
    const [seed, stream, high] = this.#key;
    philox(block, Math.floor(block / 2 ** 32), 0, high, seed, stream, this.#words);
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
