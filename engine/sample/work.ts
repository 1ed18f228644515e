/** From a design and its data to what chains sample. */

import type { Design, ModelData } from '../../core/design/design.ts';
import { listParameters } from '../../core/design/parameters.ts';
import type { Steps } from '../../core/math/steps.ts';
import { whyNotCollapsed } from '../../core/model/collapsed/layout.ts';
import { type CollapsedPlan, collapsedTarget, planCollapsed } from '../../core/model/collapsed/target.ts';
import { type NutsPlan, nutsTarget, planNuts } from '../../core/model/nutsModel.ts';
import type { Target } from '../../core/sampler/chain.ts';
import { bent } from '../../core/sampler/warp.ts';

/** Everything a thread needs to build the target; row columns lie in shared memory. */
export type ModelWork = {
  readonly design: Design;
  readonly data: ModelData;
} & ({ readonly method: 'collapsed'; readonly plan: CollapsedPlan } | { readonly method: 'nuts'; readonly plan: NutsPlan });

/** `auto` collapses whenever it can. The plan (mode and metric) is found once for all threads, in some tens of passes over the data. */
export function* workFor(design: Design, data: ModelData): Steps<ModelWork> {
  const method = design.method !== 'auto' ? design.method : whyNotCollapsed(design) === null ? 'collapsed' : 'nuts';
  if (method === 'nuts') return { design, data, method, plan: yield* planNuts(design, data) };
  return { design, data, method, plan: yield* planCollapsed(design, data.statistics!) };
}

/** Deterministic: every thread that builds it gets the same target. */
export function targetOf({ design, data, method, plan }: ModelWork): Target {
  const target =
    method === 'collapsed' ? collapsedTarget(design, data.statistics!, listParameters(design), plan) : nutsTarget(design, data, plan);
  return bent(target, plan.warp);
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
