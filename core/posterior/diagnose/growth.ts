/** How the effective sample size grew while draws came in, from means of neighbouring draws. */
import { meanOf, squaresAbout } from './chains.ts';
import { EssWorkspace } from './ess.ts';
import type { Blocks } from './sketch.ts';

/** Bulk and tail ESS after `total` draws of all chains; NaN where the draws so far do not say. */
export interface GrowthPoint {
  readonly total: number;
  readonly bulk: number;
  readonly tail: number;
}

/** Fewer blocks of a chain have no autocorrelation to speak of. */
const FEWEST_BLOCKS = 8;

/**
 * The ESS of the first 1 / points, 2 / points, … of every chain.
 *
 * With blocks of b draws the mean of all is the same, so its variance can be told from theirs: the ESS of the draws is that of the block means
 * times the variance of a draw over that of a block mean. Ranks are those among all draws, not among the first ones.
 */
export function essGrowth(blocks: Blocks, chains: number, draws: number, points: number): GrowthPoint[] {
  const { scores, squares, low, high, size, count } = blocks;
  const workspace = new EssWorkspace();
  const [z, zz, below5, below95] = [scores, squares, low, high].map((means) => Float64Array.from(means));
  const out: GrowthPoint[] = [];
  for (let k = 1; k <= points; k++) {
    const first = Math.floor((count * k) / points);
    if (first < Math.min(FEWEST_BLOCKS, count)) continue;
    const halves = firstHalves(chains, count, first);
    // The square of an indicator is the indicator.
    const ess = (means: Float64Array, ofSquares: Float64Array): number => {
      const [fine, coarse] = variances(means, ofSquares, halves);
      return coarse > 0 ? (workspace.ess(means, halves) * fine) / coarse : Number.NaN;
    };
    const total = Math.min(draws, first * size) * chains;
    out.push({ total, bulk: ess(z, zz), tail: Math.min(ess(below5, below5), ess(below95, below95)) });
  }
  return out;
}

interface Parts {
  readonly starts: readonly number[];
  readonly length: number;
}

/** The halves of the first blocks of every chain. */
function firstHalves(chains: number, count: number, first: number): Parts {
  const length = first >> 1;
  return { starts: Array.from({ length: chains }, (_, c) => [c * count, c * count + first - length]).flat(), length };
}

/** The variance within halves and between them, of a draw and of a block's mean. */
function variances(means: Float64Array, squares: Float64Array, { starts, length }: Parts): [number, number] {
  const centres = Float64Array.from(starts, (start) => meanOf(means, start, length));
  const between = squaresAbout(meanOf(centres), centres) / Math.max(1, centres.length - 1);
  let fine = 0;
  let coarse = 0;
  starts.forEach((start, i) => {
    fine += (meanOf(squares, start, length) - centres[i] ** 2) / starts.length;
    coarse += squaresAbout(centres[i], means, start, length) / length / starts.length;
  });
  return [fine + between, coarse + between];
}
