/** What every way of moving a chain by one draw has in common. */

import type { Rng } from '../math/rng.ts';
import type { PhasePoint } from './integrator.ts';

export interface TransitionInfo {
  /** Mean Metropolis acceptance probability over the trajectory. */
  acceptance: number;
  /** What the step size is adapted by: the acceptance, or less where steps had to be cut. */
  ease: number;
  /** Gradient evaluations. */
  leapfrogs: number;
  /** Doublings of the trajectory; 0 where its length was set beforehand. */
  depth: number;
  diverging: boolean;
  /** Hamiltonian of the state drawn. */
  energy: number;
}

export interface Kernel {
  /** Of the last step; the same object every time. */
  readonly info: TransitionInfo;
  /** The last point that diverged, in the density's coordinates. */
  readonly divergedAt: Float64Array;
  /** Replaces `state` (z, gradient, logDensity) by the next draw; its momentum is drawn anew. */
  step(rng: Rng, state: PhasePoint, stepSize: number): TransitionInfo;
}

export const transitionInfo = (): TransitionInfo => ({ acceptance: 0, ease: 0, leapfrogs: 0, depth: 0, diverging: false, energy: 0 });
