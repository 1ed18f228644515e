/** One chain: warm-up, then draws; one iteration at a time, so that whoever drives it can report, stop and go on. */
import type { DrawPlace } from '../kernels/normals.ts';
import { sqrt } from '../math/elementary.ts';
import { copyPoint, type PhasePoint, phasePoint } from './integrator.ts';
import type { Kernel, TransitionInfo } from './kernel.ts';
import { Nuts } from './nuts.ts';
import { QuarterTurn } from './quarterTurn.ts';
import { Rng, type RngState } from './rng.ts';
import type { LogDensity } from './types.ts';
import { adaptationWindows, FisherAdaptation, MAX_STEP, StepSizeAdaptation } from './warmup.ts';
import { type LinearMap, Whitened } from './whitening.ts';

/** What a chain samples. */
export interface Target {
  readonly density: LogDensity;
  /**
   * An approximation whose gradient costs less; trajectories follow it, and one evaluation of `density` a draw corrects
   * for the difference (delayed acceptance, Christen & Fox 2005). `null`: trajectories follow `density` itself.
   */
  readonly surrogate: LogDensity | null;
  /** Where the posterior has its bulk, and a map A with A Aᵀ near its covariance there. */
  readonly centre: Float64Array;
  readonly map: LinearMap;
  /** Number of values that one draw writes. */
  readonly width: number;
  /** Turns a position into the model's scalars; what is random about exact conditional draws follows from `place`. */
  constrain(position: Float64Array, place: DrawPlace, out: Float64Array): void;
}

export interface ChainSettings {
  readonly seed: number;
  readonly chain: number;
  readonly warmup: number;
  readonly targetAccept: number;
  readonly maxDepth: number;
}

/** Everything that a chain needs to go on as if it had never stopped. */
export interface ChainState {
  readonly z: Float64Array;
  readonly shift: Float64Array;
  readonly scale: Float64Array;
  readonly stepSize: number;
  readonly kernel: 'quarter_turn' | 'nuts';
  readonly rng: RngState;
  /** Draws made after warm-up. */
  readonly draws: number;
}

/** What one iteration after warm-up leaves behind. */
export interface Iteration {
  logDensity: number;
  energy: number;
  acceptance: number;
  stepSize: number;
  depth: number;
  leapfrogs: number;
  diverging: boolean;
}

/** Thrown when no starting point has a finite log density. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

const STARTS = 100;
/** Warm-up may walk on the surrogate alone; this many iterations before its end the corrections begin. */
const UNCORRECTED_UNTIL = 25;
/** A quarter turn takes no smaller steps; where warm-up wants to, the posterior is no near-normal, and NUTS finds its own lengths. */
const SMALLEST_STEP = 0.25;
const SWITCH_BELOW = 0.3;
/** A rejected quarter turn loses what its length was chosen for: it is allowed less than 1 − target_accept, and less still where steps are cheap. */
const REJECTED = 0.4;
const REJECTED_ON_SURROGATE = 0.2;
/** Streams of the seed: two a chain; above these, predictions and the rest. */
const streamOf = (chain: number, use: 0 | 1): number => 2 * chain + use;

export class Chain {
  /** Gradient evaluations so far; exact corrections count as one each. */
  evaluations = 0;
  iteration = 0;
  readonly last: Iteration = { logDensity: 0, energy: 0, acceptance: 0, stepSize: 0, depth: 0, leapfrogs: 0, diverging: false };
  readonly #target: Target;
  readonly #settings: ChainSettings;
  readonly #whitened: Whitened;
  readonly #exact: Whitened | null;
  #kernel: Kernel;
  readonly #state: PhasePoint;
  readonly #before: PhasePoint;
  readonly #scratch: Float64Array;
  readonly #position: Float64Array;
  #rng: Rng;
  #draws: number;
  #steps: StepSizeAdaptation;
  readonly #fisher: FisherAdaptation;
  readonly #windows: ReadonlySet<number>;
  #stepSize: number;
  /** Log density of the exact target at the state, when trajectories follow a surrogate. */
  #exactValue = 0;

