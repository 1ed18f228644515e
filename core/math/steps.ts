/** Long work as a generator that yields now and then: who drives it can breathe and stop between steps, and who need not drives it to its end. */
export type Steps<T> = Generator<void, T>;

/** Does all of it at once. */
export function toEnd<T>(work: Generator<unknown, T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}
