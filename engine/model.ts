/** From a design and its data to what chains sample. */

import { whyNotCollapsed } from '../core/model/collapsed/layout.ts';
import { collapsedTarget } from '../core/model/collapsed/target.ts';
import type { Design, ModelData } from '../core/model/design.ts';
import { type NutsPlan, nutsTarget, planNuts } from '../core/model/nutsModel.ts';
import { listParameters } from '../core/model/parameters.ts';
import type { Target } from '../core/sampler/chain.ts';

/** Everything a thread needs to build the target; row columns lie in shared memory. */
export interface ModelWork {
  readonly design: Design;
  readonly data: ModelData;
  readonly method: 'collapsed' | 'nuts';
  /** Mode, metric and expansion, found once for all threads; `null` when collapsed. */
  readonly plan: NutsPlan | null;
}

/** `auto` collapses whenever it can. Finding the mode of the rest costs a few tens of passes over the rows. */
export function workFor(design: Design, data: ModelData): ModelWork {
  const method = design.method !== 'auto' ? design.method : whyNotCollapsed(design) === null ? 'collapsed' : 'nuts';
  return { design, data, method, plan: method === 'nuts' ? planNuts(design, data) : null };
}

/** Deterministic: every thread that builds it gets the same target. */
export function targetOf({ design, data, plan }: ModelWork): Target {
  return plan === null ? collapsedTarget(design, data.statistics!, listParameters(design)) : nutsTarget(design, data, plan);
}

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
