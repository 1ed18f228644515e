/**
 * Readings take turns: one source is open at a time. A reading may be called off; whoever loops over bytes asks now and then whether the
 * reading whose turn it is still is wanted.
 */

/** What a reading throws that was called off. */
export class CalledOff extends Error {
  override readonly name = 'CalledOff';
  constructor() {
    super('The reading was called off.');
  }
}

let queue: Promise<unknown> = Promise.resolve();
let current: AbortSignal | null = null;

/** Milliseconds from one interruption to the next: one between two queries stops neither. */
const AGAIN_MS = 10;

/** Throws CalledOff where the reading whose turn it is was called off. */
export function goOn(): void {
  if (current?.aborted) throw new CalledOff();
}

/**
 * Runs the work after all work before it. Once the signal is aborted it does not begin, or is interrupted until it ends; it then rejects
 * with CalledOff, whatever it fails on.
 */
export function inTurn<T>(work: () => Promise<T>, signal: AbortSignal | null = null, interrupt: () => void = () => undefined): Promise<T> {
  const mine = queue.then(async () => {
    if (signal?.aborted) throw new CalledOff();
    let again: NodeJS.Timeout | undefined;
    const stop = () => {
      interrupt();
      again = setInterval(interrupt, AGAIN_MS);
    };
    signal?.addEventListener('abort', stop);
    current = signal;
    try {
      return await work();
    } catch (error) {
      throw signal?.aborted ? new CalledOff() : error;
    } finally {
      current = null;
      clearInterval(again);
      signal?.removeEventListener('abort', stop);
    }
  });
  queue = mine.catch(() => undefined);
  return mine;
}
