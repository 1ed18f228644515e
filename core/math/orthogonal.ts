/** Orthonormal bases of columns, and the combinations of columns that vanish. */
import { dot, largestOf } from './linalg.ts';

export interface Basis {
  /** Orthonormal columns that span the given ones. */
  readonly columns: readonly Float64Array[];
  /** Of each of `columns`: its coefficients in the given columns. */
  readonly origins: readonly Float64Array[];
  /** Coefficients of the given columns, one set a dependent column: combinations that are 0 in every row. */
  readonly vanishing: readonly Float64Array[];
}

/** What is left of a column when its part along the others is taken off, relative to it, below which it is dependent on them. */
const DEPENDENT = 1e-12;

/**
 * By Gram and Schmidt's procedure, each column twice. Columns are of one length; those of zeros are dependent. O(rows × columns²).
 */
export function basisOf(given: readonly Float64Array[]): Basis {
  const columns: Float64Array[] = [];
  const origins: Float64Array[] = [];
  const vanishing: Float64Array[] = [];
  for (const [j, column] of given.entries()) {
    const rest = column.slice();
    const origin = new Float64Array(given.length);
    origin[j] = 1;
    const size = largestOf(column);
    if (size > 0) for (let i = 0; i < rest.length; i++) rest[i] /= size;
    const before = Math.sqrt(dot(rest, rest));
    for (let pass = 0; pass < 2; pass++) {
      for (const [m, q] of columns.entries()) {
        const along = dot(q, rest);
        if (along === 0) continue;
        for (let i = 0; i < rest.length; i++) rest[i] -= along * q[i];
        for (let i = 0; i < origin.length; i++) origin[i] -= along * size * origins[m][i];
      }
    }
    const length = Math.sqrt(dot(rest, rest));
    if (!(length > DEPENDENT * before)) {
      vanishing.push(origin);
      continue;
    }
    columns.push(rest.map((x) => x / length));
    origins.push(origin.map((x) => x / (length * size)));
  }
  return { columns, origins, vanishing };
}
