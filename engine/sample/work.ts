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
