/** A few draws of every chain, for a look at a fit that leaves no time for all of them. */
import type { Draws } from '../../sampler/types.ts';

/** Evenly spaced draws of every chain, `perChain` of each; the sampler's statistics stay those of all draws. The same draws when there are no more. */
export function glanceAt(draws: Draws, perChain: number): Draws {
  if (perChain >= draws.draws) return draws;
  const { chains, parameters } = draws;
  const values = new Float64Array(parameters * chains * perChain);
  for (let column = 0; column < parameters * chains; column++) {
    for (let i = 0; i < perChain; i++) {
      values[column * perChain + i] = draws.values[column * draws.draws + Math.floor(((i + 0.5) * draws.draws) / perChain)];
    }
  }
  return { ...draws, draws: perChain, values };
}
