/** Runs one chain to its end, or until it is stopped, in slices that let whoever drives it breathe. */
import { Chain, type ChainSettings, type ChainState, type Target } from '../../core/sampler/chain.ts';
import type { LogDensity } from '../../core/sampler/types.ts';

export interface ChainOrder {
  readonly settings: ChainSettings;
  readonly draws: number;
  /** To go on after an earlier run. */
  readonly resume: ChainState | null;
}

/** One chain's draws; arrays are `draws` long, `values` draws × width, row-major. `draws` is smaller when it was stopped. */
export interface ChainResult {
  readonly draws: number;
  readonly values: Float64Array;
  readonly logDensity: Float64Array;
  readonly energy: Float64Array;
  readonly acceptance: Float64Array;
  readonly stepSize: Float64Array;
  readonly treeDepth: Uint8Array;
  readonly leapfrogs: Uint32Array;
  readonly diverging: Uint8Array;
  /** Positions of divergences, at most MOST_DIVERGENCES. */
  readonly divergences: readonly Float64Array[];
  readonly evaluations: number;
  /** Where to go on; `null` when the chain was stopped during warm-up. */
  readonly state: ChainState | null;
}

/** What a chain leaves that was stopped before it began. */
export function noDraws({ resume }: ChainOrder): ChainResult {
  const none = new Float64Array(0);
  return {
    draws: 0,
    values: none,
    logDensity: none,
    energy: none,
    acceptance: none,
    stepSize: none,
    treeDepth: new Uint8Array(0),
    leapfrogs: new Uint32Array(0),
    diverging: new Uint8Array(0),
    divergences: [],
    evaluations: 0,
    state: resume,
  };
}

export interface ChainStatus {
  readonly done: number;
  readonly warmingUp: boolean;
  readonly divergences: number;
}

const MOST_DIVERGENCES = 250;
/** Iterations between looks at the clock, and milliseconds between breaths. */
const LOOK = 8;
const SLICE_MS = 20;

/**
 * Several chains in one thread, turn by turn, so that all are about as far when the user stops. Yields whose turn ended;
 * `take` gets the results.
 */
export function* runTurns(
  target: Target,
  orders: readonly ChainOrder[],
  stopped: () => boolean,
  take: (chain: number, result: ChainResult) => void,
): Generator<{ readonly chain: number; readonly status: ChainStatus }, void> {
  let running = orders.map((order, chain) => ({ chain, run: runChain(target, order, stopped) }));
  while (running.length > 0) {
    const left: typeof running = [];
    for (const turn of running) {
      const step = turn.run.next();
      if (step.done) {
        take(turn.chain, step.value);
        continue;
      }
      left.push(turn);
      yield { chain: turn.chain, status: step.value };
    }
    running = left;
  }
}

/** What a density throws in the middle of a trajectory once the user has stopped the fit. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** A deep trajectory over many rows takes seconds: the same target, whose density stops it at once. */
function stoppable(target: Target, stopped: () => boolean): Target {
  const wrap = (density: LogDensity): LogDensity => ({
    dimension: density.dimension,
    evaluate(position, gradient) {
      if (stopped()) throw new Stopped();
      return density.evaluate(position, gradient);
    },
  });
  return { ...target, density: wrap(target.density) };
}

/** Yields its status about every 20 ms; ends with the result once `stopped()` is true or all draws are made. */
export function* runChain(target: Target, order: ChainOrder, stopped: () => boolean): Generator<ChainStatus, ChainResult> {
  const { settings, draws, resume } = order;
  let started = false;
  const chain = new Chain(
    stoppable(target, () => started && stopped()),
    settings,
    resume,
  );
  started = true;
  const { width } = target;
  const values = new Float64Array(draws * width);
  const out = new Float64Array(width);
  const logDensity = new Float64Array(draws);
  const energy = new Float64Array(draws);
  const acceptance = new Float64Array(draws);
  const stepSize = new Float64Array(draws);
  const treeDepth = new Uint8Array(draws);
  const leapfrogs = new Uint32Array(draws);
  const diverging = new Uint8Array(draws);
  const divergences: Float64Array[] = [];
  const first = chain.iteration;
  const total = settings.warmup + draws;
  let made = 0;
  let diverged = 0;
  let breath = performance.now();
  while (chain.iteration < total && !stopped()) {
    const keep = !chain.warmingUp;
    try {
      chain.advance(out);
    } catch (error) {
      if (error instanceof Stopped) break;
      throw error;
    }
    if (keep) {
      const { last } = chain;
      values.set(out, made * width);
      logDensity[made] = last.logDensity;
      energy[made] = last.energy;
      acceptance[made] = last.acceptance;
      stepSize[made] = last.stepSize;
      treeDepth[made] = last.depth;
      leapfrogs[made] = last.leapfrogs;
      diverging[made] = last.diverging ? 1 : 0;
      if (last.diverging) {
        diverged++;
        if (divergences.length < MOST_DIVERGENCES) divergences.push(chain.divergedAt());
      }
      made++;
    }
    if (chain.iteration % LOOK === 0 && performance.now() - breath > SLICE_MS) {
      yield { done: chain.iteration - first, warmingUp: chain.warmingUp, divergences: diverged };
      breath = performance.now();
    }
  }
  const cut = <T extends Float64Array | Uint8Array | Uint32Array>(a: T): T => (made === draws ? a : (a.slice(0, made) as T));
  return {
    draws: made,
    values: made === draws ? values : values.slice(0, made * width),
    logDensity: cut(logDensity),
    energy: cut(energy),
    acceptance: cut(acceptance),
    stepSize: cut(stepSize),
    treeDepth: cut(treeDepth),
    leapfrogs: cut(leapfrogs),
    diverging: cut(diverging),
    divergences,
    evaluations: chain.evaluations,
    state: chain.warmingUp ? null : chain.save(),
  };
}
