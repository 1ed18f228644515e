/**
 * Standard normals for exact conditional draws, in plain TypeScript: the twin that the compiled `fillNormals` is held against.
 *
 * Every number follows from the seed, the stream, the number of the draw and its own place in it. Each is exactly normal and all of a
 * draw are independent; but four draws in a row, 4k to 4k + 3, take one number each from the four quarters of the distribution, in an
 * order that is random for each place (Latin hypercube sampling: McKay, Beckman & Conover 1979). Means over draws then err less.
 * The orders are p → a p + c in the field of four elements, with random a ≠ 0 and c: any two draws are then as any other two.
 */
import { normalQuantile } from '../math/normal.ts';
import { philox } from '../sampler/philox.ts';

/** A draw among all draws of all chains: what is random about it follows from these. */
export interface DrawPlace {
  /** A whole number of up to 2⁵³ − 1. */
  readonly seed: number;
  /** One a chain. */
  readonly stream: number;
  /** Counts from 0. */
  readonly draw: number;
}

/** Products in the field of four elements: of a = 1, 2, 3 (rows) with 0 to 3. */
const PRODUCTS = [
  [0, 1, 2, 3],
  [0, 2, 3, 1],
  [0, 3, 1, 2],
];
const UNIFORMS = 0;
const STRATA = 1;

/** Fills `out`, whose length is a multiple of four. */
export function fillNormals(out: Float64Array, { seed, stream, draw }: DrawPlace): void {
  const words = new Uint32Array(4);
  const next = (block: number, counter: number, use: number): Uint32Array => {
    philox(block, counter, use, Math.floor(seed / 2 ** 32), seed >>> 0, stream >>> 0, words);
    return words;
  };
  for (let i = 0; i < out.length; i += 4) {
    const quarters = Array.from(next(i / 4, draw >>> 2, STRATA), (word) => PRODUCTS[((word >>> 16) * 3) >>> 16][draw & 3] ^ (word & 3));
    for (let j = 0; j < 4; j += 2) {
      const [a, b, c, d] = next(i / 2 + j / 2, draw, UNIFORMS);
      out[i + j] = within(quarters[j], a, b);
      out[i + j + 1] = within(quarters[j + 1], c, d);
    }
  }
}

/** The upper quarters mirror the lower ones, so that both tails have all their digits. */
function within(quarter: number, high: number, low: number): number {
  const u = ((high >>> 6) * 2 ** 26 + (low >>> 6) + 0.5) * 2 ** -52;
  return quarter > 1 ? -normalQuantile(0.25 * (3 - quarter + u)) : normalQuantile(0.25 * (quarter + u));
}
