/** How the sampler went as a whole: its energies and its trees. Both read every draw, so they are worked out once a fit. */
import { meanOf } from '../../core/posterior/diagnose/chains.ts';
import type { Draws } from '../../core/sampler/types.ts';
import type { ViewOf } from '../../protocol/views.ts';
import { binOf, binsFor } from './bins.ts';
import type { ViewState } from './state.ts';

type Counted<K extends 'energy' | 'tree_depth', Rest extends string> = Omit<ViewOf<K>, Rest>;
const energies = new WeakMap<Draws, Counted<'energy', 'bfmi'>>();
const depths = new WeakMap<Draws, Counted<'tree_depth', 'hits'>>();

/** Energies about their mean, and steps between successive ones: alike when momentum resampling explores well (Betancourt 2016). */
export function energyView({ draws, report }: ViewState): ViewOf<'energy'> {
  return { ...once(energies, draws, countEnergies), bfmi: report.sampling.bfmi };
}

/** Draws by tree depth, or by gradients where no chain grew trees; a chain each. */
export function treeDepthView({ draws, report }: ViewState): ViewOf<'tree_depth'> {
  return { ...once(depths, draws, countLengths), hits: report.sampling.max_treedepth_hits };
}

function once<T>(known: WeakMap<Draws, T>, draws: Draws, make: (draws: Draws) => T): T {
  const found = known.get(draws) ?? make(draws);
  known.set(draws, found);
  return found;
}

function countEnergies({ chains, draws, statistics: { energy } }: Draws): Counted<'energy', 'bfmi'> {
  const mean = meanOf(energy);
  let low = 0;
  let high = 0;
  for (let i = 0; i < chains * draws; i++) {
    const about = energy[i] - mean;
    const change = i % draws === 0 ? 0 : energy[i] - energy[i - 1];
    low = Math.min(low, about, change);
    high = Math.max(high, about, change);
  }
  const edges = binsFor(low, high, null);
  const marginal = new Array<number>(edges.bins).fill(0);
  const transition = new Array<number>(edges.bins).fill(0);
  for (let i = 0; i < chains * draws; i++) {
    const k = binOf(edges, energy[i] - mean);
    if (k >= 0) marginal[k]++;
    if (i % draws === 0) continue;
    const step = binOf(edges, energy[i] - energy[i - 1]);
    if (step >= 0) transition[step]++;
  }
  return { kind: 'energy', lower: edges.lower, width: edges.width, marginal, transition };
}

function countLengths({ chains, draws, statistics: { treeDepth, leapfrogs } }: Draws): Counted<'tree_depth', 'hits'> {
  const trees = largest(treeDepth) > 0;
  const length = trees ? treeDepth : leapfrogs;
  const longest = largest(length);
  const counts = Array.from({ length: chains }, (_, c) => {
    const own = new Uint32Array(longest + 1);
    for (let i = c * draws; i < (c + 1) * draws; i++) own[length[i]]++;
    return own;
  });
  const lengths = Array.from({ length: longest + 1 }, (_, n) => n).filter((n) => counts.some((chain) => chain[n] > 0));
  return { kind: 'tree_depth', unit: trees ? 'depth' : 'gradients', lengths, chains: counts.map((chain) => lengths.map((n) => chain[n])) };
}

function largest(values: Uint8Array | Uint32Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}
