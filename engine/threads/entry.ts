/** Starts the program's own worker threads: bundles that lie beside this one. */
import { join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Milliseconds in which the optimising compiler, which works beside a thread, comes to the end of what it has in hand. */
const COOLING_MS = 100;

/**
 * Ends a thread a moment after its last message, without keeping the process. Node before 24 aborts the whole process, now and then, when a
 * thread is torn down while its hot functions are still being compiled beside it ("data.first != nullptr" in node_platform.cc).
 */
export function retire(worker: Worker): void {
  worker.unref();
  setTimeout(() => void worker.terminate(), COOLING_MS).unref();
}

export function entryWorker(name: 'engine' | 'chain' | 'products', options: WorkerOptions = {}): Worker {
  return new Worker(join(__dirname, `${name}.js`), options);
}
