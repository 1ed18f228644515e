/**
 * A thread for dense products, by TensorFlow.js's wasm backend (SIMD). Its thread is its own because the backend
 * listens to its process's uncaught exceptions.
 */
import { parentPort } from 'node:worker_threads';
import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { matMul, ready, setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';

export interface ProductRequest {
  readonly id: number;
  /** m × k and k × n, row-major. */
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

export type ProductAnswer = { readonly id: number; readonly product: Float32Array } | { readonly id: number; readonly error: string };

async function start(): Promise<void> {
  setWasmPaths(`${__dirname}/`);
  if (!(await setBackend('wasm'))) throw new Error('The wasm backend of TensorFlow.js did not start.');
  await ready();
}

async function multiply({ a, b, m, k, n }: ProductRequest): Promise<Float32Array> {
  const product = tidy(() => matMul(tensor2d(a, [m, k]), tensor2d(b, [k, n])));
  const values = (await product.data()) as Float32Array;
  product.dispose();
  return values;
}

if (parentPort) {
  const port = parentPort;
  const started = start();
  port.on('message', async (request: ProductRequest) => {
    try {
      await started;
      const product = (await multiply(request)).slice();
      port.postMessage({ id: request.id, product } satisfies ProductAnswer, [product.buffer]);
    } catch (error) {
      port.postMessage({ id: request.id, error: (error as Error).message } satisfies ProductAnswer);
    }
  });
}