  constructor(target: Target, settings: ChainSettings, resume: ChainState | null = null) {
    this.#target = target;
    this.#settings = settings;
    const d = target.density.dimension;
    this.#whitened = new Whitened(target.surrogate ?? target.density, target.centre, target.map);
    this.#exact = target.surrogate ? new Whitened(target.density, target.centre, target.map) : null;
    this.#kernel = resume?.kernel === 'nuts' ? this.#nuts() : new QuarterTurn(this.#whitened);
    this.#state = phasePoint(d);
    this.#before = phasePoint(d);
    this.#scratch = new Float64Array(d);
    this.#position = new Float64Array(d);
    this.#fisher = new FisherAdaptation(d);
    this.#windows = new Set(adaptationWindows(settings.warmup));
    const initial = Math.min(MAX_STEP, 1 / sqrt(sqrt(Math.max(1, d))));
    this.#stepSize = resume?.stepSize ?? initial;
    const rejected = (1 - settings.targetAccept) * (target.surrogate ? REJECTED_ON_SURROGATE : REJECTED);
    this.#steps = new StepSizeAdaptation(1 - rejected, initial, SMALLEST_STEP);
    if (resume) {
      this.#rng = Rng.restore(resume.rng);
      this.#draws = resume.draws;
      this.#state.z.set(resume.z);
      this.#setCoordinates(resume.shift, resume.scale);
      this.iteration = settings.warmup;
      this.#evaluateHere();
    } else {
      this.#rng = Rng.of(settings.seed, streamOf(settings.chain, 0));
      this.#draws = 0;
      this.#start();
    }
  }

  get warmingUp(): boolean {
    return this.iteration < this.#settings.warmup;
  }

