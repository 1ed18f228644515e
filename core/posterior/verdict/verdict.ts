/** May I trust this fit? Everything that is wrong with it, worst first, and what to do. */

import type { Flag, Verdict } from '../report.ts';
import { FLAGS, NOTES } from './flags.ts';
import type { Trial } from './trial.ts';

/**
 * The verdict. Thresholds are those of Vehtari et al. (2021) and Stan: any divergence, R-hat > 1.01, ESS < 100 a chain, E-BFMI < 0.3, tree
 * depth reached; with two allowances so that a sound fit of many parameters or few draws is not called bad:
 *
 * - R-hat > 1.01 is a flag only where chains differ more than chance explains (probability below 1e-6 over the number of parameters,
 *   given their autocorrelation; see Diagnostician.chanceOfDisagreement); else a note says so. With 4 × 300 draws of ESS 600 one parameter in
 *   twenty has R-hat > 1.01 without any fault; slow mixing that could hide behind its autocorrelation is flagged by its ESS.
 * - ESS of 75 to 100 a chain is a note where most parameters have more: the smallest of many estimates is low by chance.
 * - Rows with k-hat above its limit are a flag where they are outliers too, else a note: one row in some hundreds has a rare covariate in any data.
 * - A prior conflicts with the data beyond 1e-4 over the number of parameters.
 */
export function judge(trial: Trial): Verdict {
  const glance = trial.glance !== undefined;
  const found = FLAGS.filter((entry) => !glance || entry.needs === 'all').flatMap(({ flag }) => flag(trial) ?? []);
  const flags = [...found].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  const trustworthy = flags.every((flag) => flag.severity === 'info');
  const notes = [...(trial.remarks ?? []), ...(glance ? [] : NOTES.flatMap((note) => note(trial) ?? []))];
  return { trustworthy, headline: headlineOf(flags, notes, trustworthy), flags, notes };
}

const RANK: Readonly<Record<Flag['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** Faults of sampling make every number suspect; the others leave the posterior right and question the model. */
const OF_THE_MODEL: readonly Flag['id'][] = ['prior_conflict', 'overdispersion', 'pareto_k'];

function headlineOf(flags: readonly Flag[], notes: readonly string[], trustworthy: boolean): string {
  const serious = flags.filter((flag) => flag.severity !== 'info');
  if (trustworthy)
    return flags.length + notes.length === 0
      ? 'The draws can be trusted: nothing is wrong with this fit.'
      : 'The draws can be trusted; see the remarks.';
  const first = serious[0].message.replace(/\.$/, '');
  const more = serious.length === 1 ? '' : ` (and ${serious.length - 1} more)`;
  const sampling = serious.some((flag) => !OF_THE_MODEL.includes(flag.id));
  return sampling
    ? `Do not trust this fit yet: ${decapitalise(first)}${more}.`
    : `The sampling is sound, but question the model: ${decapitalise(first)}${more}.`;
}

/** Lower-cases the first word, unless it is a name such as R-hat or E-BFMI. */
const decapitalise = (text: string): string => (/^[A-Z][a-z ]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text);
