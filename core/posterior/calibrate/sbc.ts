/**
 * Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari & Gelman 2018; Modrák, Moon, Kim, Bürkner, Huurre, Faltejsková, Gelman
 * & Vehtari 2023): parameters from the priors, data from the parameters, a fit of the data; over many rounds the truth's rank among its
 * posterior draws is uniform if, and only if, model, densities and sampler agree.
 */

import { weightOf } from '../../data/table.ts';
import type { Design, Parameter, Rows } from '../../design/design.ts';
import { gammaQ } from '../../math/gamma.ts';
import { rngFor } from '../../math/streams.ts';
import { type Draws, drawsOf } from '../../sampler/types.ts';
import { thinDraws } from '../check/replicate.ts';
import { type Band, countsBelow, isWithin, simultaneousBand } from '../diagnose/envelope.ts';
import { lookupOf } from '../predict/lookup.ts';
import { RowEvaluator } from '../predict/pointwise.ts';
import { drawParameters, simulateResponses } from './prior.ts';

export interface Simulation {
  /** The true value of each unmasked scalar, at its index. */
  readonly truth: Float64Array;
  /** The data's rows with simulated responses. */
  readonly rows: Rows;
}

/**
 * Round number `index` of a seed: the same whatever ran before.
 * @returns `null` when the priors gave a response that is not finite (a Poisson mean beyond all numbers): the round is skipped.
 */
export function simulate(design: Design, parameters: readonly Parameter[], rows: Rows, seed: number, index: number): Simulation | null {
  const rng = rngFor(seed, 'calibration', index);
  const lookup = lookupOf(design, parameters);
  const truth = new Float64Array(parameters.reduce((sum, p) => sum + (p.masked ? 0 : 1), 0));
  drawParameters(design, parameters, lookup, rng, truth);
  const y = new Float64Array(rows.n);
  simulateResponses(design, rows, lookup, truth, rng, y);
  return y.every(Number.isFinite) ? { truth, rows: { ...rows, y } } : null;
}

/** Name of the quantity that is no parameter: log p(y | parameters). It sees faults that every single parameter hides. */
export const LOG_LIKELIHOOD = 'log_likelihood';

export interface CalibrationResult {
  readonly name: string;
  /** Rounds by rank, in equal bins. */
  readonly counts: readonly number[];
  /** Of χ² over the bins. */
  readonly p: number;
  /** Rounds whose scaled rank is at most k / points, for k = 1 … points − 1. */
  readonly below: Int32Array;
  readonly uniform: boolean;
}

export interface CalibrationReport {
  /** Rounds that count. */
  readonly rounds: number;
  readonly skipped: number;
  readonly bins: number;
  /** A bin's count stays within these with a probability of 99 %. */
  readonly binLower: number;
  readonly binUpper: number;
  readonly points: number;
  /** What each `below` stays in with a probability of 99 % over all quantities together. */
  readonly band: Band;
  /** Sampled parameters in order, then the log likelihood. */
  readonly results: readonly CalibrationResult[];
  readonly calibrated: boolean;
  /** One or two sentences. */
  readonly verdict: string;
}

const POSTERIOR_DRAWS = 99;
const POINTS = 50;
const FAMILYWISE = 0.01;

/** Collects the ranks of round after round. */
export class Calibration {
  readonly #design: Design;
  readonly #parameters: readonly Parameter[];
  readonly #names: readonly string[];
  /** Scaled ranks in (0, 1), one array a quantity. */
  readonly #ranks: readonly number[][];
  readonly #seed: number;
  #skipped = 0;

  constructor(design: Design, parameters: readonly Parameter[], seed: number) {
    this.#design = design;
    this.#parameters = parameters.filter((p) => !p.masked && !(p.prior !== null && 'fixed' in p.prior));
    this.#names = [...this.#parameters.map((p) => p.name), LOG_LIKELIHOOD];
    this.#ranks = this.#names.map(() => []);
    this.#seed = seed;
  }

  omit(): void {
    this.#skipped++;
  }