  /** The place in the density's own coordinates of the last divergence. */
  divergedAt(): Float64Array {
    const position = new Float64Array(this.#position.length);
    this.#whitened.toPosition(this.#kernel.divergedAt, position);
    return position;
  }

  save(): ChainState {
    return {
      z: this.#state.z.slice(),
      shift: this.#whitened.shift.slice(),
      scale: this.#whitened.scale.slice(),
      stepSize: this.#stepSize,
      kernel: this.#kernel instanceof Nuts ? 'nuts' : 'quarter_turn',
      rng: this.#rng.save(),
      draws: this.#draws,
    };
  }

  /** Draws once; after warm-up the model's scalars go to `out`. Where the density throws, a chain past its warm-up is left as it was. */
  advance(out: Float64Array): void {
    if (this.#state.z.length === 0) this.#standStill();
    else this.#moveOrStay();
    this.iteration++;
    if (this.iteration <= this.#settings.warmup) return;
    this.#whitened.toPosition(this.#state.z, this.#position);
    const { seed, chain } = this.#settings;
    this.#target.constrain(this.#position, { seed, stream: streamOf(chain, 1), draw: this.#draws++ }, out);
  }

  /** Every scale is fixed: nothing to walk over, the conditional draws are all. */
  #standStill(): void {
    const { last } = this;
    last.logDensity = this.#state.logDensity;
    last.energy = -last.logDensity;
    last.acceptance = 1;
    last.stepSize = this.#stepSize;
  }

  #moveOrStay(): void {
    const before = this.#rng.save();
    try {
      this.#move();
    } catch (error) {
      this.#rng = Rng.restore(before);
      if (this.#exact) copyPoint(this.#before, this.#state);
      throw error;
    }
  }

  #move(): void {
    const adapting = this.warmingUp;
    const stepSize = adapting ? this.#steps.current : this.#stepSize;
    if (this.#exact) copyPoint(this.#state, this.#before);
    const info = this.#kernel.step(this.#rng, this.#state, stepSize);
    this.evaluations += info.leapfrogs;
    if (this.#exact && this.#state.logDensity !== this.#before.logDensity) {
      if (this.iteration < this.#settings.warmup - UNCORRECTED_UNTIL) this.#exactValue = Number.NaN;
      else this.#correct(this.#exact);
    }
    this.#record(info, stepSize);
    if (adapting) this.#adapt(info.acceptance);
  }

  /** Accepts the surrogate's draw with probability min(1, π(x′) π̃(x) / (π(x) π̃(x′))). */
  #correct(exact: Whitened): void {
    if (Number.isNaN(this.#exactValue)) this.#exactValue = exact.valueAt(this.#before.z);
    const moved = exact.valueAt(this.#state.z);
    this.evaluations++;
    const ratio = moved - this.#state.logDensity - (this.#exactValue - this.#before.logDensity);
    if (-this.#rng.exponential() < ratio) this.#exactValue = moved;
    else copyPoint(this.#before, this.#state);
  }

  #record(info: TransitionInfo, stepSize: number): void {
    const { last } = this;
    last.logDensity = this.#exact ? this.#exactValue : this.#state.logDensity;
    last.energy = info.energy;
    last.acceptance = info.acceptance;
    last.stepSize = stepSize;
    last.depth = info.depth;
    last.leapfrogs = info.leapfrogs;
    last.diverging = info.diverging;
  }

  #adapt(acceptance: number): void {
    this.#steps.update(acceptance);
    const done = this.iteration + 1;
    this.#fisher.add(this.#state.z, this.#state.gradient, this.#whitened.shift, this.#whitened.scale);
    if (this.#windows.has(done)) this.#relearn();
    if (done < this.#settings.warmup) return;
    this.#stepSize = this.#steps.averaged;
    // A chain that has not moved since the corrections began does not know its density yet.
    if (this.#exact && Number.isNaN(this.#exactValue)) this.#exactValue = this.#exact.valueAt(this.#state.z);
  }

  #relearn(): void {
    const d = this.#scratch.length;
    const shift = new Float64Array(d);
    const scale = new Float64Array(d);
    this.#fisher.coordinates(shift, scale);
    this.#fisher.reset();
    this.#whitened.rescale(shift, scale, this.#state.z);
    this.#exact?.rescale(shift, scale, this.#scratch);
    this.#evaluateHere();
    const stepSize = this.#steps.averaged;
    if (stepSize < SWITCH_BELOW && !(this.#kernel instanceof Nuts)) {
      this.#kernel = this.#nuts();
      this.#steps = new StepSizeAdaptation(this.#settings.targetAccept, stepSize);
    } else this.#steps.restart(stepSize);
  }

  #nuts(): Nuts {
    return new Nuts(this.#whitened, this.#settings.maxDepth, this.#target.surrogate === null);
  }

  #setCoordinates(shift: Float64Array, scale: Float64Array): void {
    for (const w of [this.#whitened, this.#exact]) {
      w?.shift.set(shift);
      w?.scale.set(scale);
    }
  }

  #evaluateHere(): boolean {
    const { z, gradient } = this.#state;
    this.#state.logDensity = this.#whitened.evaluate(z, gradient);
    if (this.#exact) this.#exactValue = this.#exact.valueAt(z);
    return (
      Number.isFinite(this.#state.logDensity) && gradient.every(Number.isFinite) && (!this.#exact || Number.isFinite(this.#exactValue))
    );
  }

  /** A draw of the normal approximation; nearer and nearer to its centre while the density is not finite there. */
  #start(): void {
    for (let attempt = 0, spread = 1; attempt < STARTS; attempt++, spread *= 0.9) {
      this.#rng.normals(this.#state.z);
      for (let i = 0; i < this.#state.z.length; i++) this.#state.z[i] *= spread;
      if (this.#evaluateHere()) return;
    }
    throw new StartError('The log density is not finite anywhere near its mode; check the priors and the data’s scale.');
  }
}
