/** How a command ends. */
import { getSystemErrorMap } from 'node:util';

export const EXIT = { done: 0, fault: 1, usage: 2, cancelled: 130 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Bad usage of the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A number as an option gives it: no hexadecimal, no blanks. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A whole number given as an option, or `undefined` when it was not. @throws UsageError for anything else, or one out of bounds. */
export function wholeNumber(name: string, text: string | undefined, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
  if (text === undefined) return undefined;
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} up` : `from ${least} to ${most}`;
  throw new UsageError(`--${name} takes a whole number ${range}, not ${JSON.stringify(text)}.`);
}

/** Why the system refused something, such as `no space left on device (ENOSPC)`. */
export function reasonOf(error: unknown): string {
  const { errno, code, message } = error as NodeJS.ErrnoException;
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  return known ? `${known[1]} (${known[0]})` : (code ?? message);
}
