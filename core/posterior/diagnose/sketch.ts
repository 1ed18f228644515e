/** What pictures of a scalar need of all its draws, worked out once while they are in order: some thousand numbers, however many draws there are. */
import { normalQuantile } from '../../math/normal.ts';
import { Sorter } from '../../math/sort.ts';
import { type Draws, drawsOf } from '../../sampler/types.ts';
import { quantileOfSorted } from './interval.ts';

export interface Sketch {
  /** Evenly spaced quantiles, ascending, with the same share of the draws each; all draws when they are no more. */
  readonly quantiles: Float64Array;
  /** chains × RANK_BINS: how many draws of a chain have their rank among all draws in the bin. Equal draws rank in the order they came in. */
  readonly ranks: Uint32Array;
  readonly blocks: Blocks;
}

/** Neighbouring draws of a chain taken together; each array is chains × `count`, a mean a block. */
export interface Blocks {
  /** Draws in a block; the last of a chain may have fewer. */
  readonly size: number;
  /** Blocks in a chain. */
  readonly count: number;
  /** Normal scores of the ranks among all draws, and their squares. */
  readonly scores: Float32Array;
  readonly squares: Float32Array;
  /** Share of draws up to the 5 % and up to the 95 % quantile of all draws. */
  readonly low: Float32Array;
  readonly high: Float32Array;
}

export const RANK_BINS = 20;
/** Of no more draws than this (all chains together) a sketch takes so little time that none is kept. */
export const FEW_DRAWS = 20_000;
const QUANTILES = 2000;
/** Blocks of a chain, at the most; and draws in a block of many, at the least, so that a sketch is small beside its draws. */
const MOST_BLOCKS = 2000;
const LEAST_SIZE = 8;
/** Ranks that share a normal score, at the most: 1 / SCORES of them. */
const SCORES = 4096;

/**
 * @param sorted all draws in ascending order.
 * @param order their indices, chain after chain, in that order.
 */
export function sketchOf(sorted: Float64Array, order: Uint32Array, chains: number, draws: number): Sketch {
  return { quantiles: quantilesOf(sorted), ranks: ranksOf(order, chains, draws), blocks: blocksOf(sorted, order, chains, draws) };
}

/** The sketch of one scalar of a fit, from its draws. */
export function sketchDraws(draws: Draws, index: number): Sketch {
  const values = drawsOf(draws, index);
  const order = new Sorter().order(values);
  const sorted = Float64Array.from(order, (i) => values[i]);
  return sketchOf(sorted, order, draws.chains, draws.draws);
}

function quantilesOf(sorted: Float64Array): Float64Array {
  const n = sorted.length;
  if (n <= QUANTILES) return sorted.slice();
  return Float64Array.from({ length: QUANTILES }, (_, k) => quantileOfSorted(sorted, (k + 0.5) / QUANTILES));
}

function ranksOf(order: Uint32Array, chains: number, draws: number): Uint32Array {
  const ranks = new Uint32Array(chains * RANK_BINS);
  const n = order.length;
  for (let bin = 0; bin < RANK_BINS; bin++) {
    const end = Math.ceil(((bin + 1) * n) / RANK_BINS);
    for (let i = Math.ceil((bin * n) / RANK_BINS); i < end; i++) ranks[Math.floor(order[i] / draws) * RANK_BINS + bin]++;
  }
  return ranks;
}

/** Equal draws share the score of their middle rank. */
function blocksOf(sorted: Float64Array, order: Uint32Array, chains: number, draws: number): Blocks {
  const n = sorted.length;
  const size = Math.max(n > FEW_DRAWS ? LEAST_SIZE : 1, Math.ceil(draws / MOST_BLOCKS));
  const count = Math.ceil(draws / size);
  const [scores, squares, low, high] = Array.from({ length: 4 }, () => new Float64Array(chains * count));
  const [q5, q95] = [quantileOfSorted(sorted, 0.05), quantileOfSorted(sorted, 0.95)];
  const levels = Math.min(n, SCORES);
  // By twice the rank, which is whole for the middle of equal draws, too.
  const ofRank = Float64Array.from({ length: 2 * levels }, (_, k) => normalQuantile(Math.max(1, k) / (2 * levels)));
  for (let i = 0; i < n; ) {
    const value = sorted[i];
    let end = i + 1;
    while (end < n && sorted[end] === value) end++;
    const score = ofRank[Math.floor(((i + end) * levels) / n)];
    for (; i < end; i++) {
      const draw = order[i];
      const chain = Math.floor(draw / draws);
      const block = chain * count + Math.floor((draw - chain * draws) / size);
      scores[block] += score;
      squares[block] += score * score;
      if (value <= q5) low[block]++;
      if (value <= q95) high[block]++;
    }
  }
  const means = (sums: Float64Array): Float32Array => Float32Array.from(sums, (sum, k) => sum / Math.min(size, draws - (k % count) * size));
  return { size, count, scores: means(scores), squares: means(squares), low: means(low), high: means(high) };
}
