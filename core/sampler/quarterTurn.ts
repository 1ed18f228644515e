/**
 * Hamiltonian Monte Carlo for a density that whitening has made nearly standard normal. For a normal, every trajectory
 * is a circle of period 2π, and a quarter of it gives an independent draw: there is no turn to look for, so the
 * trajectory's length is set beforehand, jittered so that no direction resonates (Neal 2011, "MCMC using Hamiltonian
 * dynamics", section 3.2), and its steps follow the normal part exactly (integrator.ts). A little more than a quarter
 * makes neighbouring draws lie on opposite sides, so that their mean is better than that of independent ones; much more would cost what
 * is even in a draw, squares and tails.
 */
import { exp } from '../math/elementary.ts';
import type { Rng } from '../math/rng.ts';
import { copyPoint, energyOf, type PhasePoint, phasePoint } from './integrator.ts';
import { type Kernel, type TransitionInfo, transitionInfo } from './kernel.ts';
import { MacroStep, type StepEnd } from './macroStep.ts';
import type { LogDensity } from './types.ts';

/** Length of a trajectory in radians: a normal's draws then have autocorrelation cos 1.75 = −0.18, their squares 0.03. */
const LENGTH = 1.75;
/** Half the width of the jitter, as a share of the length. */
const JITTER = 0.14;
/** While warm-up still looks for a step, a tiny one must not buy a trajectory of thousands. */
const MOST_STEPS = 12;

/** What a trajectory with steps that had to be cut is worth to the choice of a step size: it gets there, for more gradients. */
const CUT = 0.5;

/** How far apart energies may lie within one step. */
const TOLERANCE = 0.5;

export class QuarterTurn implements Kernel {
  readonly info = transitionInfo();
  readonly divergedAt: Float64Array;
  readonly #motion: MacroStep;
  readonly #moving: PhasePoint;

  constructor(density: LogDensity) {
    this.#motion = new MacroStep(density, true, TOLERANCE);
    this.divergedAt = new Float64Array(density.dimension);
    this.#moving = phasePoint(density.dimension);
  }

  /** Replaces `state` by the next draw; the trajectory takes as many steps of about `stepSize` as a quarter turn needs, up to MOST_STEPS. */
  step(rng: Rng, state: PhasePoint, stepSize: number): TransitionInfo {
    const { info } = this;
    rng.normals(state.p);
    const moving = this.#moving;
    copyPoint(state, moving);
    const length = LENGTH * (1 + JITTER * (2 * rng.uniform() - 1));
    const steps = Math.min(MOST_STEPS, Math.max(1, Math.round(length / stepSize)));
    const angle = steps < MOST_STEPS ? length / steps : Math.min(stepSize, length / steps);
    const energy0 = energyOf(state);
    const motion = this.#motion;
    motion.evaluations = 0;
    motion.cut = 0;
    let end: StepEnd = 'moved';
    for (let i = 0; i < steps && end === 'moved'; i++) end = motion.advance(moving, angle);
    const gain = energy0 - energyOf(moving);
    info.leapfrogs = motion.evaluations;
    info.diverging = end === 'diverged';
    info.acceptance = end !== 'moved' ? 0 : gain > 0 ? 1 : exp(gain);
    info.ease = motion.cut > 0 ? CUT * info.acceptance : info.acceptance;
    if (info.diverging) this.divergedAt.set(moving.z);
    if (rng.uniform() < info.acceptance) copyPoint(moving, state);
    info.energy = energyOf(state);
    return info;
  }
}
