/** A sampling thread: builds the target once, runs its chains one after another, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ChainOrder, type ChainResult, type ChainStatus, runTurns } from './chainRun.ts';
import { type ModelWork, targetOf } from './model.ts';

export interface ChainWork {
  readonly work: ModelWork;
  readonly lane: readonly { readonly order: ChainOrder; readonly index: number }[];
  /** Shared; 1 stops. */
  readonly stop: Int32Array;
}

export type ChainMessage =
  | { readonly kind: 'status'; readonly index: number; readonly status: ChainStatus }
  | { readonly kind: 'result'; readonly index: number; readonly result: ChainResult }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string };

function run({ work, lane, stop }: ChainWork, post: (message: ChainMessage, transfer?: ArrayBuffer[]) => void): void {
  const chains = runTurns(
    targetOf(work),
    lane.map(({ order }) => order),
    () => Atomics.load(stop, 0) === 1,
    (chain, result) => post({ kind: 'result', index: lane[chain].index, result }, [result.values.buffer as ArrayBuffer]),
  );
  for (const { chain, status } of chains) post({ kind: 'status', index: lane[chain].index, status });
}

if (parentPort) {
  const port = parentPort;
  try {
    run(workerData as ChainWork, (message, transfer) => port.postMessage(message, transfer));
  } catch (error) {
    const { name, message } = error as Error;
    port.postMessage({ kind: 'failed', name, message } satisfies ChainMessage);
  }
}
