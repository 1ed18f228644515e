import { describe, expect, it } from 'vitest';
import { Rng } from '../../../../core/math/rng.ts';
import { Diagnostician } from '../../../../core/posterior/diagnose/diagnostics.ts';
import { essGrowth } from '../../../../core/posterior/diagnose/growth.ts';
import { quantileOfSorted } from '../../../../core/posterior/diagnose/interval.ts';
import { RANK_BINS, type Sketch, sketchDraws } from '../../../../core/posterior/diagnose/sketch.ts';
import { makeDraws } from '../makeDraws.ts';

/** Chains of an autoregression of order 1 with unit variance; every third value repeated when `rounded`. */
function autoregression(chains: number, draws: number, phi: number, seed = 3, rounded = false): Float64Array {
  const out = new Float64Array(chains * draws);
  for (let c = 0; c < chains; c++) {
    const rng = Rng.of(seed, c);
    let x = rng.normal();
    for (let i = 0; i < draws; i++) {
      x = phi * x + Math.sqrt(1 - phi * phi) * rng.normal();
      out[c * draws + i] = rounded ? Math.round(x * 4) / 4 : x;
    }
  }
  return out;
}

const sketchOfValues = (values: Float64Array, chains: number, draws: number): Sketch => sketchDraws(makeDraws(chains, draws, [values]), 0);

describe('a sketch', () => {
  it.each([
    [4, 250],
    [3, 1001],
    [4, 6000],
    [1, 7],
  ])('of %i × %i draws holds their quantiles, ranks and blocks', (chains, draws) => {
    const values = autoregression(chains, draws, 0.3);
    const { quantiles, ranks, blocks } = sketchOfValues(values, chains, draws);
    const sorted = values.slice().sort();
    expect(quantiles.length).toBe(Math.min(2000, sorted.length));
    for (const [k, q] of quantiles.entries()) {
      const share = quantiles.length === sorted.length ? k / Math.max(1, sorted.length - 1) : (k + 0.5) / quantiles.length;
      expect(q).toBeCloseTo(quantileOfSorted(sorted, share), 12);
    }
    const expected = new Uint32Array(chains * RANK_BINS);
    const place = new Map(Array.from(values, (value, i) => [value, i]));
    sorted.forEach((value, rank) => {
      expected[Math.floor(place.get(value)! / draws) * RANK_BINS + Math.floor((rank * RANK_BINS) / sorted.length)]++;
    });
    expect(ranks).toEqual(expected);
    expect(blocks.scores.length).toBe(chains * blocks.count);
    expect(blocks.count).toBe(Math.ceil(draws / blocks.size));
    const lastSize = draws - (blocks.count - 1) * blocks.size;
    const sum = (means: Float32Array): number =>
      means.reduce((total, m, k) => total + m * (k % blocks.count === blocks.count - 1 ? lastSize : blocks.size), 0);
    expect(sum(blocks.scores) / sorted.length).toBeCloseTo(0, 2);
    expect(sum(blocks.low)).toBeCloseTo(values.filter((v) => v <= quantileOfSorted(sorted, 0.05)).length, 2);
    expect(sum(blocks.high)).toBeCloseTo(values.filter((v) => v <= quantileOfSorted(sorted, 0.95)).length, 2);
  });

  it('is small beside many draws', () => {
    const [chains, draws] = [4, 50_000];
    const { quantiles, ranks, blocks } = sketchOfValues(autoregression(chains, draws, 0), chains, draws);
    const bytes = [quantiles, ranks, blocks.scores, blocks.squares, blocks.low, blocks.high].reduce((n, a) => n + a.byteLength, 0);
    expect(bytes).toBeLessThan(0.15 * 8 * chains * draws);
  });

  it('gives equal draws the same score', () => {
    const { blocks } = sketchOfValues(Float64Array.of(1, 1, 1, 1, 2, 2, 2, 2), 2, 4);
    expect(new Set(blocks.scores.subarray(0, 4)).size).toBe(1);
    expect(blocks.scores[0]).toBeCloseTo(-blocks.scores[7], 6);
  });
});

describe('growth of the effective sample size', () => {
  const exact = (values: Float64Array, chains: number, draws: number, first: number) => {
    const part = new Float64Array(chains * first);
    for (let c = 0; c < chains; c++) part.set(values.subarray(c * draws, c * draws + first), c * first);
    return new Diagnostician().diagnose(part, chains, first);
  };

  it.each([
    [-0.5, 1000, false],
    [0.5, 1000, false],
    [0, 12_000, false],
    [0.7, 12_000, false],
    [0.95, 12_000, false],
    [0.5, 12_000, true],
  ])('of an autoregression with %f, 4 × %i draws, is that of all draws', (phi, draws, rounded) => {
    const values = autoregression(4, draws, phi, 11, rounded);
    const points = essGrowth(sketchOfValues(values, 4, draws).blocks, 4, draws, 6);
    expect(points.length).toBe(6);
    expect(points.at(-1)!.total).toBe(4 * draws);
    for (const { total, bulk, tail } of points) {
      const d = exact(values, 4, draws, total / 4);
      const slack = total < 4 * draws ? 0.35 : 0.15;
      expect(Math.abs(bulk / d.essBulk - 1), `bulk of ${total}`).toBeLessThan(slack);
      expect(Math.abs(tail / d.essTail - 1), `tail of ${total}`).toBeLessThan(2 * slack);
    }
  });

  it('sees chains that disagree', () => {
    const draws = 6000;
    const values = autoregression(4, draws, 0);
    for (let i = 0; i < draws; i++) values[i] += 4;
    const last = essGrowth(sketchOfValues(values, 4, draws).blocks, 4, draws, 12).at(-1)!;
    expect(last.bulk).toBeLessThan(40);
    expect(last.bulk).toBeGreaterThan(2);
  });

  it('says nothing of draws that are all equal, and of very few', () => {
    const same = essGrowth(sketchOfValues(new Float64Array(400).fill(2), 4, 100).blocks, 4, 100, 4);
    expect(same.every((p) => Number.isNaN(p.bulk))).toBe(true);
    expect(essGrowth(sketchOfValues(Float64Array.of(1, 2, 3), 1, 3).blocks, 1, 3, 12).at(-1)?.total).toBe(3);
  });
});
