/** How the sampler went as a whole: its energies and its trees. */
import { meanOf } from '../../core/posterior/chains.ts';
import type { ViewOf } from '../../protocol/views.ts';
import { binsFor, countInto, extentOf } from './bins.ts';
import type { ViewState } from './state.ts';

/** Energies about their mean, and steps between successive ones: alike when momentum resampling explores well (Betancourt 2016). */
export function energyView({ draws, report }: ViewState): ViewOf<'energy'> {
  const { energy } = draws.statistics;
  const mean = meanOf(energy);
  const marginal = energy.map((e) => e - mean);
  const transition: number[] = [];
  for (let c = 0; c < draws.chains; c++)
    for (let i = 1; i < draws.draws; i++) transition.push(energy[c * draws.draws + i] - energy[c * draws.draws + i - 1]);
  const [a, b] = extentOf(marginal);
  const [c, d] = extentOf(transition);
  const edges = binsFor(Math.min(a, c), Math.max(b, d), null);
  return {
    kind: 'energy',
    lower: edges.lower,
    width: edges.width,
    marginal: countInto(edges, marginal),
    transition: countInto(edges, transition),
    bfmi: report.sampling.bfmi,
  };
}

/** Draws by tree depth, or by gradients where no chain grew trees; a chain each. */
export function treeDepthView({ draws, report }: ViewState): ViewOf<'tree_depth'> {
  const { treeDepth, leapfrogs } = draws.statistics;
  const trees = treeDepth.some((depth) => depth > 0);
  const length = trees ? treeDepth : leapfrogs;
  let longest = 0;
  for (const n of length) longest = Math.max(longest, n);
  const counts = Array.from({ length: draws.chains }, () => new Array<number>(longest + 1).fill(0));
  for (let i = 0; i < length.length; i++) counts[Math.floor(i / draws.draws)][length[i]]++;
  const lengths = Array.from({ length: longest + 1 }, (_, n) => n).filter((n) => counts.some((chain) => chain[n] > 0));
  const chains = counts.map((chain) => lengths.map((n) => chain[n]));
  return { kind: 'tree_depth', unit: trees ? 'depth' : 'gradients', lengths, chains, hits: report.sampling.max_treedepth_hits };
}
