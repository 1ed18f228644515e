/** Predictions for rows that nobody has seen: live, in pairs, and along a covariate. */
import { type ColumnProfile, columnOf, type NumericProfile } from '../../core/data/profile.ts';
import { untransformed } from '../../core/data/transform.ts';
import { vocabularyOf } from '../../core/design/at.ts';
import { familyOf } from '../../core/families/index.ts';
import { rngFor } from '../../core/math/streams.ts';
import { intervalOfSorted, quantileOfSorted } from '../../core/posterior/diagnose/interval.ts';
import { type Fitted, linearPredictor, lookupOf } from '../../core/posterior/predict/lookup.ts';
import { type Point, pointOf } from '../../core/posterior/predict/point.ts';
import { describe, onOwnScale, type PointDraws, predictPoint, usualCircumstance } from '../../core/posterior/predict/predict.ts';
import { predictionTailsOf, withoutMissing } from '../../core/posterior/predict/predictionTails.ts';
import { drawsOf } from '../../core/sampler/types.ts';
import type { HistogramBins } from '../../protocol/views/parts.ts';
import type { InputRange } from '../../protocol/views/whatif.ts';
import type { Scenario, Values, ViewOf } from '../../protocol/views.ts';
import { histogramBetween } from './bins.ts';
import { ViewError, type ViewState } from './state.ts';

/** Draws that a live prediction uses: enough for its numbers, and its cost does not grow with the fit. */
const LIVE_DRAWS = 4000;
const CURVE_POINTS = 25;
const MOST_CURVES = 10;

/** The fit with evenly spaced draws of what concerns one group (−1: of what all share), when it has many. */
export function thinned(state: ViewState, group: number): Fitted {
  const { design, draws, parameters } = state;
  const size = draws.chains * draws.draws;
  if (size <= LIVE_DRAWS) return state;
  const own = parameters.filter((p) => !p.masked && (p.group < 0 || p.group === group));
  const values = new Float64Array(own.length * LIVE_DRAWS);
  own.forEach((p, k) => {
    const all = drawsOf(draws, p.index);
    for (let s = 0; s < LIVE_DRAWS; s++) values[k * LIVE_DRAWS + s] = all[Math.floor((s * size) / LIVE_DRAWS)];
  });
  return {
    design,
    parameters: own.map((p, index) => ({ ...p, index })),
    draws: { ...draws, chains: 1, draws: LIVE_DRAWS, parameters: own.length, values },
  };
}

function pointFor(state: ViewState, group: string, at: Values): Point {
  const point = pointOf(state.design, state.data.standardisation, group, new Map(at));
  if (point === null) throw new ViewError(`Nothing is known of the group ${group}: the data lack it, and its terms are not pooled.`);
  if (point.faults.length > 0) throw new ViewError(point.faults[0]);
  if (point.lacking.length > 0) throw new ViewError(`A prediction for ${group} needs a value for ${point.lacking.join(', ')}.`);
  return point;
}

/** @param stream Scenarios with the same number share their noise, so that a slider moves a picture smoothly. */
function drawAt(state: ViewState, point: Point, stream: number): PointDraws {
  const fitted = thinned(state, point.group);
  const rng = rngFor(state.report.seed, 'whatIf', stream);
  const usual = usualCircumstance(state.design, state.data);
  const drawn = predictPoint(fitted, lookupOf(fitted.design, fitted.parameters), point, usual, rng);
  return onOwnScale(state.design, state.data.standardisation, drawn);
}

/** Between the outermost quantiles, so that one wild draw does not flatten the rest; on whole numbers for counts. */
function predictiveHistogram(state: ViewState, values: Float64Array, bins: number): HistogramBins {
  const sorted = values.slice().sort();
  const lower = quantileOfSorted(sorted, 0.001);
  const upper = quantileOfSorted(sorted, 0.999);
  if (!familyOf(state.design.family).discrete) return histogramBetween(values, lower, upper, bins);
  const width = Math.max(1, Math.ceil((upper - lower + 1) / bins));
  const count = Math.max(1, Math.ceil((upper - lower + 1) / width));
  return histogramBetween(values, lower - 0.5, lower - 0.5 + count * width, count);
}

export function whatifView(state: ViewState, group: string, at: Values, bins: number): ViewOf<'whatif'> {
  const point = pointFor(state, group, at);
  const { mu, response } = drawAt(state, point, 0);
  const { interval } = state.design;
  const tails = predictionTailsOf(state).at(point.group, point.x, true);
  return {
    kind: 'whatif',
    predictive: withoutMissing(describe(response, interval), tails.response),
    mu: withoutMissing(describe(mu, interval), tails.mu),
    histogram: predictiveHistogram(state, response, Math.max(1, Math.min(100, Math.floor(bins)))),
    ignored: point.ignored,
  };
}

/** Two scenarios draw by draw: the same posterior, noise of their own. */
export function scenariosView(state: ViewState, a: Scenario, b: Scenario, bins: number): ViewOf<'scenarios'> {
  const points = [pointFor(state, a.group, a.at), pointFor(state, b.group, b.at)] as const;
  const first = drawAt(state, points[0], 0);
  const second = drawAt(state, points[1], 1);
  const tails = points.map((point) => predictionTailsOf(state).at(point.group, point.x, true).response);
  const { interval } = state.design;
  const difference = first.response.map((v, i) => v - second.response[i]);
  return {
    kind: 'scenarios',
    a: withoutMissing(describe(first.response, interval), tails[0]),
    b: withoutMissing(describe(second.response, interval), tails[1]),
    difference: withoutMissing(describe(difference, interval), Math.min(...tails)),
    probability: shareAbove(first.response, second.response),
    probabilityMu: shareAbove(first.mu, second.mu),
    histogram: predictiveHistogram(state, difference, bins),
  };
}

