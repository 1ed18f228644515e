/** Posterior prediction at a point: of the response, noise included, and of its mean. */

import { untransformed } from '../../data/transform.ts';
import type { ModelData, Standardisation } from '../../design/design.ts';
import { drawPrior, isFixed } from '../../design/priors.ts';
import type { RowAuxiliary } from '../../families/family.ts';
import { familyOf } from '../../families/index.ts';
import { exp, log } from '../../math/elementary.ts';
import type { Rng } from '../../math/rng.ts';
import { rngFor } from '../../math/streams.ts';
import { drawsOf } from '../../sampler/types.ts';
import type { IntervalSpec, PredictionSpec } from '../../spec/types.ts';
import { meanOf, varianceOf } from '../diagnose/chains.ts';
import { intervalOfSorted } from '../diagnose/interval.ts';
import type { Described, PredictionReport } from '../report.ts';
import { type Fitted, type Lookup, linearPredictor, lookupOf } from './lookup.ts';
import { type Point, pointOf } from './point.ts';
import { type TailsOfPredictions, withoutMissing } from './predictionTails.ts';

/** What a new row has besides covariates. */
export interface Circumstance {
  /** Binomial. */
  readonly trials: number;
  /** Counts: log of the exposure. */
  readonly offset: number;
  /** Known standard deviation; `null` without `se`. */
  readonly se: number | null;
}

export interface PointDraws {
  /** One a draw, chain after chain: the mean of the response (binomial: of the count), its noise left out. */
  readonly mu: Float64Array;
  readonly response: Float64Array;
}

/** The numbers a prediction shows. NaN where a needed covariate was not given. */
export function describe(values: Float64Array, interval: IntervalSpec): Described {
  return { mean: meanOf(values), sd: Math.sqrt(varianceOf(values)), ...intervalOfSorted(values.slice().sort(), interval) };
}

/**
 * For what a spec's prediction leaves unsaid: the spec's number of trials, or one; exposure 1; the root mean square of the known
 * standard deviations.
 */
export function usualCircumstance({ response }: Fitted['design'], data: Pick<ModelData, 'rows'>): Circumstance {
  const { se } = data.rows;
  const meanSquare = se === null || se.length === 0 ? 0 : se.reduce((sum, value) => sum + value * value, 0) / se.length;
  return {
    trials: typeof response.trials === 'number' ? response.trials : 1,
    offset: 0,
    se: se === null ? null : Math.sqrt(meanSquare),
  };
}

/** The same with what a prediction, or a row of new data, does say; `null` where it does not. */
export function circumstanceOf(
  fitted: Pick<Fitted, 'design'>,
  data: Pick<ModelData, 'rows'>,
  { trials, exposure, se }: Pick<PredictionSpec, 'trials' | 'exposure' | 'se'>,
): Circumstance {
  const usual = usualCircumstance(fitted.design, data);
  return { trials: trials ?? usual.trials, offset: exposure === null ? usual.offset : log(exposure), se: se ?? usual.se };
}

/** Draws taken back from the scale of the response's transform to that of the response itself. */
export function onOwnScale(design: Fitted['design'], standardisation: Standardisation, draws: PointDraws): PointDraws {
  const { column, transform } = design.response;
  if (transform === 'none') return draws;
  const moments = standardisation.get(column);
  const back = (values: Float64Array) => values.map((v) => untransformed(v, transform, moments));
  return { mu: back(draws.mu), response: back(draws.response) };
}

/** What of its circumstances a prediction's numbers hang on. */
function circumstanceReport(
  { design }: Fitted,
  { trials, offset, se }: Circumstance,
): Pick<PredictionReport, 'exposure' | 'trials' | 'se'> {
  return {
    ...(design.response.exposure === null ? {} : { exposure: Number(exp(offset).toPrecision(15)) }),
    ...(familyOf(design.family).parts.includes('trials') ? { trials } : {}),
    ...(se === null ? {} : { se }),
  };
}

/**
 * The spec's predictions. Each has its own stream of random numbers, so that one does not move when another is added. Those for a
 * group that nothing is known of are left out (the spec's check has refused them).
 * @param tails which means and sds exist; all when left out.
 */
