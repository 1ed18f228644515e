/** What the engine keeps of a fit. */
import type { Target } from '../core/sampler/chain.ts';
import type { Problem } from '../core/spec/problem.ts';
import type { SamplerSpec } from '../core/spec/types.ts';
import type { SpecSource } from '../protocol/engine.ts';
import type { ChainResult } from './sample/turns.ts';
import type { ModelWork } from './sample/work.ts';
import type { ViewState } from './views/state.ts';

export interface FitState extends ViewState {
  readonly source: SpecSource;
  readonly problems: readonly Problem[];
  readonly sampler: SamplerSpec;
  /** What was sampled, and the target built of it; `null` for draws from the prior. */
  readonly work: ModelWork | null;
  readonly target: Target | null;
  /** One a chain, for going on: where it stands, and its draws beyond those in `draws`, as after a stop. */
  readonly chains: readonly ChainResult[];
}