/** P(a > b), ties counting half. */
function shareAbove(a: Float64Array, b: Float64Array): number {
  let above = 0;
  for (let i = 0; i < a.length; i++) above += a[i] > b[i] ? 1 : a[i] === b[i] ? 0.5 : 0;
  return above / a.length;
}

/** What a prediction for the group takes, with the range of its data; masked ones are there and say why they are. */
export function inputsView(state: ViewState, group: string): ViewOf<'inputs'> {
  const { design, profile } = state;
  const g = design.groups.indexOf(group);
  const own = profile.groups.find((p) => p.name === group);
  const inputs = new Map<string, InputRange>();
  design.terms.forEach((term, t) => {
    const active = g < 0 || design.mask[g * design.terms.length + t] === 1;
    for (const { column, name, levels } of term.factors) {
      const key = levels === null ? vocabularyOf(design.terms).keyOf(column) : name;
      const known = inputs.get(key);
      if (known && (known.masked === null || !active)) continue;
      const all = columnOf(profile, column);
      const cells = active && own && all ? own.columns[profile.columns.indexOf(all)] : undefined;
      inputs.set(key, {
        name: key,
        levels,
        masked: active ? null : `${key} does not exist for ${group}: the mask has 0 there, so it never moves a prediction.`,
        ...(levels === null ? rangeOf(cells, all) : { min: 0, max: 1, mean: 0, integer: true }),
      });
    }
  });
  return { kind: 'inputs', group, inputs: [...inputs.values()] };
}

function rangeOf(
  cells: NumericProfile | undefined,
  column: ColumnProfile | undefined,
): Pick<InputRange, 'min' | 'max' | 'mean' | 'integer'> {
  const from = cells && cells.count > 0 ? cells : column;
  if (!from || !(from.count > 0)) return { min: 0, max: 1, mean: 0, integer: false };
  const { min, max, mean } = from;
  return { min, max: max > min ? max : min + 1, mean, integer: column?.integer ?? false };
}

/** The mean response along one covariate, or to a level (`stage[late]`) from the others; what else there is is held at `at`, or at the group's means and the reference levels. */
export function conditionalView(state: ViewState, covariate: string, groups: readonly string[], at: Values): ViewOf<'conditional'> {
  const curves = groups.slice(0, MOST_CURVES).map((group) => curveOf(state, covariate, group, at));
  return { kind: 'conditional', covariate, curves };
}

function curveOf(state: ViewState, covariate: string, group: string, at: Values): ViewOf<'conditional'>['curves'][number] {
  const { inputs } = inputsView(state, group);
  const input = inputs.find((i) => i.name === covariate || i.levels?.slice(1).some((l) => `${i.name}[${l}]` === covariate));
  if (!input) throw new ViewError(`This fit has no covariate ${covariate}.`);
  const none = new Float64Array(0);
  if (input.masked !== null) return { group, masked: true, x: none, mean: none, lower: none, upper: none };
  const free = inputs.filter((i) => i.masked === null && i !== input);
  const values = new Map<string, number | string>(free.map((i) => [i.name, i.levels?.[0] ?? i.mean]));
  for (const [name, value] of at) if (values.has(name)) values.set(name, value);
  const index = state.design.groups.indexOf(group);
  if (index < 0) throw new ViewError(`This fit has no group ${group}.`);
  const fitted = thinned(state, index);
  const lookup = lookupOf(fitted.design, fitted.parameters);
  const family = familyOf(state.design.family);
  const usual = usualCircumstance(state.design, state.data);
  const auxiliary = { trials: usual.trials, scale: usual.se ?? 1, own: [] };
  const { column, transform } = state.design.response;
  const moments = state.data.standardisation.get(column);
  const back = (value: number) => untransformed(value, transform, moments);
  const mu = new Float64Array(fitted.draws.chains * fitted.draws.draws);
  const x = Float64Array.from({ length: CURVE_POINTS }, (_, k) => input.min + ((input.max - input.min) * k) / (CURVE_POINTS - 1));
  const mean = new Float64Array(CURVE_POINTS);
  const lower = new Float64Array(CURVE_POINTS);
  const upper = new Float64Array(CURVE_POINTS);
  x.forEach((value, k) => {
    values.set(covariate, value);
    const point = pointOf(state.design, state.data.standardisation, group, values)!;
    linearPredictor(fitted.draws, lookup, point.group, point.x, mu);
    for (let s = 0; s < mu.length; s++) mu[s] = back(family.mean(mu[s] + usual.offset, auxiliary));
    mu.sort();
    mean[k] = mu.reduce((a, b) => a + b, 0) / mu.length;
    const interval = intervalOfSorted(mu, state.design.interval);
    lower[k] = interval.lower;
    upper[k] = interval.upper;
  });
  return { group, masked: false, x, mean, lower, upper };
}
