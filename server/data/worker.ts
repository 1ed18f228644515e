import { parentPort } from 'node:worker_threads';
import type { ProfileRequest } from '../../sources/duckdb.ts';
import { profileData } from '../../sources/duckdb.ts';

/** Answers requests for profiles, one after the other, in a worker thread. */
export function serveProfiles(): void {
  let last: Promise<void> = Promise.resolve();
  parentPort?.on('message', ({ id, request }: { id: number; request: ProfileRequest }) => {
    last = last.then(async () => {
      try {
        parentPort?.postMessage({ id, profile: await profileData(request) });
      } catch (error) {
        parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
      }
    });
  });
}
