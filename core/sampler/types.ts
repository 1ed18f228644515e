/** What a sampler works on and what it leaves behind. */

/** A differentiable log density over ℝ^dimension, up to a constant. */
export interface LogDensity {
  readonly dimension: number;
  /**
   * Writes the gradient at `position` and returns the log density. A value that is not finite is a recoverable error:
   * the sampler takes it for a divergence. Anything thrown stops the run.
   */
  evaluate(position: Float64Array, gradient: Float64Array): number;
}

/** Statistics of every draw after warm-up; each array is chains × draws, row-major. */
export interface SamplerStatistics {
  readonly logDensity: Float64Array;
  readonly energy: Float64Array;
  readonly acceptance: Float64Array;
  readonly stepSize: Float64Array;
  readonly treeDepth: Uint8Array;
  readonly leapfrogs: Uint32Array;
  readonly diverging: Uint8Array;
}

/** Draws after warm-up. */
export interface Draws {
  readonly chains: number;
  /** Per chain. */
  readonly draws: number;
  /** Number of unmasked scalars. */
  readonly parameters: number;
  /** parameters × chains × draws, row-major: each scalar's draws lie together, chain after chain. */
  readonly values: Float64Array;
  readonly statistics: SamplerStatistics;
  /** Positions (unconstrained) at which trajectories diverged, at most 1,000. */
  readonly divergences: readonly Float64Array[];
  /** Gradient evaluations, warm-up included. */
  readonly gradientEvaluations: number;
}

/** The draws of one scalar: a view, chains × draws. */
export function drawsOf(d: Draws, index: number): Float64Array {
  const size = d.chains * d.draws;
  return d.values.subarray(index * size, (index + 1) * size);
}
