import type { Draws } from '../../../core/sampler/types.ts';

/** Draws of a run without trouble around the given values, one array of chains × draws a parameter. */
export function makeDraws(
  chains: number,
  draws: number,
  parameters: readonly Float64Array[],
  changes: Partial<Draws['statistics']> = {},
): Draws {
  const size = chains * draws;
  const values = new Float64Array(parameters.length * size);
  parameters.forEach((column, i) => {
    values.set(column, i * size);
  });
  // A chain of independent energies: E-BFMI about 2.
  const energy = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i + 0.3 * i) * 3);
  return {
    chains,
    draws,
    parameters: parameters.length,
    values,
    statistics: {
      logDensity: new Float64Array(size),
      energy,
      acceptance: new Float64Array(size).fill(0.8),
      stepSize: new Float64Array(size).fill(0.5),
      treeDepth: new Uint8Array(size).fill(3),
      leapfrogs: new Uint32Array(size).fill(7),
      diverging: new Uint8Array(size),
      ...changes,
    },
    divergences: [],
    gradientEvaluations: 7 * size,
  };
}
