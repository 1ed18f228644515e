import { describe, expect, it } from 'vitest';
import { continueChains, joinChains, restOf } from '../../../engine/sample/draws.ts';
import type { ChainResult } from '../../../engine/sample/turns.ts';

const WIDTH = 3;

/** Draws `from` to `to` of a chain whose every number tells where it is from. */
function part(chain: number, from: number, to: number): ChainResult {
  const of = (column: number): Float64Array => Float64Array.from({ length: to - from }, (_, i) => 1000 * column + 100 * chain + from + i);
  return {
    draws: to - from,
    values: Float64Array.from(
      { length: (to - from) * WIDTH },
      (_, k) => 10_000 * chain + 10 * (from + Math.floor(k / WIDTH)) + (k % WIDTH),
    ),
    logDensity: of(1),
    energy: of(2),
    acceptance: of(3),
    stepSize: of(4),
    treeDepth: Uint8Array.from(of(0), (x) => x % 7),
    leapfrogs: Uint32Array.from(of(5)),
    diverging: Uint8Array.from(of(0), (x) => x % 2),
    divergences: [Float64Array.of(chain, to)],
    evaluations: to - from,
    state: null,
  };
}

describe('chains joined', () => {
  const whole = joinChains([part(0, 0, 30), part(1, 0, 30), part(2, 0, 30)], WIDTH);

  it('lie scalar by scalar, chain after chain', () => {
    expect([whole.chains, whole.draws, whole.parameters]).toEqual([3, 30, WIDTH]);
    for (const [scalar, chain, draw] of [
      [0, 0, 0],
      [2, 1, 17],
      [1, 2, 29],
    ])
      expect(whole.values[(scalar * 3 + chain) * 30 + draw]).toBe(10_000 * chain + 10 * draw + scalar);
  });

  it.each([
    ['of equal length', [10, 10, 10]],
    ['cut to the shortest by a stop', [12, 10, 17]],
    ['that a stop left without a draw', [3, 0, 2]],
  ])('%s go on as one long run, and keep no draw twice', (_, stops) => {
    const first = stops.map((stop, c) => part(c, 0, stop));
    const draws = joinChains(first, WIDTH);
    const kept = first.map((c) => restOf(c, draws.draws));
    expect(kept.map((c) => c.draws)).toEqual(stops.map((stop) => stop - Math.min(...stops)));
    expect(kept.map((c) => c.values.length)).toEqual(kept.map((c) => c.draws * WIDTH));
    const later = stops.map((stop, c) => part(c, stop, 30));
    const all = joinChains(continueChains(kept, later), WIDTH, draws);
    expect(all.values).toEqual(whole.values);
    expect(all.statistics).toEqual(whole.statistics);
    expect(all.gradientEvaluations).toBe(whole.gradientEvaluations);
    expect(all.divergences.length).toBe(6);
  });
});
