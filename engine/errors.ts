import { StartError } from '../core/sampler/chain.ts';
import { DataError } from '../sources/index.ts';
import { ViewError } from './views/state.ts';

/** Something that the user can mend, told in one sentence. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
}

/** Whether an error's message is meant for the user; from a sampling thread only its name has come along. */
export function isMendable(error: unknown): error is Error {
  if (error instanceof ProblemError || error instanceof ViewError || error instanceof DataError) return true;
  return error instanceof Error && error.name === StartError.name;
}
