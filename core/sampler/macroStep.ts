/**
 * One step of a trajectory, cut finer where the density bends more than its step size allows: walls, funnels and flat tails need no smaller
 * steps elsewhere (Bou-Rabee, Carpenter, Kleppe & Liu 2025, "The within-orbit adaptive leapfrog no-U-turn sampler", with the smallest number of
 * cuts instead of a random one). A step of 2^k parts is taken with the smallest k whose energies stay within a tolerance; it counts only
 * if a step back would be cut into as many parts. Each step is then its own inverse with the momentum reversed, and preserves volume.
 */
import { copyPoint, energyOf, leapfrog, type PhasePoint, phasePoint, sinCos, stepPhase } from './integrator.ts';
import type { LogDensity } from './types.ts';

/** An energy error above which a trajectory counts as divergent. */
const MAX_ENERGY_ERROR = 1000;
/** A step is cut into 2^6 parts at most. */
const MOST_CUTS = 6;

/**
 * What became of a step: `moved`; `blocked`, where a step back would be cut otherwise, so that the trajectory ends here, without fault;
 * `diverged`, where even the finest parts lose the energy.
 */
export type StepEnd = 'moved' | 'blocked' | 'diverged';

export class MacroStep {
  /** Gradients evaluated since it was last set to 0. */
  evaluations = 0;
  /** Steps that were cut, since it was last set to 0. */
  cut = 0;
  readonly #density: LogDensity;
  readonly #rotating: boolean;
  readonly #tolerance: number;
  readonly #start: PhasePoint;
  readonly #back: PhasePoint;

  /**
   * @param rotating whether parts follow a standard normal exactly (`stepPhase`); else they are leapfrogs.
   * @param tolerance how far apart energies may lie within one step.
   */
  constructor(density: LogDensity, rotating: boolean, tolerance: number) {
    this.#tolerance = tolerance;
    this.#density = density;
    this.#rotating = rotating;
    this.#start = phasePoint(density.dimension);
    this.#back = phasePoint(density.dimension);
  }

  /** Advances `at` by the signed size; after `diverged` it lies where the finest parts led. */
  advance(at: PhasePoint, size: number): StepEnd {
    const energy = energyOf(at);
    copyPoint(at, this.#start);
    for (let cuts = 0; ; cuts++) {
      const error = this.#parts(at, size, cuts, energy);
      if (error <= this.#tolerance || (cuts === MOST_CUTS && error < MAX_ENERGY_ERROR)) {
        return this.#comesBack(at, size, cuts) ? 'moved' : 'blocked';
      }
      if (cuts === MOST_CUTS) return 'diverged';
      if (cuts === 0) this.cut++;
      copyPoint(this.#start, at);
    }
  }

  /** Takes a step in 2^cuts parts; returns the range of the energies at its parts' ends, NaN where one is not finite. */
  #parts(at: PhasePoint, size: number, cuts: number, energy: number): number {
    const count = 1 << cuts;
    const part = size / count;
    const [sin, cos] = this.#rotating ? sinCos(part) : UNUSED;
    let low = energy;
    let high = energy;
    for (let i = 0; i < count; i++) {
      if (this.#rotating) stepPhase(this.#density, at, part, sin, cos);
      else leapfrog(this.#density, at, part);
      this.evaluations++;
      const now = energyOf(at);
      if (now < low) low = now;
      else if (now > high) high = now;
      else if (Number.isNaN(now)) return Number.NaN;
      if (high - low > MAX_ENERGY_ERROR) return high - low;
    }
    return high - low;
  }

  /** Whether a step back from `at` would be cut into as many parts. */
  #comesBack(at: PhasePoint, size: number, cuts: number): boolean {
    const energy = energyOf(at);
    for (let fewer = 0; fewer < cuts; fewer++) {
      copyPoint(at, this.#back);
      if (this.#parts(this.#back, -size, fewer, energy) <= this.#tolerance) return false;
    }
    return true;
  }
}

const UNUSED: readonly [number, number] = [0, 1];
