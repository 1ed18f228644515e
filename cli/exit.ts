/** How a command ends. */
export const EXIT = { done: 0, fault: 1, usage: 2, cancelled: 130 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Bad usage of the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A whole number given as an option, or `undefined` when it was not. */
export function wholeNumber(name: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} up` : `from ${least} to ${most}`;
  throw new UsageError(`--${name} takes a whole number ${range}, not ${JSON.stringify(value)}.`);
}
