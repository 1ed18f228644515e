/** Milliseconds between looks whether to stop. */
const LOOK_MS = 20;

/**
 * What `work` gives; `null` soon after `stop` is 1, however long a file or a cluster then still takes over it. The work is told by its signal,
 * and ends what runs outside this thread, on which the end of the process would wait.
 */
export async function unlessStopped<T>(work: (signal: AbortSignal) => Promise<T>, stop: Int32Array): Promise<T | null> {
  const isStopped = () => Atomics.load(stop, 0) === 1;
  const calling = new AbortController();
  let looking: NodeJS.Timeout | undefined;
  const stopping = new Promise<null>((resolve) => {
    looking = setInterval(() => {
      if (!isStopped()) return;
      calling.abort();
      resolve(null);
    }, LOOK_MS);
  });
  try {
    const done = await Promise.race([work(calling.signal), stopping]);
    return isStopped() ? null : done;
  } finally {
    clearInterval(looking);
  }
}
