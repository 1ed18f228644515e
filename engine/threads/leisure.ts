/** Long work in this thread that lets messages in, a cancel above all. */
import { setImmediate as breathe } from 'node:timers/promises';

/** Milliseconds between breaths. */
const SLICE_MS = 15;

/** Drives work to its end, breathing on the way; `null` soon after `stopped()` is true. */
export async function atLeisure<T>(work: Generator<unknown, T>, stopped: () => boolean = () => false): Promise<T | null> {
  let breath = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - breath < SLICE_MS) continue;
    await breathe();
    if (stopped()) return null;
    breath = performance.now();
  }
}
