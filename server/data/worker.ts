import { parentPort } from 'node:worker_threads';
import { type ProfileRequest, sourceOf } from '../../sources/index.ts';

/** What the worker is asked: a profile, or to end, in the middle of one as well. */
export type ProfileMessage = { readonly id: number; readonly request: ProfileRequest } | 'end';

/** Answers requests for profiles, one after the other, in a worker thread. */
export function serveProfiles(): void {
  const ending = new AbortController();
  let last: Promise<void> = Promise.resolve();
  parentPort?.on('message', (message: ProfileMessage) => {
    if (message === 'end') {
      ending.abort();
      void last.then(() => parentPort?.close());
      return;
    }
    const { id, request } = message;
    last = last.then(async () => {
      try {
        parentPort?.postMessage({ id, profile: await sourceOf(request.source).profile({ ...request, signal: ending.signal }) });
      } catch (error) {
        parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
      }
    });
  });
}
