/** A thread of the engine's that samples chains or makes a long summary, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SummaryMessage } from '../assess/summaries.ts';
import { type SummaryJob, summariseFit } from '../assess/summarise.ts';
import { type ChainOrder, type ChainResult, type ChainStatus, runTurns } from '../sample/turns.ts';
import { type ModelWork, targetOf } from '../sample/work.ts';

export interface ChainWork {
  readonly kind: 'chains';
  readonly work: ModelWork;
  readonly lane: readonly { readonly order: ChainOrder; readonly index: number }[];
  /** Shared; 1 stops. */
  readonly stop: Int32Array;
}

export interface SummaryWork {
  readonly kind: 'summary';
  readonly job: SummaryJob;
}

export type ChainMessage =
  | { readonly kind: 'started' }
  | { readonly kind: 'status'; readonly index: number; readonly status: ChainStatus }
  | { readonly kind: 'result'; readonly index: number; readonly result: ChainResult }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string };

type Post = (message: ChainMessage | SummaryMessage, transfer?: ArrayBuffer[]) => void;

/** Builds the target once and runs its chains turn by turn. */
function sample({ work, lane, stop }: ChainWork, post: Post): void {
  const target = targetOf(work);
  post({ kind: 'started' });
  const chains = runTurns(
    target,
    lane.map(({ order }) => order),
    () => Atomics.load(stop, 0) === 1,
    (chain, result) => post({ kind: 'result', index: lane[chain].index, result }, [result.values.buffer as ArrayBuffer]),
  );
  for (const { chain, status } of chains) post({ kind: 'status', index: lane[chain].index, status });
}

async function summarise({ job }: SummaryWork, post: Post): Promise<void> {
  const { work } = job;
  post({ kind: 'summary', summary: await summariseFit(job, work && (() => targetOf(work)), () => false) });
}

async function run(work: ChainWork | SummaryWork, post: Post): Promise<void> {
  try {
    if (work.kind === 'chains') sample(work, post);
    else await summarise(work, post);
  } catch (error) {
    const { name, message } = error as Error;
    post({ kind: 'failed', name, message });
  }
}

if (parentPort) {
  const port = parentPort;
  void run(workerData as ChainWork | SummaryWork, (message, transfer) => port.postMessage(message, transfer));
}
