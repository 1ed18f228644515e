/**
 * Standard normals for exact conditional draws, in plain TypeScript: the twin that the compiled `fillNormals` is held against.
 * Every number follows from the seed, the stream, the number of the draw and its own place in it; all are independent.
 */
import type { DrawPlace } from '../../../core/math/drawPlace.ts';
import { normalQuantile } from '../../../core/math/normal.ts';
import { philox } from '../../../core/math/philox.ts';

/** Fills `out`, whose length is even. */
export function fillNormals(out: Float64Array, { seed, stream, draw }: DrawPlace): void {
  const words = new Uint32Array(4);
  for (let i = 0; i < out.length; i += 2) {
    philox(i / 2, draw, 0, Math.floor(seed / 2 ** 32), seed >>> 0, stream >>> 0, words);
    out[i] = normal(words[0], words[1]);
    out[i + 1] = normal(words[2], words[3]);
  }
}

/** 52 bits say where in its half of the distribution a number lies, so that both tails have all their digits; another bit which half. */
function normal(high: number, low: number): number {
  const u = ((high >>> 6) * 2 ** 26 + (low >>> 6) + 0.5) * 2 ** -52;
  const z = normalQuantile(0.5 * u);
  return (low & 1) === 1 ? -z : z;
}
