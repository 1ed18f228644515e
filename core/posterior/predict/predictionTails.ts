/** Which means and sds of predictions exist: those of what they are made from tell. */

import type { Design, ModelData, Parameter } from '../../design/design.ts';
import { isFixed } from '../../design/priors.ts';
import { familyOf } from '../../families/index.ts';
import { hasMean, hasSd, posteriorTails, tailOf } from '../../model/tails.ts';
import type { Transform } from '../../spec/types.ts';
import type { Described, FitReport, Predictive } from '../report.ts';

/** Powers of the tails of a prediction, of its mean and of a response; `Infinity` for light ones. */
export interface PredictionTails {
  readonly mu: number;
  readonly response: number;
}

/** The tails of all predictions of a fit. */
export class TailsOfPredictions {
  readonly #design: Design;
  readonly #parameters: readonly Parameter[];
  readonly #tails: Float64Array;

  /** @param tails from `posteriorTails`, one a parameter. */
  constructor(design: Design, parameters: readonly Parameter[], tails: Float64Array) {
    this.#design = design;
    this.#parameters = parameters;
    this.#tails = tails;
  }

  /**
   * At a point. Behind a log, what falls like a power has no mean at all; that is told only where the power is
   * below `UNNOTICED`, for else nobody could notice.
   * @param group −1 for a new one.
   * @param x one a term; those of 0 do not count.
   * @param back whether the response is taken back from the scale of its transform.
   */
  at(group: number, x: ArrayLike<number>, back = false): PredictionTails {
    const design = this.#design;
    const { link } = familyOf(design.family);
    if (link === 'logit') return { mu: Number.POSITIVE_INFINITY, response: Number.POSITIVE_INFINITY };
    const eta = this.#least(({ kind, term, group: own }) => {
      if (term < 0 || x[term] === 0) return false;
      const isPopulation = kind === 'mu' || kind === 'tau';
      if (group < 0 && design.terms[term].pooling === 'partial') return isPopulation;
      return !isPopulation && (own < 0 || own === group);
    });
    if (link === 'log') return { mu: behindLog(eta), response: behindLog(eta) };
    const transform = back ? design.response.transform : 'none';
    return { mu: transformed(eta, transform), response: transformed(Math.min(eta, this.#noise(group)), transform) };
  }

  #least(which: (parameter: Parameter) => boolean): number {
    return this.#parameters.reduce(
      (least, p, i) => (!p.masked && which(p) ? Math.min(least, this.#tails[i]) : least),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Of the response about its mean: a scale's, and that of a Student-t with a known nu. */
  #noise(group: number): number {
    const { scale, own } = this.#design;
    const nu = own.find(({ key }) => key === 'nu')?.prior;
    const drawn = scale?.by === 'group' && group < 0 ? tailOf(scale.prior) : Number.POSITIVE_INFINITY;
    const sampled = this.#least((p) => p.kind === 'scale' && (p.group < 0 || p.group === group));
    return Math.min(drawn, sampled, nu !== undefined && isFixed(nu) ? nu.fixed + 1 : Number.POSITIVE_INFINITY);
  }
}

/** Powers from here on are taken for light behind a log. */
const UNNOTICED = 10;

const behindLog = (tail: number): number => (tail >= UNNOTICED ? Number.POSITIVE_INFINITY : 0);

/** The tail of a number whose transform has this one. */
function transformed(tail: number, transform: Transform): number {
  if (transform === 'log' || transform === 'log10' || transform === 'log1p') return behindLog(tail);
  // |x|^−e is |x²|^−(e + 1) / 2.
  if (transform === 'sqrt') return (tail + 1) / 2;
  return transform === 'square' ? 2 * tail - 1 : tail;
}

const known = new WeakMap<object, TailsOfPredictions>();

/** Those of a kept fit, worked out once; of draws of the priors where the data were not used. */
export function predictionTailsOf(fit: {
  readonly design: Design;
  readonly parameters: readonly Parameter[];
  readonly data: ModelData;
  readonly report: Pick<FitReport, 'method'>;
}): TailsOfPredictions {
  const { design, parameters, data, report } = fit;
  const found =
    known.get(report) ??
    new TailsOfPredictions(design, parameters, posteriorTails(design, parameters, report.method === 'prior' ? null : data));
  known.set(report, found);
  return found;
}

/** The description without a mean or an sd that does not exist. */
export function withoutMissing(described: Described, tail: number): Predictive {
  if (hasSd(tail)) return described;
  const what = hasMean(tail) ? 'no sd' : 'no mean and no sd';
  return {
    ...described,
    mean: hasMean(tail) ? described.mean : null,
    sd: null,
    note: `It has ${what}: the tails of what it is made from are too heavy. The interval stands.`,
  };
}
