/** Data in memory that threads share. */

import type { ModelData } from '../../core/design/design.ts';

const share = <A extends Float64Array | Int32Array>(a: A): A => {
  const bytes = new SharedArrayBuffer(a.byteLength);
  const copy = new (a.constructor as { new (buffer: SharedArrayBuffer): A })(bytes);
  copy.set(a);
  return copy;
};

/** The data with its columns in shared memory, so that threads get them without a copy. */
export function shareData(data: ModelData): ModelData {
  const { rows } = data;
  const maybe = (a: Float64Array | null): Float64Array | null => a && share(a);
  return {
    ...data,
    rows: {
      ...rows,
      group: share(rows.group),
      fileRow: share(rows.fileRow),
      x: rows.x.map(share),
      y: share(rows.y),
      trials: maybe(rows.trials),
      offset: maybe(rows.offset),
      se: maybe(rows.se),
      weights: maybe(rows.weights),
    },
  };
}
