/** What warm-up learns: a step size by dual averaging, and diagonal coordinates from draws and gradients together. */
import { exp, log, sqrt } from '../math/elementary.ts';

/**
 * Steps are angles of the rotation that a normal target follows exactly: one of these makes a trajectory, where the target is near enough to a normal.
 */
export const MAX_STEP = 1.8;
const SHRINKAGE = 0.08;
const STABILISATION = 10;
const DECAY = 0.75;

/** Nesterov's dual averaging of log ε towards a target acceptance (Hoffman & Gelman 2014, section 3.2). */
export class StepSizeAdaptation {
  readonly #target: number;
  readonly #least: number;
  #mu = 0;
  #count = 0;
  #error = 0;
  #logStep = 0;
  #logAverage = 0;

  /** @param least no step is smaller: where a kernel wants to go below, the chain changes to another. */
  constructor(target: number, initial: number, least = 0) {
    this.#target = target;
    this.#least = least > 0 ? log(least) : Number.NEGATIVE_INFINITY;
    this.restart(initial);
  }

  /** Starts afresh near a step size, as after a change of coordinates. */
  restart(initial: number): void {
    this.#mu = log(2 * initial);
    this.#count = 0;
    this.#error = 0;
    this.#logStep = log(initial);
    this.#logAverage = 0;
  }

  update(acceptance: number): void {
    this.#count++;
    const weight = 1 / (this.#count + STABILISATION);
    this.#error = (1 - weight) * this.#error + weight * (this.#target - acceptance);
    const wanted = this.#mu - (sqrt(this.#count) / SHRINKAGE) * this.#error;
    this.#logStep = Math.max(this.#least, Math.min(wanted, log(MAX_STEP)));
    const eta = exp(-DECAY * log(this.#count));
    this.#logAverage = eta * this.#logStep + (1 - eta) * this.#logAverage;
  }

  /** The step size to try next. */
  get current(): number {
    return exp(this.#logStep);
  }

  /** The step size to keep. */
  get averaged(): number {
    return this.#count === 0 ? this.current : exp(this.#logAverage);
  }
}

/** Running means and sums of squares of draws and their gradients, coordinate by coordinate (Welford). */
export class FisherAdaptation {
  readonly #dimension: number;
  #count = 0;
  readonly #meanZ: Float64Array;
  readonly #meanG: Float64Array;
  readonly #squaresZ: Float64Array;
  readonly #squaresG: Float64Array;

  constructor(dimension: number) {
    this.#dimension = dimension;
    this.#meanZ = new Float64Array(dimension);
    this.#meanG = new Float64Array(dimension);
    this.#squaresZ = new Float64Array(dimension);
    this.#squaresG = new Float64Array(dimension);
  }

  get count(): number {
    return this.#count;
  }

  reset(): void {
    this.#count = 0;
    for (const a of [this.#meanZ, this.#meanG, this.#squaresZ, this.#squaresG]) a.fill(0);
  }

  /** Adds a draw in the outer coordinates `shift + scale ⊙ z` and its gradient there. */
  add(z: Float64Array, gradient: Float64Array, shift: Float64Array, scale: Float64Array): void {
    const n = ++this.#count;
    for (let i = 0; i < this.#dimension; i++) {
      const x = shift[i] + scale[i] * z[i];
      const g = gradient[i] / scale[i];
      const dx = x - this.#meanZ[i];
      this.#meanZ[i] += dx / n;
      this.#squaresZ[i] += dx * (x - this.#meanZ[i]);
      const dg = g - this.#meanG[i];
      this.#meanG[i] += dg / n;
      this.#squaresG[i] += dg * (g - this.#meanG[i]);
    }
  }

  /**
   * The diagonal coordinates that minimise the Fisher divergence between the draws and a normal: variance
   * sqrt(Var z / Var ∇), centre z̄ + variance · ∇̄ (Seyboldt, Carlson & Carpenter 2026, arXiv 2603.18845, eq. for diagonal
   * maps). Shrunk towards scale 1 and shift 0, what the mode and its Hessian said, by five draws' worth.
   */
  coordinates(shift: Float64Array, scale: Float64Array): void {
    const weight = this.#count / (this.#count + 5);
    for (let i = 0; i < this.#dimension; i++) {
      const ratio = sqrt(this.#squaresZ[i] / this.#squaresG[i]);
      const variance = Number.isFinite(ratio) && ratio > 0 ? exp(weight * log(ratio)) : 1;
      const centre = this.#meanZ[i] + variance * this.#meanG[i];
      scale[i] = sqrt(variance);
      shift[i] = Number.isFinite(centre) ? weight * centre : 0;
    }
  }
}

/** When warm-up re-learns its coordinates: the iterations after which it does. */
export function adaptationWindows(warmup: number): number[] {
  if (warmup < 20) return [];
  return [0.15, 0.4, 0.75].map((share) => Math.round(share * warmup));
}
