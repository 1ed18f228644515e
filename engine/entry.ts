/** Starts the program's own worker threads: bundles that lie beside this one. */
import { join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';

export function entryWorker(name: 'engine' | 'chain' | 'products', options: WorkerOptions = {}): Worker {
  return new Worker(join(__dirname, `${name}.js`), options);
}
