/**
 * The priors that `"auto"` stands for: weakly informative, from the scale of the data, as rstanarm and brms choose them
 * (a coefficient may move the response by some 2.5 of its standard deviations for one of the covariate's), rounded so
 * that a person can read them, yet by no more than a fiftieth of their sd. The intercept is the response at x = 0, however far that is from the data: its prior widens
 * by what the slopes may do on the way there.
 */
import { type ColumnProfile, columnOf, type DataProfile } from '../data/profile.ts';
import { transformed } from '../data/transform.ts';
import { familyOf } from '../families/index.ts';
import type { Prior, Spec, Transform } from '../spec/types.ts';
import type { Factor } from './design.ts';
import { slopesOf } from './slopes.ts';

export interface AutomaticPriors {
  /** For a coefficient, or the population mean under partial pooling; no factors: the intercept. */
  coefficient(factors: readonly Factor[]): Prior;
  /** For tau. */
  populationSd(factors: readonly Factor[]): Prior;
  scale(): Prior;
}

const WIDTH = 2.5;

interface Moments {
  readonly mean: number;
  readonly sd: number;
}

/** Mean and sd of a column after its transform, from its histogram; exact where the transform is linear. */
function momentsOf(column: ColumnProfile | undefined, transform: Transform): Moments {
  if (!column || !(column.count > 0)) return { mean: 0, sd: 1 };
  const sd = column.sd > 0 && Number.isFinite(column.sd) ? column.sd : 1;
  if (transform === 'standardize') return { mean: 0, sd: 1 };
  if (transform === 'center') return { mean: 0, sd };
  if (transform === 'none') return { mean: column.mean, sd };
  const bins = column.histogram;
  if (!bins) return { mean: 0, sd: 1 };
  const width = (bins.upper - bins.lower) / bins.counts.length;
  const cells = bins.counts
    .map((count, i) => ({ count, value: transformed(bins.lower + (i + 0.5) * width, transform, undefined) }))
    .filter(({ value }) => Number.isFinite(value));
  const average = (of: (value: number) => number): number =>
    cells.reduce((sum, { count, value }) => sum + count * of(value), 0) / cells.reduce((sum, { count }) => sum + count, 0);
  const mean = average((value) => value);
  // About the mean: of values that are large beside their spread the mean of squares has lost it.
  const variance = average((value) => (value - mean) ** 2);
  return { mean: Number.isFinite(mean) ? mean : 0, sd: variance > 0 ? Math.sqrt(variance) : 1 };
}

/** To three significant digits. */
const tidy = (x: number): number => Number(x.toPrecision(3));

/** Rounding moves a prior by no more than this share of its sd. */
const SHARE_OF_SD = 0.02;

/** To three significant digits, or to as many more as keep the prior in its place. */
function tidyLocation(location: number, sd: number): number {
  for (let digits = 3; digits <= 17; digits++) {
    const rounded = Number(location.toPrecision(digits));
    if (Math.abs(rounded - location) <= SHARE_OF_SD * sd) return rounded;
  }
  return location;
}

export function automaticPriors(spec: Spec, profile: DataProfile): AutomaticPriors {
  const response = momentsOf(columnOf(profile, spec.response.column), spec.response.transform);
  const family = familyOf(spec.family);
  const unit = family.measured ? response.sd : 1;

  const factorMoments = (f: Factor): Moments =>
    f.level === null ? momentsOf(columnOf(profile, f.column), f.transform) : { mean: 0.5, sd: 0.5 };
  const slopeMoments = (factors: readonly Factor[]): Moments => {
    const parts = factors.map(factorMoments);
    if (parts.length === 1) return parts[0];
    // As if they were independent.
    return parts.reduce((a, b) => ({
      mean: a.mean * b.mean,
      sd: Math.hypot(a.mean * b.sd, b.mean * a.sd, a.sd * b.sd),
    }));
  };
  const slopeSd = (factors: readonly Factor[]): number => (WIDTH * unit) / slopeMoments(factors).sd;

  const interceptMean = (): number => {
    const exposure = spec.response.exposure === null ? 1 : momentsOf(columnOf(profile, spec.response.exposure), 'none').mean;
    return family.centre(response.mean, exposure);
  };
  const interceptSd = (): number => {
    let variance = (WIDTH * unit) ** 2;
    for (const { factors } of slopesOf(spec, profile)) {
      if (factors.some((f) => f.level !== null || !columnOf(profile, f.column))) continue;
      const { mean, sd } = slopeMoments(factors);
      variance += ((WIDTH * unit * mean) / sd) ** 2;
    }
    return Math.sqrt(variance);
  };
  const normal = (mu: number, sigma: number): Prior => ({ dist: 'normal', args: [tidyLocation(mu, sigma), tidy(sigma)] });

  return {
    coefficient: (factors) => (factors.length === 0 ? normal(interceptMean(), interceptSd()) : normal(0, slopeSd(factors))),
    populationSd: (factors) => ({ dist: 'half_normal', args: [tidy((factors.length === 0 ? interceptSd() : slopeSd(factors)) / WIDTH)] }),
    scale: () => ({ dist: 'exponential', args: [tidy(1 / response.sd)] }),
  };
}
