/** What several families have in common. */
import type { ColumnProfile } from '../data/profile.ts';
import { type Rows, weightOf } from '../data/table.ts';
import { log, logistic } from '../math/elementary.ts';
import type { CanonicalFinish, KernelColumns, ManyDraws, MergedRows, RowDistribution, SupportFault } from './family.ts';

export const isCount = (y: number): boolean => y >= 0 && y === Math.floor(y) && y !== Number.POSITIVE_INFINITY;

/** In the loops over draws that decide none, Math's functions, which are faster, serve. */
export const quickSoftplus = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));

/** Each set's offset: that of its representative. */
export const offsetsOf = (rows: Rows, { representative }: MergedRows): Float64Array | null =>
  rows.offset === null ? null : Float64Array.from(representative, (r) => rows.offset![r]);

/** Offsets keep rows apart. */
export const offsetKey = (rows: Rows): Float64Array[] => (rows.offset === null ? [] : [rows.offset]);

/** The kernel's sums are all there is beside what is linear. */
export const NO_OWN: CanonicalFinish = { kind: 'canonical', own: () => 0 };

/** Responses of measured numbers can be anything finite. */
export const anyNumber = (): null => null;

/** Whole numbers from 0 up to `most`; `needs` says so. */
export function countFault(column: ColumnProfile, most: number, needs: string): SupportFault | null {
  if (column.min < 0) return { kind: 'min', needs };
  if (column.max > most) return { kind: 'max', needs };
  return column.integer ? null : { kind: 'fraction', needs };
}

/** What Bernoulli and binomial share: successes among trials at a chance that is logistic in eta. */
export const LOGIT = {
  discrete: true,
  link: 'logit',
  inverseLink: logistic,
  logConcave: true,
  scaleInformation: () => 0,
} as const satisfies Partial<RowDistribution>;

/** Successes and failures are merged by their trials, which the kernel weighs. */
export function trialColumns(rows: Rows, merged: MergedRows): KernelColumns {
  const first = new Float64Array(merged.count);
  merged.list.forEach((r, i) => {
    first[merged.slot[i]] += weightOf(rows, r) * (rows.trials === null ? 1 : rows.trials[r]);
  });
  return { offset: offsetsOf(rows, merged), first, second: null };
}

/** The information about eta of so many trials. */
export const trialInformation = (trials: number, eta: number): number => trials * logistic(eta) * logistic(-eta);

/** Moments of a number of successes. */
export const trialMoments: ManyDraws['moments'] = (trials, eta, mean, variance) => {
  for (let s = 0; s < mean.length; s++) {
    const e = Math.exp(-Math.abs(eta[s]));
    const less = e / (1 + e);
    mean[s] = trials * (eta[s] > 0 ? 1 - less : less);
    variance[s] = trials * less * (1 - less);
  }
};

/** The intercept of counts: the log of their rate, kept away from 0. */
export const logRate = (responseMean: number, exposureMean: number): number =>
  log(Math.max(responseMean, 0.1) / (exposureMean > 0 ? exposureMean : 1));
