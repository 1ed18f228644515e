/** Means and sds that do not exist are not shown as numbers: draws always have some, another in every run. */
import { hasMean, hasSd } from '../../model/tails.ts';
import type { MaskedParameter, ParameterSummary } from '../report.ts';
import type { Assessment } from './summary.ts';

/**
 * The assessment without the means and sds that do not exist, and without the looks at the draws' tails that would tell the same.
 * @param tails from `posteriorTails`, one a summary.
 */
export function withoutMoments(assessment: Assessment, tails: Float64Array): Assessment {
  if (tails.every(hasSd)) return assessment;
  return {
    ...assessment,
    summaries: assessment.summaries.map((s, i) => {
      if (s.masked || hasSd(tails[i])) return s;
      const what = hasMean(tails[i]) ? 'no sd' : 'no mean and no sd';
      const note = `Its posterior has ${what}: the data hold it too little, and the tails of its prior are too heavy. The quantiles stand.`;
      return { ...s, mean: hasMean(tails[i]) ? s.mean : null, sd: null, mcse_mean: null, mcse_sd: null, note };
    }),
    evidence: assessment.evidence.map((e, i) => (e === null || hasSd(tails[i]) ? e : { ...e, tailShape: null })),
  };
}

/** One sentence on all parameters without a mean or an sd; `null` when there are none. */
export function momentsNote(summaries: readonly (ParameterSummary | MaskedParameter)[]): string | null {
  const without = summaries.flatMap((s) => (s.masked || s.sd !== null ? [] : [s]));
  if (without.length === 0) return null;
  const what = without.every((s) => s.mean !== null) ? 'sd' : 'mean or sd';
  const names = without.slice(0, 3).map((s) => s.name);
  const more = without.length > names.length ? ` and ${without.length - names.length} more` : '';
  return `${names.join(', ')}${more} ${without.length === 1 ? 'has' : 'have'} no ${what}: the data hold ${without.length === 1 ? 'it' : 'them'} too little, and the tails of the prior are too heavy (such as those of cauchy). The median and the quantiles stand.`;
}
