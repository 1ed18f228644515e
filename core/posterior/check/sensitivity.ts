/**
 * How the posterior moves when the prior or the likelihood counts a little more or less: power-scaling (Kallioinen, Paananen, Bürkner &
 * Vehtari 2024), by Pareto smoothed importance weights from the draws at hand. Values equal ArviZ 0.23.4's `psens` with delta = 0.25.
 */

import type { Parameter } from '../../design/design.ts';
import { isFixed, logPrior, supportOf } from '../../design/priors.ts';
import { Sorter } from '../../math/sort.ts';
import type { Steps } from '../../math/steps.ts';
import { type Draws, drawsOf } from '../../sampler/types.ts';
import { Psis, paretoThreshold } from '../loo/psis.ts';

/** Powers at which the component is scaled, each the other's inverse. */
const UPPER = 1.25;
const LOWER = 1 / UPPER;
/** Above this a component moves the posterior. */
export const SENSITIVE = 0.05;

export type Reading = 'none' | 'conflict' | 'strong_prior';

export interface Sensitivity {
  readonly name: string;
  /** Change of the marginal posterior (cumulative Jensen–Shannon distance) per doubling of the prior's or likelihood's power. */
  readonly prior: number;
  readonly likelihood: number;
  readonly reading: Reading;
  /** One or two sentences; one more where it is doubtful. */
  readonly text: string;
  /** Only where the importance weights that the reading rests on fail: their k-hat is above the threshold. */
  readonly doubtful?: true;
}

export interface SensitivityReport {
  /** Unmasked parameters that are not constant, in order. */
  readonly parameters: readonly Sensitivity[];
  /** Whether the weights could be trusted (k-hat below the threshold) for each component. */
  readonly reliable: { readonly prior: boolean; readonly likelihood: boolean };
}

/** Σ of the log priors of all parameters that have one of their own, one a draw. Coefficients under partial pooling have none. */
export function logPriorOf(draws: Draws, parameters: readonly Parameter[]): Float64Array {
  const out = new Float64Array(draws.chains * draws.draws);
  for (const { prior, masked, index, kind } of parameters) {
    if (masked || prior === null || isFixed(prior)) continue;
    // A prior on the whole line, cut at 0 for a scale, keeps its shape: the constant cancels.
    const { lower } = supportOf(prior, kind === 'scale' || kind === 'tau');
    const values = drawsOf(draws, index);
    for (let s = 0; s < out.length; s++) out[s] += logPrior(prior, Math.max(values[s], lower));
  }
  return out;
}

/**
 * A step a parameter.
 * @param logLikelihood log p(y | draw), one a draw, as `LooRun` gathers it.
 */
export function* sensitivity(draws: Draws, parameters: readonly Parameter[], logLikelihood: Float64Array): Steps<SensitivityReport> {
  const psis = new Psis(logLikelihood.length);
  const threshold = paretoThreshold(logLikelihood.length);
  const scaled = (component: Float64Array) => {
    const weightsAt = (alpha: number): { readonly weights: Float64Array; readonly k: number } => {
      const k = psis.smooth(component.map((value) => (alpha - 1) * value));
      return { weights: psis.weights.slice(), k };
    };
    // Constant ratios have no tail to fit and need none.
    const constant = component.every((value) => value === component[0]);
    const pair = [weightsAt(LOWER), weightsAt(UPPER)] as const;
    return { pair, reliable: constant || pair.every(({ k }) => k <= threshold) };
  };
  const prior = scaled(logPriorOf(draws, parameters));
  yield;
  const likelihood = scaled(logLikelihood);
  const sorter = new Sorter();
  const list: Sensitivity[] = [];
  for (const parameter of parameters) {
    if (parameter.masked) continue;
    yield;
    const values = drawsOf(draws, parameter.index);
    const order = sorter.order(values);
    if (!(values[order[order.length - 1]] > values[order[0]])) continue;
    const change = ({ pair }: typeof prior): number =>
      (distance(values, order, pair[0].weights) + distance(values, order, pair[1].weights)) / (2 * Math.log2(UPPER));
    const row = read(parameter.name, change(prior), change(likelihood));
    // What the likelihood does matters only where the prior does something.
    const isReliable = prior.reliable && (row.reading === 'none' || likelihood.reliable);
    list.push(isReliable ? row : { ...row, text: `${row.text} ${DOUBT}`, doubtful: true });
  }
  return { parameters: list, reliable: { prior: prior.reliable, likelihood: likelihood.reliable } };
}

const DOUBT = 'This is doubtful: the importance weights that tell it fail (their Pareto k is too high).';

function read(name: string, prior: number, likelihood: number): Sensitivity {
  const base = { name, prior, likelihood };
  if (prior < SENSITIVE) {
    return { ...base, reading: 'none', text: `The prior hardly matters for ${name}: the data decide.` };
  }
  if (likelihood >= SENSITIVE) {
    return {
      ...base,
      reading: 'conflict',
      text: `Prior and data both move ${name}: they may disagree about it, or the prior is informative. Check that the prior says what you mean.`,
    };
  }
  return {
    ...base,
    reading: 'strong_prior',
    text: `${name} follows its prior: the data say little about it. Report it only if you stand by that prior.`,
  };
}

/** The larger of the distances of the draws and of their mirror image, which makes it blind to the sign. */
function distance(values: Float64Array, order: Uint32Array, weights: Float64Array): number {
  return Math.max(oneSided(values, order, weights, 1), oneSided(values, order, weights, -1));
}

/** Cumulative Jensen–Shannon distance between the draws and the weighted draws, from 0 to 1. */
function oneSided(values: Float64Array, order: Uint32Array, weights: Float64Array, direction: 1 | -1): number {
  const n = order.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += weights[i];
  const at = (i: number): number => (direction === 1 ? order[i] : order[n - 1 - i]);
  let q = 0;
  let pq = 0;
  let qp = 0;
  let areaP = 0;
  let areaQ = 0;
  for (let i = 0; i < n - 1; i++) {
    const width = Math.abs(values[at(i + 1)] - values[at(i)]);
    const p = (i + 1) / n;
    q += weights[at(i)] / total;
    const middle = 0.5 * (p + q);
    areaP += width * p;
    areaQ += width * q;
    pq += width * p * Math.log(p / middle);
    if (q > 0) qp += width * q * Math.log(q / middle);
  }
  const forth = Math.max(0, pq + 0.5 * (areaQ - areaP));
  const back = Math.max(0, qp + 0.5 * (areaP - areaQ));
  return Math.sqrt((forth + back) / Math.LN2 / (areaP + areaQ));
}
