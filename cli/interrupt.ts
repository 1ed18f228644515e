/** Ctrl-C in commands that read data and do nothing else that takes long. */
import { CalledOff } from '../sources/index.ts';
import { EXIT, type Exit } from './exit.ts';
import { tell } from './output.ts';

/** The command, or that it was cancelled; a second Ctrl-C ends at once. */
export async function interruptible(command: (signal: AbortSignal) => Promise<Exit>): Promise<Exit> {
  const calling = new AbortController();
  const interrupt = (): void => {
    if (calling.signal.aborted) process.exit(EXIT.cancelled);
    calling.abort();
  };
  process.on('SIGINT', interrupt);
  try {
    const exit = await command(calling.signal);
    return calling.signal.aborted ? EXIT.cancelled : exit;
  } catch (error) {
    if (!(error instanceof CalledOff)) throw error;
    tell('hmask: cancelled.');
    return EXIT.cancelled;
  } finally {
    process.off('SIGINT', interrupt);
  }
}
