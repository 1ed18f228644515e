/**
 * A spec against its data: every problem that the editor squiggles, `hmask check` prints and a fit refuses on.
 * Pure: the data come as a profile.
 */
import type { DataProfile } from './data/profile.ts';
import type { Problem } from './spec/problem.ts';
import type { Spec } from './spec/types.ts';

export interface CheckResult {
  /** `null` when the text is too broken to stand for a spec. */
  readonly spec: Spec | null;
  /** In the order of their places. */
  readonly problems: readonly Problem[];
}

export type Check = (text: string, profile: DataProfile | null) => CheckResult;
