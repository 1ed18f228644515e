/** Something that the user can mend, told in one sentence. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
}
