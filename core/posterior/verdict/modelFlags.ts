/** What can be wrong with the model although the draws are sound. */

import { isFixed, priorCdf } from '../../design/priors.ts';
import { familyOf } from '../../families/index.ts';
import { normalQuantile } from '../../math/normal.ts';
import type { Distribution } from '../../spec/types.ts';
import type { Flag, ParameterSummary } from '../report.ts';
import { scalarCount } from './samplingFlags.ts';
import type { Trial } from './trial.ts';

/** Of clean fits at most one in this many is flagged for its priors. */
const CHANCE = 1e-4;
const OVERDISPERSED_RATIO = 1.2;
const OVERDISPERSED_P = 0.002;

export function paretoFlag({ paretoK: found }: Trial): Flag | null {
  const rows = found?.outliers ?? found?.rows ?? [];
  if (found === null || rows.length === 0) return null;
  const exact = rows.every((row) => found.exact?.includes(row));
  const verb =
    rows.length === 1 ? `Row ${rows[0]} is an outlier that sways` : `${rows.length} rows (${listed(rows)}) are outliers that sway`;
  return {
    id: 'pareto_k',
    severity: 'warning',
    message: `${verb} the fit: Pareto k is up to ${found.largest.toFixed(2)}, above ${found.threshold.toFixed(2)}.`,
    advice: `Check such rows for mistakes, or choose a family with heavier tails (student_t, negative_binomial)${exact ? '' : '; their elpd by importance weights cannot be trusted'}.`,
    parameters: [],
    action: null,
  };
}

/** For rows above the threshold that are no outliers, and whose leave-one-out is not exact. */
export function paretoNote({ paretoK: found }: Trial): string | null {
  if (found === null || found.outliers === undefined) return null;
  const rows = found.rows.filter((row) => !found.outliers!.includes(row) && !found.exact?.includes(row));
  if (rows.length === 0) return null;
  return `Leave-one-out by importance weights is rough for ${rows.length === 1 ? `row ${rows[0]}` : `${rows.length} rows (${listed(rows)})`}: Pareto k is above ${found.threshold.toFixed(2)}. ${rows.length === 1 ? 'The row is' : 'They are'} influential, but no ${rows.length === 1 ? 'outlier' : 'outliers'}.`;
}

const listed = (rows: readonly number[]): string => `${rows.slice(0, 5).join(', ')}${rows.length > 5 ? ', …' : ''}`;

export function dispersionFlag({ dispersion: found }: Trial): Flag | null {
  if (found === null || found.ratio < OVERDISPERSED_RATIO || found.p > OVERDISPERSED_P) return null;
  const { moreVariable } = familyOf(found.family);
  return {
    id: 'overdispersion',
    severity: 'warning',
    message: `The counts vary ${found.ratio.toFixed(1)} times as much as the ${found.family} model says.`,
    advice:
      moreVariable !== null
        ? `Intervals are too narrow; use the family ${moreVariable}, or add what explains the variation.`
        : 'Intervals are too narrow; add the group or covariate that explains the variation.',
    parameters: [],
    action: null,
  };
}

export function priorConflictFlag(trial: Trial): Flag | null {
  const limit = -normalQuantile(CHANCE / Math.max(1, scalarCount(trial)) / 2);
  const list = trial.assessment.summaries.flatMap((summary, i) => {
    const { prior } = trial.parameters[i];
    if (summary.masked || prior === null || isFixed(prior)) return [];
    const z = surprise(prior, summary);
    return z > limit ? [{ name: summary.name, z }] : [];
  });
  if (list.length === 0) return null;
  list.sort((a, b) => b.z - a.z);
  return {
    id: 'prior_conflict',
    severity: 'warning',
    message: `The data contradict the prior of ${list[0].name}${list.length === 1 ? '' : ` (and ${list.length - 1} more)`}: they are ${list[0].z > 8 ? 'more than 8' : list[0].z.toFixed(1)} standard deviations apart.`,
    advice: 'One of the two is wrong: check the units of the columns and the numbers of the prior.',
    parameters: list.slice(0, 20).map((o) => o.name),
    action: { kind: 'open_parameter', parameter: list[0].name },
  };
}

/**
 * How far, in standard deviations of a normal, the data lie from the prior. A normal prior is divided out of the (nearly normal) posterior,
 * and what is left, the likelihood's estimate, compared with the prior's prediction of it (Box 1980; Evans & Moshonov 2006). For others the
 * posterior mean's place in the prior, which pulls it towards itself, is the modest stand-in. 0 for `flat()`.
 */
export function surprise(prior: Distribution, { mean, sd }: Pick<ParameterSummary, 'mean' | 'sd'>): number {
  // Tails so heavy that they have no sd contradict nothing.
  if (mean === null || sd === null) return 0;
  if (prior.dist === 'normal') {
    const [location, width] = prior.args;
    const precision = 1 / sd ** 2 - 1 / width ** 2;
    if (!(precision > 0)) return 0;
    const estimate = (mean / sd ** 2 - location / width ** 2) / precision;
    return Math.abs(estimate - location) / Math.sqrt(1 / precision + width ** 2);
  }
  const below = priorCdf(prior, mean);
  if (Number.isNaN(below)) return 0;
  return -normalQuantile(Math.min(below, 1 - below));
}
