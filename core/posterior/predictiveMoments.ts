/** Predictions whose mean or sd does not exist: those that hang on coefficients whose posterior has none. */
import { familyOf } from '../families/index.ts';
import type { ModelData, Parameter } from '../model/design.ts';
import { isFixed } from '../model/priors.ts';
import { hasMean, hasSd, posteriorTails } from '../model/tails.ts';
import type { PredictionScale, Transform } from '../spec/types.ts';
import { type Fitted, lookupOf } from './lookup.ts';
import type { Point } from './point.ts';
import type { FitReport, Predictive } from './report.ts';

/** The powers of a prediction's tails, as those of `posteriorTails`. */
export interface PredictiveTails {
  readonly mu: number;
  readonly response: number;
}

/** Where the tails fall faster than any power. */
const LIGHT: PredictiveTails = { mu: Number.POSITIVE_INFINITY, response: Number.POSITIVE_INFINITY };
/** No power of them has a mean. */
const NONE: PredictiveTails = { mu: 0, response: 0 };

/**
 * The tails of a sum are those of its heaviest part. A chance is bounded; the exponential of what has tails of a power has no mean.
 * @param tails from `posteriorTails`, one a parameter.
 */
export function predictiveTails(
  { design, parameters }: Omit<Fitted, 'draws'>,
  tails: Float64Array,
  { group, x }: Pick<Point, 'group' | 'x'>,
  on: PredictionScale = 'response',
): PredictiveTails {
  const isLight = tails.every((t) => t === Number.POSITIVE_INFINITY);
  if (isLight && design.family !== 'student_t') return LIGHT;
  const { link } = familyOf(design.family);
  if (link === 'logit') return LIGHT;
  const lookup = lookupOf(design, parameters);
  const byIndex = new Map(parameters.flatMap((p, i) => (p.masked ? [] : [[p.index, tails[i]]])));
  const of = (index: number | undefined): number => byIndex.get(index ?? -1) ?? Number.POSITIVE_INFINITY;
  const terms = design.terms.length;
  const mu = design.terms.reduce((least, term, t) => {
    if (x[t] === 0) return least;
    if (group >= 0) return Math.min(least, of(lookup.coefficient[group * terms + t]));
    if (term.pooling === 'partial') return Math.min(least, of(lookup.mu[t]), of(lookup.tau[t]));
    return Math.min(least, of(lookup.coefficient.find((index, cell) => cell % terms === t && index >= 0)));
  }, Number.POSITIVE_INFINITY);
  if (link === 'log') return mu === Number.POSITIVE_INFINITY ? LIGHT : NONE;
  const scale = design.scale === null ? Number.POSITIVE_INFINITY : of(lookup.scale[Math.max(group, 0)]);
  const back = (tail: number): number => (on === 'response' ? afterwards(tail, design.response.transform) : tail);
  const isExponential = on === 'response' && EXPONENTIAL.has(design.response.transform);
  const noise = isExponential && design.family === 'student_t' ? 0 : noiseTail(design);
  return { mu: back(mu), response: back(Math.min(mu, scale, noise)) };
}

/** Transforms that are taken back by an exponential. */
const EXPONENTIAL: ReadonlySet<Transform> = new Set(['log', 'log10', 'log1p']);

/** The power of a tail after the response's transform was taken back. */
function afterwards(tail: number, transform: Transform): number {
  if (EXPONENTIAL.has(transform)) return tail === Number.POSITIVE_INFINITY ? tail : 0;
  if (transform === 'sqrt') return (tail + 1) / 2;
  return transform === 'square' ? 2 * tail - 1 : tail;
}

/** Of a Student-t with a set nu; one that is estimated has, as a rule, no mass where it matters. */
function noiseTail({ family, own }: Fitted['design']): number {
  const nu = family === 'student_t' ? own[0]?.prior : undefined;
  return nu !== undefined && isFixed(nu) ? nu.fixed + 1 : Number.POSITIVE_INFINITY;
}

/** The numbers without a mean or an sd that does not exist: NaN, which JSON has as `null`. */
export const withMoments = (found: Predictive, tail: number): Predictive => ({
  ...found,
  mean: hasMean(tail) ? found.mean : Number.NaN,
  sd: hasSd(tail) ? found.sd : Number.NaN,
});

const known = new WeakMap<readonly Parameter[], Float64Array>();

/** The tails of a kept fit's parameters, found once. */
export function tailsOfFit({ design, parameters, data, report }: KeptFit): Float64Array {
  const before = known.get(parameters);
  if (before !== undefined) return before;
  const found = posteriorTails(design, parameters, report.method === 'prior' ? null : data);
  known.set(parameters, found);
  return found;
}

type KeptFit = Omit<Fitted, 'draws'> & { readonly data: ModelData; readonly report: Pick<FitReport, 'method'> };
