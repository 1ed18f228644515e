/** Dense products in the thread that TensorFlow.js has to itself; it starts at the first one and may sleep for good after. */
import type { Worker } from 'node:worker_threads';
import { entryWorker } from './entry.ts';
import type { ProductAnswer, ProductRequest } from './products.ts';

interface Waiting {
  readonly resolve: (product: Float32Array) => void;
  readonly reject: (error: Error) => void;
}

export class Multiplier {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;

  /** The m × n product of an m × k and a k × n matrix, row-major, in float32. */
  multiply(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Promise<Float32Array> {
    this.#worker ??= this.#start();
    const id = ++this.#lastId;
    const { promise, resolve, reject } = deferred();
    this.#waiting.set(id, { resolve, reject });
    this.#worker.postMessage({ id, a, b, m, k, n } satisfies ProductRequest);
    return promise;
  }

  dispose(): void {
    void this.#worker?.terminate();
    this.#worker = null;
  }

  #start(): Worker {
    const worker = entryWorker('products');
    worker.unref();
    worker.on('message', (answer: ProductAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('product' in answer) waiting?.resolve(answer.product);
      else waiting?.reject(new Error(answer.error));
    });
    const lose = (error: Error): void => {
      this.#worker = null;
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    worker.on('error', lose);
    worker.on('exit', (code) => lose(new Error(`The thread for products ended (exit code ${code}).`)));
    return worker;
  }
}

function deferred() {
  let resolve!: Waiting['resolve'];
  let reject!: Waiting['reject'];
  const promise = new Promise<Float32Array>((a, b) => {
    resolve = a;
    reject = b;
  });
  return { promise, resolve, reject };
}
