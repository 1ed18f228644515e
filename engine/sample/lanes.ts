/**
 * All chains of a fit: in this thread when they take a blink, else in worker threads of their own. The draws do not
 * depend on which, nor on how many threads there are.
 */
import { availableParallelism } from 'node:os';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Target } from '../../core/sampler/chain.ts';
import type { ChainProgress } from '../../protocol/engine.ts';
import { entryWorker, retire } from '../threads/entry.ts';
import type { ChainMessage, ChainWork } from '../threads/lane.ts';
import { type ChainOrder, type ChainResult, type ChainStatus, noDraws, runTurns } from './turns.ts';
import type { ModelWork } from './work.ts';

/** Work below this is done before a thread has started. */
const INLINE_MS = 250;
const GRADIENTS_A_DRAW = 3;
const MOST_TRIALS = 300;
const TRIAL_MS = 8;
const REPORT_MS = 80;
/** Between looks whether to stop while threads start. */
const LOOK_MS = 10;

export interface ChainsWatch {
  readonly report: (chains: readonly ChainProgress[]) => void;
  /** Becomes true when the user cancels; chains then end with what they have. */
  readonly stop: Int32Array;
}

/** Runs every order; results are in the same order. */
export async function runChains(
  work: ModelWork,
  target: Target,
  orders: readonly ChainOrder[],
  watch: ChainsWatch,
): Promise<ChainResult[]> {
  const board = new Board(orders, watch);
  const threads = Math.min(orders.length, availableParallelism());
  if (estimateMs(target, orders) < INLINE_MS) return runInline(target, orders, watch, board);
  const results = new Array<ChainResult>(orders.length);
  const queue = orders.map((order, index) => ({ order, index }));
  const lanes = Array.from({ length: threads }, (_, lane) => queue.filter(({ index }) => index % threads === lane));
  const running = lanes.map((lane) => runLane(work, lane, watch, board, (index, result) => (results[index] = result)));
  try {
    await Promise.all(running);
  } catch (error) {
    // What the other threads still draw would be for nothing.
    Atomics.store(watch.stop, 0, 1);
    throw error;
  }
  board.flush();
  return results;
}

/** What all chains together would take here, judged by gradients until the compiler has warmed up. */
function estimateMs(target: Target, orders: readonly ChainOrder[]): number {
  const { density, centre } = target;
  if (density.dimension === 0) return 0;
  const gradient = new Float64Array(density.dimension);
  let best = Number.POSITIVE_INFINITY;
  const start = performance.now();
  for (let i = 0, before = start; i < MOST_TRIALS && before - start < TRIAL_MS; i++) {
    density.evaluate(centre, gradient);
    const now = performance.now();
    best = Math.min(best, now - before);
    before = now;
  }
  const iterations = orders.reduce((n, o) => n + o.draws + (o.resume ? 0 : o.settings.warmup), 0);
  return best * GRADIENTS_A_DRAW * iterations;
}

async function runInline(target: Target, orders: readonly ChainOrder[], watch: ChainsWatch, board: Board): Promise<ChainResult[]> {
  const results = new Array<ChainResult>(orders.length);
  const turns = runTurns(
    target,
    orders,
    () => Atomics.load(watch.stop, 0) === 1,
    (chain, result) => {
      board.finish(chain);
      results[chain] = result;
    },
  );
  for (const { chain, status } of turns) {
    board.update(chain, status);
    await breathe();
  }
  board.flush();
  return results;
}

/** One worker thread with its share of the chains, one after another. */
function runLane(
  work: ModelWork,
  lane: readonly { readonly order: ChainOrder; readonly index: number }[],
  watch: ChainsWatch,
  board: Board,
  take: (index: number, result: ChainResult) => void,
): Promise<void> {
  const worker = entryWorker('chain', { workerData: { kind: 'chains', work, lane, stop: watch.stop } satisfies ChainWork });
  let looking: NodeJS.Timeout | undefined;
  return new Promise<void>((resolve, reject) => {
    let left = lane.length;
    let started = false;
    // A thread that still loads or builds its target hears of no stop: it is not waited for.
    looking = setInterval(() => {
      if (started || Atomics.load(watch.stop, 0) === 0) return;
      for (const { order, index } of lane) take(index, noDraws(order));
      resolve();
    }, LOOK_MS);
    worker.on('message', (message: ChainMessage) => {
      started = true;
      switch (message.kind) {
        case 'started':
          break;
        case 'status':
          board.update(message.index, message.status);
          break;
        case 'result':
          board.finish(message.index);
          take(message.index, message.result);
          if (--left === 0) resolve();
          break;
        case 'failed':
          reject(Object.assign(new Error(message.message), { name: message.name }));
          break;
      }
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`A sampling thread ended early (exit code ${code}).`)));
  }).finally(() => {
    clearInterval(looking);
    retire(worker);
  });
}

/** Gathers the chains' statuses and reports them now and then. */
class Board {
  readonly #rows: { done: number; total: number; phase: ChainProgress['phase']; divergences: number }[];
  readonly #watch: ChainsWatch;
  readonly #start = performance.now();
  #reported = 0;

  constructor(orders: readonly ChainOrder[], watch: ChainsWatch) {
    this.#watch = watch;
    this.#rows = orders.map((o) => {
      const warmup = o.resume ? 0 : o.settings.warmup;
      return { done: 0, total: warmup + o.draws, phase: warmup > 0 ? 'warmup' : 'sampling', divergences: 0 };
    });
  }

  update(index: number, status: ChainStatus): void {
    const row = this.#rows[index];
    row.done = status.done;
    row.phase = status.warmingUp ? 'warmup' : 'sampling';
    row.divergences = status.divergences;
    if (performance.now() - this.#reported > REPORT_MS) this.flush();
  }

  finish(index: number): void {
    const row = this.#rows[index];
    row.phase = 'done';
    if (Atomics.load(this.#watch.stop, 0) === 0) row.done = row.total;
  }

  flush(): void {
    this.#reported = performance.now();
    const seconds = Math.max(1e-3, (this.#reported - this.#start) / 1000);
    this.#watch.report(
      this.#rows.map((r, chain) => ({
        chain,
        phase: r.phase,
        done: r.done,
        total: r.total,
        drawsPerSecond: r.done / seconds,
        divergences: r.divergences,
      })),
    );
  }
}