  /** A round's fit: `draws` are thinned to 99 evenly spaced ones, which for all but very slow chains are nearly independent. */
  add(index: number, { truth, rows }: Simulation, draws: Draws, allParameters: readonly Parameter[]): void {
    const rng = rngFor(this.#seed, 'pit', index);
    const thinned = thinDraws(draws, POSTERIOR_DRAWS);
    const scaled = (value: number, drawn: Float64Array): number => {
      let below = 0;
      let equal = 0;
      for (const other of drawn) {
        if (other < value) below++;
        else if (other === value) equal++;
      }
      return (below + rng.uniform() * (equal + 1)) / (drawn.length + 1);
    };
    this.#parameters.forEach((p, q) => {
      this.#ranks[q].push(scaled(truth[p.index], drawsOf(thinned, p.index)));
    });
    const drawn = totals(this.#design, allParameters, rows, thinned);
    const [own] = totals(this.#design, allParameters, rows, single(truth));
    this.#ranks[this.#names.length - 1].push(scaled(own, drawn));
  }

  report(): CalibrationReport {
    const rounds = this.#ranks[0].length;
    const bins = Math.max(5, Math.min(20, Math.floor(rounds / 20)));
    const points = Math.max(5, Math.min(POINTS, rounds));
    const band = simultaneousBand(rounds, points, 1 - FAMILYWISE / this.#names.length);
    const results = this.#names.map((name, q): CalibrationResult => {
      const ranks = Float64Array.from(this.#ranks[q]);
      const counts = new Array<number>(bins).fill(0);
      for (const rank of ranks) counts[Math.min(bins - 1, Math.floor(rank * bins))]++;
      const expected = rounds / bins;
      const chi2 = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      const below = countsBelow(ranks, points);
      return { name, counts, p: gammaQ((bins - 1) / 2, chi2 / 2), below, uniform: isWithin(below, band) };
    });
    const spread = 2.576 * Math.sqrt((rounds / bins) * (1 - 1 / bins));
    const calibrated = results.every((r) => r.uniform);
    return {
      rounds,
      skipped: this.#skipped,
      bins,
      binLower: Math.max(0, Math.floor(rounds / bins - spread)),
      binUpper: Math.ceil(rounds / bins + spread),
      points,
      band,
      results,
      calibrated,
      verdict: verdictOn(results, rounds, this.#skipped),
    };
  }
}

function verdictOn(results: readonly CalibrationResult[], rounds: number, skipped: number): string {
  const left =
    skipped === 0
      ? ''
      : ` ${skipped} rounds were left out because the priors gave responses that are not finite; tighter priors would avoid that.`;
  // Parameters before the log likelihood, whose ranks are harder to read.
  const rank = (r: CalibrationResult): number => r.p + (r.name === LOG_LIKELIHOOD ? 1 : 0);
  const wrong = results.filter((r) => !r.uniform).sort((a, b) => rank(a) - rank(b));
  if (wrong.length === 0) return `Calibrated: over ${rounds} rounds every rank is uniform, so the fit finds what the priors put in.${left}`;
  const names = wrong.slice(0, 5).map((r) => r.name);
  return `Not calibrated: the ranks of ${names.join(', ')}${wrong.length > 5 ? ` and ${wrong.length - 5} more` : ''} are not uniform (${shapeOf(wrong[0])}), so what is fitted is not what was simulated.${left}`;
}

/** The histogram's shape in words. */
function shapeOf({ counts }: CalibrationResult): string {
  const n = counts.reduce((sum, c) => sum + c, 0);
  const at = counts.map((_, i) => (i + 0.5) / counts.length);
  const mean = counts.reduce((sum, c, i) => sum + c * at[i], 0) / n;
  const variance = counts.reduce((sum, c, i) => sum + c * (at[i] - 0.5) ** 2, 0) / n;
  const tilt = (mean - 0.5) / Math.sqrt(1 / 12 / n);
  if (Math.abs(tilt) > 3) return tilt > 0 ? 'the truth lies too often above the posterior' : 'the truth lies too often below the posterior';
  return variance > 1 / 12 ? 'the posterior is too narrow' : 'the posterior is too wide';
}

/** log p(y | draw), one a draw. */
function totals(design: Design, parameters: readonly Parameter[], rows: Rows, draws: Draws): Float64Array {
  const evaluator = new RowEvaluator({ design, parameters, draws }, rows);
  const sum = new Float64Array(evaluator.size);
  const own = new Float64Array(evaluator.size);
  for (let row = 0; row < rows.n; row++) {
    evaluator.logLikelihood(row, own);
    const weight = weightOf(rows, row);
    for (let s = 0; s < sum.length; s++) sum[s] += weight * own[s];
  }
  return sum;
}

const NO_STATISTICS: Draws['statistics'] = {
  logDensity: new Float64Array(1),
  energy: new Float64Array(1),
  acceptance: new Float64Array(1),
  stepSize: new Float64Array(1),
  treeDepth: new Uint8Array(1),
  leapfrogs: new Uint32Array(1),
  diverging: new Uint8Array(1),
};

const single = (truth: Float64Array): Draws => ({
  chains: 1,
  draws: 1,
  parameters: truth.length,
  values: truth,
  statistics: NO_STATISTICS,
  divergences: [],
  gradientEvaluations: 0,
});
