/** What several families have in common. */
import type { ColumnProfile } from '../data/profile.ts';
import { type Rows, weightOf } from '../data/table.ts';
import { exp, log, logistic } from '../math/elementary.ts';
import { lgamma } from '../math/gamma.ts';
import type { CanonicalFinish, FamilyRecord, KernelColumns, KernelForm, ManyDraws, MergedRows, SupportFault } from './family.ts';

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

const identity = (eta: number): number => eta;

/** Whole numbers from 0 up to `most`; `needs` says so. */
export function countFault(column: ColumnProfile, most: number, needs: string): SupportFault | null {
  if (column.min < 0) return { kind: 'min', needs };
  if (column.max > most) return { kind: 'max', needs };
  return column.integer ? null : { kind: 'fraction', needs };
}

/** What Bernoulli and binomial share: successes among trials at a chance that is logistic in eta. */
export const LOGIT = {
  measured: false,
  moreVariable: null,
  centre: () => 0,
  discrete: true,
  link: 'logit',
  inverseLink: logistic,
  logConcave: true,
  scaleInformation: () => 0,
  located: null,
} as const satisfies Partial<FamilyRecord>;

/** Successes and failures are merged by their trials, which the kernel weighs. */
function trialColumns(rows: Rows, merged: MergedRows): KernelColumns {
  const first = new Float64Array(merged.count);
  merged.list.forEach((r, i) => {
    first[merged.slot[i]] += weightOf(rows, r) * (rows.trials === null ? 1 : rows.trials[r]);
  });
  return { offset: offsetsOf(rows, merged), first, second: null };
}

/** @param constant of a row's density, what does not hold eta. */
export const trialKernel = (constant: KernelForm['constant']): KernelForm => ({
  kernel: (ones) => (ones ? 'logistic' : 'weightedLogistic'),
  keys: offsetKey,
  columns: trialColumns,
  constant,
  tally: false,
  information: ({ first }, i, eta) => trialInformation(first![i], eta),
  finish: NO_OWN,
});

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
const logRate = (responseMean: number, exposureMean: number): number =>
  log(Math.max(responseMean, 0.1) / (exposureMean > 0 ? exposureMean : 1));

/** What families of counts share: any number from 0 up, at a rate whose log is eta and the offset. */
export const COUNTS = {
  parts: ['exposure'],
  required: null,
  measured: false,
  counts: () => true,
  fault: (column) => countFault(column, Number.POSITIVE_INFINITY, 'it needs whole numbers from 0 up'),
  centre: logRate,
  discrete: true,
  link: 'log',
  logConcave: true,
  scaleInformation: () => 0,
  inverseLink: exp,
  mean: exp,
  freeSide: (y) => (y === 0 ? -1 : 0),
  located: null,
} as const satisfies Partial<FamilyRecord>;

/** Of the log density of a count in row `i` of weight `w`, what does not hold eta or parameters: y times the offset, less log y!. */
export const countConstant: KernelForm['constant'] = (rows, i, w) =>
  w * ((rows.offset === null ? 0 : rows.y[i] * rows.offset[i]) - lgamma(rows.y[i] + 1));

/** What families of measured numbers share: any finite number, about a centre that is eta. */
export const MEASURED = {
  parts: ['se'],
  required: null,
  measured: true,
  counts: () => false,
  moreVariable: null,
  fault: () => null,
  centre: identity,
  discrete: false,
  link: 'identity',
  logConcave: false,
  inverseLink: identity,
  mean: identity,
  freeSide: () => 0,
  many: null,
} as const satisfies Partial<FamilyRecord>;
