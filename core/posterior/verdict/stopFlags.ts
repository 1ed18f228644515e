/** Fits that were stopped. */
import type { Flag } from '../report.ts';
import type { Trial } from './trial.ts';

export function stoppedFlag({ stopped, glance, draws, sampler }: Trial): Flag | null {
  if (!stopped || glance !== undefined) return null;
  return {
    id: 'stopped',
    severity: 'info',
    message: `The fit was stopped after ${draws.draws} of ${sampler.draws} draws a chain.`,
    advice: 'The numbers are those of the draws so far; draw the rest for the accuracy you asked for.',
    parameters: [],
    action: sampler.draws > draws.draws ? { kind: 'more_draws', draws: sampler.draws - draws.draws } : null,
  };
}

/** Convergence cannot be judged by a few draws of each chain: until it is, the fit is not to be trusted. */
export function glanceFlag({ draws, sampler, glance }: Trial): Flag | null {
  if (glance === undefined) return null;
  return {
    id: 'stopped',
    severity: 'warning',
    message: `The fit was stopped, and its table is made from only ${glance} of the ${draws.draws} draws of each chain that were kept.`,
    advice: 'Convergence has not been judged. Draw more, if only a few, to have the table and the checks from all draws.',
    parameters: [],
    action: { kind: 'more_draws', draws: Math.max(FEWEST_MORE, sampler.draws - draws.draws) },
  };
}

const FEWEST_MORE = 10;
