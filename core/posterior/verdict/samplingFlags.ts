/** What can be wrong with the draws themselves. Each flag is a function of the trial: the flag, or null. */

import { bfmiOf } from '../diagnose/diagnostics.ts';
import { R_HAT_THRESHOLD } from '../diagnose/summary.ts';
import type { Flag } from '../report.ts';
import type { Trial } from './trial.ts';

/** A chain that needs no allowance gives at least this many effective draws (Vehtari et al. 2021). */
export const ESS_PER_CHAIN = 100;
export const BFMI_THRESHOLD = 0.3;
/** k-hat of draws' tails: above it means and their errors cannot be trusted (Vehtari et al. 2024). */
const TAIL_THRESHOLD = 0.7;
/** Chains that sample the same would differ as much with this probability, over all parameters; small because τ is an estimate too. */
const CHANCE_OF_R_HAT = 1e-6;
/** Single parameters may lie this far below what most reach: estimates of ESS scatter by some 10 to 15 %. */
const ESS_ALLOWANCE = 0.75;
const MOST_PARAMETERS = 20;
/** Draws a chain below which no diagnostic says much. */
const FEWEST_DRAWS = 100;
/** A chain that repeats its value this often, and for this share of its draws, is stuck; a sound one rejects a few times running. */
const STUCK_RUN = 25;
const STUCK_SHARE = 0.05;

/** Names and numbers of the unmasked scalars that `measure` finds at fault, worst (largest) first. */
function offenders(
  trial: Trial,
  measure: (i: number) => number | null,
): { readonly name: string; readonly index: number; readonly value: number }[] {
  const { summaries } = trial.assessment;
  const list = summaries.flatMap(({ name }, index) => {
    const value = measure(index);
    return value === null ? [] : [{ name, index, value }];
  });
  return list.sort((a, b) => b.value - a.value);
}

