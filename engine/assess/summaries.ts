/** Where a summary is made: in this thread when it takes a blink, else in one of its own, which a stop ends at once. */
import type { Target } from '../../core/sampler/chain.ts';
import { entryWorker, retire } from '../threads/entry.ts';
import { isLong, type Summary, type SummaryJob, summariseAtAGlance, summariseFit } from './summarise.ts';

export type SummaryMessage =
  | { readonly kind: 'summary'; readonly summary: Summary }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string };

/** Milliseconds between looks whether to stop. */
const LOOK_MS = 10;

/** Once stopped, a long summary gives way to one at a glance. */
export async function makeSummary(job: SummaryJob, target: (() => Target) | null, stopped: () => boolean): Promise<Summary> {
  if (!isLong(job)) return summariseFit(job, target, stopped);
  if (stopped()) return summariseAtAGlance(job);
  // The glance is taken while the thread works, so that it is there when the user stops.
  const [whole, glance] = await Promise.all([inThread(job, stopped), summariseAtAGlance(job)]);
  return whole ?? glance;
}

function inThread(job: SummaryJob, stopped: () => boolean): Promise<Summary | null> {
  const worker = entryWorker('chain', { workerData: { kind: 'summary', job } });
  let looking: NodeJS.Timeout | undefined;
  return new Promise<Summary | null>((resolve, reject) => {
    looking = setInterval(() => stopped() && resolve(null), LOOK_MS);
    worker.on('message', (message: SummaryMessage) => {
      if (message.kind === 'summary') resolve(message.summary);
      else reject(Object.assign(new Error(message.message), { name: message.name }));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`A summarising thread ended early (exit code ${code}).`)));
  }).finally(() => {
    clearInterval(looking);
    retire(worker);
  });
}
