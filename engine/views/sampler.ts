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

/** Draws by tree depth, a chain each. */
export function treeDepthView({ draws, report }: ViewState): ViewOf<'tree_depth'> {
  const { treeDepth } = draws.statistics;
  const deepest = treeDepth.reduce((a, b) => Math.max(a, b), 0);
  const depths = Array.from({ length: deepest + 1 }, (_, d) => d);
  const chains = Array.from({ length: draws.chains }, (_, c) => {
    const counts = depths.map(() => 0);
    for (let i = 0; i < draws.draws; i++) counts[treeDepth[c * draws.draws + i]]++;
    return counts;
  });
  return { kind: 'tree_depth', depths, chains, hits: report.sampling.max_treedepth_hits };
}
