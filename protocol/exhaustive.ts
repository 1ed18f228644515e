/** Closes a switch over a union: a kind without a case is an error of the compiler, and of the program if it comes over a wire. */
export function unreachable(value: never): never {
  const kind = (value as { readonly kind?: unknown } | null)?.kind;
  throw new Error(`Unknown message${typeof kind === 'string' ? ` "${kind}"` : ''}.`);
}
