/** One chain: warm-up, then draws; one iteration at a time, so that whoever drives it can report, stop and go on. */
import type { DrawPlace } from '../math/drawPlace.ts';
import { sqrt } from '../math/elementary.ts';
import { Rng, type RngState } from '../math/rng.ts';
import { type PhasePoint, phasePoint } from './integrator.ts';
import type { Kernel, TransitionInfo } from './kernel.ts';
import { Nuts } from './nuts.ts';
import { QuarterTurn } from './quarterTurn.ts';
import type { LogDensity } from './types.ts';
import { adaptationWindows, FisherAdaptation, MAX_STEP, StepSizeAdaptation } from './warmup.ts';
import { type LinearMap, Whitened, whitenedFrom } from './whitening.ts';

/** What a chain samples. */
export interface Target {
  readonly density: LogDensity;
  /** Where the posterior has its bulk, and a map A with A Aᵀ near its covariance there. */
  readonly centre: Float64Array;
  /** All modes that were found, `centre` first; chains start about them in turn. */
  readonly modes: readonly Float64Array[];
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
  /** The kernel to begin with, quarter turns unless told; benches compare them. */
  readonly kernel?: ChainState['kernel'];
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
/** Starts are spread this many times as wide as the normal approximation: chains that agree have then found it from all sides. */
const START_SPREAD = 2;
/** A normal density is lower by two a coordinate there, on average; a start that is lower by more is no start but a cliff. */
const MOST_FALL = 4;
const FEW = 5;
/** A quarter turn takes no smaller steps; where warm-up wants to, the posterior is no near-normal, and NUTS finds its own lengths. */
const SMALLEST_STEP = 0.25;
const SWITCH_BELOW = 0.3;
/** A rejected quarter turn loses what its length was chosen for: it is allowed less than 1 − target_accept. */
const REJECTED = 0.4;
/** Streams of the seed: two a chain; above these, predictions and the rest. */
const streamOf = (chain: number, use: 0 | 1): number => 2 * chain + use;

export class Chain {
  /** Gradient evaluations so far. */
  evaluations = 0;
  iteration = 0;
  readonly last: Iteration = { logDensity: 0, energy: 0, acceptance: 0, stepSize: 0, depth: 0, leapfrogs: 0, diverging: false };
  readonly #target: Target;
  readonly #settings: ChainSettings;
  readonly #whitened: Whitened;
  #kernel: Kernel;
  readonly #state: PhasePoint;
  readonly #scratch: Float64Array;
  readonly #position: Float64Array;
  #rng: Rng;
  #draws: number;
  #steps: StepSizeAdaptation;
  readonly #fisher: FisherAdaptation;
  readonly #windows: ReadonlySet<number>;
  #stepSize: number;

  constructor(target: Target, settings: ChainSettings, resume: ChainState | null = null) {
    this.#target = target;
    this.#settings = settings;
    const d = target.density.dimension;
    this.#whitened = new Whitened(target.density, target.centre, target.map);
    const nuts = (resume?.kernel ?? settings.kernel) === 'nuts';
    this.#kernel = nuts ? this.#nuts() : new QuarterTurn(this.#whitened);
    this.#state = phasePoint(d);
    this.#scratch = new Float64Array(d);
    this.#position = new Float64Array(d);
    this.#fisher = new FisherAdaptation(d);
    this.#windows = new Set(adaptationWindows(settings.warmup));
    const initial = Math.min(MAX_STEP, 1 / sqrt(sqrt(Math.max(1, d))));
    this.#stepSize = resume?.stepSize ?? initial;
    this.#steps = nuts
      ? new StepSizeAdaptation(settings.targetAccept, initial)
      : new StepSizeAdaptation(1 - REJECTED * (1 - settings.targetAccept), initial, SMALLEST_STEP);
    if (resume) {
      this.#rng = Rng.restore(resume.rng);
      this.#draws = resume.draws;
      this.#state.z.set(resume.z);
      this.#whitened.shift.set(resume.shift);
      this.#whitened.scale.set(resume.scale);
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
      throw error;
    }
  }

  #move(): void {
    const adapting = this.warmingUp;
    const stepSize = adapting ? this.#steps.current : this.#stepSize;
    const info = this.#kernel.step(this.#rng, this.#state, stepSize);
    this.evaluations += info.leapfrogs;
    this.#record(info, stepSize);
    if (adapting) this.#adapt(info.ease);
  }

  #record(info: TransitionInfo, stepSize: number): void {
    const { last } = this;
    last.logDensity = this.#state.logDensity;
    last.energy = info.energy;
    last.acceptance = info.acceptance;
    last.stepSize = stepSize;
    last.depth = info.depth;
    last.leapfrogs = info.leapfrogs;
    last.diverging = info.diverging;
  }

  #adapt(ease: number): void {
    this.#steps.update(ease);
    const done = this.iteration + 1;
    this.#fisher.add(this.#state.z, this.#state.gradient, this.#whitened.shift, this.#whitened.scale);
    if (this.#windows.has(done)) this.#relearn();
    if (done === this.#settings.warmup) this.#stepSize = this.#steps.averaged;
  }

  #relearn(): void {
    const d = this.#scratch.length;
    const shift = new Float64Array(d);
    const scale = new Float64Array(d);
    this.#fisher.coordinates(shift, scale);
    this.#fisher.reset();
    this.#whitened.rescale(shift, scale, this.#state.z);
    this.#evaluateHere();
    const stepSize = this.#steps.averaged;
    if (stepSize < SWITCH_BELOW && !(this.#kernel instanceof Nuts)) {
      this.#kernel = this.#nuts();
      this.#steps = new StepSizeAdaptation(this.#settings.targetAccept, stepSize);
    } else this.#steps.restart(stepSize);
  }

  #nuts(): Nuts {
    return new Nuts(this.#whitened, this.#settings.maxDepth);
  }

  #evaluateHere(): boolean {
    const { z, gradient } = this.#state;
    this.#state.logDensity = this.#whitened.evaluate(z, gradient);
    return Number.isFinite(this.#state.logDensity) && gradient.every(Number.isFinite);
  }

  /** Away from one of the modes, wider than the posterior is there; nearer and nearer to it while the density is not finite. */
  #start(): void {
    const { modes, centre, map } = this.#target;
    const { z } = this.#state;
    const about = whitenedFrom(map, centre, modes[modeOf(this.#settings.chain, modes.length)]);
    z.set(about);
    const least = this.#evaluateHere() ? this.#state.logDensity - MOST_FALL * (z.length + FEW) : Number.NEGATIVE_INFINITY;
    for (let attempt = 0, spread = START_SPREAD; attempt < STARTS; attempt++, spread *= 0.9) {
      this.#rng.normals(z);
      for (let i = 0; i < z.length; i++) z[i] = about[i] + z[i] * spread;
      if (this.#evaluateHere() && this.#state.logDensity > least) return;
    }
    throw new StartError('The log density is not finite anywhere near its mode; check the priors and the data’s scale.');
  }
}

/** Every other chain starts at the mode that holds most, the rest about the others in turn. */
const modeOf = (chain: number, modes: number): number => (modes === 1 || chain % 2 === 0 ? 0 : 1 + (((chain - 1) / 2) % (modes - 1)));