const namesOf = (list: readonly { readonly name: string }[]): string[] => list.slice(0, MOST_PARAMETERS).map((o) => o.name);
const among = (list: readonly unknown[]): string => (list.length === 1 ? '' : ` (and ${list.length - 1} more)`);
const percent = (share: number): string => `${share < 0.01 ? (100 * share).toPrecision(1) : (100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

/** How many unmasked scalars there are. */
export const scalarCount = (trial: Trial): number => trial.assessment.evidence.filter((e) => e !== null && !e.constant).length;

export function tooShortFlag(trial: Trial): Flag | null {
  const { draws } = trial.draws;
  if (draws >= FEWEST_DRAWS) return null;
  return {
    id: 'too_short',
    severity: 'warning',
    message: `${draws} draws a chain are too few to judge a fit by.`,
    advice: `Effective sample size and R-hat need ${FEWEST_DRAWS} draws a chain at the least; draw more.`,
    parameters: [],
    action: { kind: 'more_draws', draws: roundUp(4 * FEWEST_DRAWS - draws) },
  };
}

export function divergenceFlag({ draws, sampler }: Trial): Flag | null {
  const count = draws.statistics.diverging.reduce((sum, d) => sum + (d === 0 ? 0 : 1), 0);
  if (count === 0) return null;
  const share = count / (draws.chains * draws.draws);
  const target = sampler.target_accept < 0.95 ? 0.95 : sampler.target_accept < 0.99 ? 0.99 : null;
  return {
    id: 'divergences',
    severity: share >= 0.01 ? 'error' : 'warning',
    message: `${count === 1 ? '1 draw' : `${count} draws`} diverged (${percent(share)}).`,
    advice:
      target === null
        ? 'The sampler cannot enter a part of the posterior, so the estimates are biased; give the priors, above all those of the scales, tighter numbers.'
        : `The sampler cannot enter a part of the posterior, so the estimates may be biased; take smaller steps (target_accept ${target}).`,
    parameters: [],
    action: target === null ? null : { kind: 'target_accept', value: target },
  };
}

export function rHatFlag(trial: Trial): Flag | null {
  const limit = CHANCE_OF_R_HAT / Math.max(1, scalarCount(trial));
  const list = offenders(trial, (i) => {
    const summary = trial.assessment.summaries[i];
    if (summary.masked || summary.r_hat === null || !(summary.r_hat > R_HAT_THRESHOLD)) return null;
    return trial.assessment.evidence[i]!.chanceOfDisagreement < limit ? summary.r_hat : null;
  });
  if (list.length === 0) return null;
  return {
    id: 'r_hat',
    severity: 'error',
    message: `The chains disagree: R-hat is ${list[0].value.toFixed(3)} for ${list[0].name}${among(list)}.`,
    advice: `Each chain has seen a different part of the posterior, so no number is of the whole of it (R-hat should be below ${R_HAT_THRESHOLD}); look at the chains of this parameter, then run a longer warm-up or tighten the priors.`,
    parameters: namesOf(list),
    action: { kind: 'open_parameter', parameter: list[0].name },
  };
}

/** For an R-hat above the threshold where no flag is raised. */
export function rHatNote(trial: Trial): string | null {
  if (rHatFlag(trial) !== null) return null;
  const list = offenders(trial, (i) => {
    const summary = trial.assessment.summaries[i];
    return !summary.masked && summary.r_hat !== null && summary.r_hat > R_HAT_THRESHOLD ? summary.r_hat : null;
  });
  if (list.length === 0) return null;
  return `R-hat is ${list[0].value.toFixed(3)} for ${list[0].name}${among(list)}, above ${R_HAT_THRESHOLD}, but no more than so few effective draws give by chance; more draws would lower it.`;
}

export function essFlag(trial: Trial): Flag | null {
  const { draws } = trial.draws;
  const list = lowEss(trial);
  const most = medianOf(shortfalls(trial)) <= 1;
  if (list.length === 0 || draws < FEWEST_DRAWS || (most && list[0].value * ESS_ALLOWANCE <= 1)) return null;
  const needed = ESS_PER_CHAIN * trial.draws.chains;
  const worst = list[0];
  const more = roundUp(draws * (Math.min(worst.value, 10) * 1.3 - 1));
  return {
    id: 'ess',
    severity: worst.value > 2 ? 'error' : 'warning',
    message: Number.isFinite(worst.value)
      ? `The draws of ${worst.name}${among(list)} are worth only ${Math.round(needed / worst.value)} independent ones.`
      : `The draws of ${worst.name}${among(list)} are not all finite.`,
    advice: `Estimates, and intervals above all, are too rough below ${ESS_PER_CHAIN} a chain (${needed} in all); draw about ${more} more a chain.`,
    parameters: namesOf(list),
    action: { kind: 'more_draws', draws: more },
  };
}

/** For an ESS somewhat below the threshold in few of many parameters, where no flag is raised. */
export function essNote(trial: Trial): string | null {
  const list = lowEss(trial);
  if (list.length === 0 || trial.draws.draws < FEWEST_DRAWS || essFlag(trial) !== null) return null;
  const needed = ESS_PER_CHAIN * trial.draws.chains;
  return `The draws of ${list[0].name}${among(list)} are worth about ${Math.round(needed / list[0].value)} independent ones, a little below ${needed}, which most parameters exceed; more draws would help.`;
}

const lowEss = (trial: Trial) => {
  const short = shortfalls(trial);
  return offenders(trial, (i) => (short[i] > 1 ? short[i] : null));
};

/** The ESS needed over that of each scalar, bulk or tail; 0 for masked and constant ones, Infinity for broken ones. */
function shortfalls({ draws, assessment }: Trial): number[] {
  return assessment.summaries.map((summary, i) => {
    if (summary.masked || assessment.evidence[i]!.constant) return 0;
    const ess = Math.min(summary.ess_bulk, summary.ess_tail);
    return Number.isNaN(ess) ? Number.POSITIVE_INFINITY : (ESS_PER_CHAIN * draws.chains) / ess;
  });
}

function medianOf(values: readonly number[]): number {
  const positive = values.filter((value) => value > 0).sort((a, b) => a - b);
  return positive.length === 0 ? 0 : positive[positive.length >> 1];
}

export function energyFlag({ draws }: Trial): Flag | null {
  const low = bfmiOf(draws.statistics.energy, draws.chains, draws.draws).filter((value) => value < BFMI_THRESHOLD);
  if (low.length === 0) return null;
  return {
    id: 'bfmi',
    severity: 'warning',
    message: `E-BFMI is ${Math.min(...low).toFixed(2)} in ${low.length} of ${draws.chains} chains.`,
    advice: `The sampler hardly reaches the tails of the posterior (E-BFMI should be above ${BFMI_THRESHOLD}); tighten the priors of the scales, or pool less.`,
    parameters: [],
    action: null,
  };
}

export function treeDepthFlag({ draws, sampler }: Trial): Flag | null {
  const hits = draws.statistics.treeDepth.reduce((sum, depth) => sum + (depth >= sampler.max_treedepth ? 1 : 0), 0);
  if (hits === 0) return null;
  const share = hits / (draws.chains * draws.draws);
  return {
    id: 'treedepth',
    severity: share > 0.01 ? 'warning' : 'info',
    message: `${hits === 1 ? '1 trajectory was' : `${hits} trajectories were`} cut at max_treedepth ${sampler.max_treedepth} (${percent(share)}).`,
    advice: 'The draws are right but slow to come by; standardise the covariates, or raise max_treedepth.',
    parameters: [],
    action: null,
  };
}

/** A chain that keeps one value: of all its draws, or for a long while. */
export function stuckFlag(trial: Trial): Flag | null {
  const { chains, draws } = trial.draws;
  const limit = Math.max(STUCK_RUN, STUCK_SHARE * draws);
  const stuckChains = new Set<number>();
  const list = offenders(trial, (i) => {
    const parameter = trial.parameters[i];
    if (parameter.masked || (parameter.prior !== null && 'fixed' in parameter.prior)) return null;
    let longest = 0;
    for (let chain = 0; chain < chains; chain++) {
      const run = longestRun(trial.draws.values, (parameter.index * chains + chain) * draws, draws);
      if (run > limit || (run === draws && draws > 1)) stuckChains.add(chain + 1);
      longest = Math.max(longest, run);
    }
    return longest > limit || (longest === draws && draws > 1) ? longest : null;
  });
  if (list.length === 0) return null;
  const which = [...stuckChains].sort((a, b) => a - b);
  return {
    id: 'stuck',
    severity: 'error',
    message: `${which.length === 1 ? `Chain ${which[0]} is` : `Chains ${which.join(', ')} are`} stuck: ${list[0].value} draws running have the same ${list[0].name}${among(list)}.`,
    advice:
      'Every proposal was refused there, so those draws say nothing; take smaller steps (target_accept), run a longer warm-up, or look for a prior that contradicts the data.',
    parameters: namesOf(list),
    action: { kind: 'target_accept', value: trial.sampler.target_accept < 0.95 ? 0.95 : 0.99 },
  };
}

function longestRun(values: Float64Array, start: number, length: number): number {
  let longest = 0;
  let run = 0;
  for (let i = start; i < start + length; i++) {
    run = i > start && values[i] === values[i - 1] ? run + 1 : 1;
    if (run > longest) longest = run;
  }
  return longest;
}

export function heavyTailFlag(trial: Trial): Flag | null {
  const list = offenders(trial, (i) => {
    const k = trial.assessment.evidence[i]?.tailShape ?? null;
    return k !== null && k > TAIL_THRESHOLD ? k : null;
  });
  if (list.length === 0) return null;
  return {
    id: 'heavy_tails',
    severity: 'warning',
    message: `The posterior of ${list[0].name}${among(list)} has such heavy tails (k-hat ${list[0].value.toFixed(2)}) that its mean and sd are not to be relied on.`,
    advice:
      'Read the median and the quantiles instead; data that say little leave the tails to the prior, so give it lighter ones (normal instead of cauchy or flat).',
    parameters: namesOf(list),
    action: { kind: 'open_parameter', parameter: list[0].name },
  };
}

/** Up to a number with one or two digits that count, at least 100. */
function roundUp(draws: number): number {
  const unit = 10 ** Math.max(2, Math.floor(Math.log10(Math.max(draws, 1))));
  return Math.max(100, Math.ceil(draws / unit) * unit);
}