export function predictAll(
  fitted: Fitted,
  data: Pick<ModelData, 'rows' | 'standardisation'>,
  predictions: readonly PredictionSpec[],
  seed: number,
  tails: TailsOfPredictions | null = null,
): PredictionReport[] {
  const lookup = lookupOf(fitted.design, fitted.parameters);
  return predictions.flatMap((prediction, i) => {
    const { name, group, at, scale } = prediction;
    const point = pointOf(fitted.design, data.standardisation, group, at);
    if (point === null || point.faults.length > 0) return [];
    const circumstance = circumstanceOf(fitted, data, prediction);
    const drawn = predictPoint(fitted, lookup, point, circumstance, rngFor(seed, 'prediction', i));
    const { mu, response } = scale === 'response' ? onOwnScale(fitted.design, data.standardisation, drawn) : drawn;
    const { interval } = fitted.design;
    const said = { scale, ...circumstanceReport(fitted, circumstance) };
    const tail = tails?.at(point.group, point.x, scale === 'response');
    const [whole, mean] = [describe(response, interval), describe(mu, interval)];
    const shown =
      tail === undefined ? { ...whole, mu: mean } : { ...withoutMissing(whole, tail.response), mu: withoutMissing(mean, tail.mu) };
    return [{ name, group, ...shown, ignored: point.ignored, ...said }];
  });
}

/** All draws of the prediction at a point; on the scale of the response after its transform, as the model has it. */
export function predictPoint(fitted: Fitted, lookup: Lookup, point: Point, circumstance: Circumstance, rng: Rng): PointDraws {
  const { design, draws } = fitted;
  const size = draws.chains * draws.draws;
  const mu = new Float64Array(size);
  const response = new Float64Array(size);
  if (point.group < 0) newGroupPredictor(fitted, lookup, point.x, rng, mu);
  else linearPredictor(draws, lookup, point.group, point.x, mu);
  const family = familyOf(design.family);
  const scale = scaleDraws(fitted, lookup, point.group, rng);
  const own = lookup.own.map((index) => drawsOf(draws, index));
  const ownAt = new Float64Array(own.length);
  const auxiliary: { -readonly [K in keyof RowAuxiliary]: RowAuxiliary[K] } = {
    trials: circumstance.trials,
    scale: circumstance.se ?? 1,
    own: ownAt,
  };
  for (let s = 0; s < size; s++) {
    if (scale !== null) auxiliary.scale = scale[s];
    for (let k = 0; k < own.length; k++) ownAt[k] = own[k][s];
    const eta = mu[s] + circumstance.offset;
    mu[s] = family.mean(eta, auxiliary);
    response[s] = Number.isNaN(eta) ? eta : family.draw(rng, eta, auxiliary);
  }
  return { mu, response };
}

/** Coefficients of a group never seen: each partially pooled one drawn from its population, draw by draw. */
function newGroupPredictor({ design, draws }: Fitted, lookup: Lookup, x: Float64Array, rng: Rng, out: Float64Array): void {
  const size = out.length;
  design.terms.forEach((term, t) => {
    if (term.pooling === 'partial') {
      const mean = drawsOf(draws, lookup.mu[t]);
      const sd = drawsOf(draws, lookup.tau[t]);
      for (let s = 0; s < size; s++) out[s] += x[t] * (mean[s] + sd[s] * rng.normal());
      return;
    }
    const index = lookup.coefficient.find((value, cell) => cell % design.terms.length === t && value >= 0);
    if (index === undefined) return;
    const pooled = drawsOf(draws, index);
    for (let s = 0; s < size; s++) out[s] += x[t] * pooled[s];
  });
}

/** The group's scale, or for a new group with a scale of its own draws of its prior; `null` for families without. */
function scaleDraws({ design, draws }: Fitted, lookup: Lookup, group: number, rng: Rng): Float64Array | null {
  if (design.scale === null) return null;
  if (group >= 0 || design.scale.by === 'all') return drawsOf(draws, lookup.scale[Math.max(group, 0)]);
  const { prior } = design.scale;
  return Float64Array.from({ length: draws.chains * draws.draws }, () => (isFixed(prior) ? prior.fixed : drawPrior(rng, prior, true)));
}
