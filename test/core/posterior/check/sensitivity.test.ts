import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../../../core/design/design.ts';
import { Rng } from '../../../../core/math/rng.ts';
import { toEnd } from '../../../../core/math/steps.ts';
import { sensitivity } from '../../../../core/posterior/check/sensitivity.ts';
import type { Prior } from '../../../../core/spec/types.ts';
import { makeDraws } from '../makeDraws.ts';
import { readValues } from '../reference.ts';

const scalar = (name: string, kind: Parameter['kind'], index: number, prior: Prior | null): Parameter => ({
  name,
  kind,
  term: 0,
  group: 0,
  masked: index < 0,
  index,
  prior,
});

describe('power-scaling as ArviZ 0.23.4', () => {
  // Made by test/reference/diagnostics/psens.py.
  const golden = readValues('psens.json') as Readonly<Record<string, number & readonly number[]>>;
  const theta = Float64Array.from(golden.theta);
  const tau = Float64Array.from(golden.tau);
  const parameters = [
    scalar('theta', 'w', 0, { dist: 'normal', args: [0, 2] }),
    scalar('gone', 'w', -1, { dist: 'normal', args: [0, 2] }),
    scalar('tau', 'tau', 1, { dist: 'exponential', args: [1] }),
  ];
  const logLikelihood = theta.map((t, s) => -1.5 * (t - 1.5) ** 2 + 0.2 * Math.log(tau[s]));
  const report = toEnd(sensitivity(makeDraws(2, 100, [theta, tau]), parameters, logLikelihood));

  it.each([0, 1])('parameter %d', (i) => {
    const { name, prior, likelihood } = report.parameters[i];
    expect(prior / golden[`prior_${name}`]).toBeCloseTo(1, 9);
    expect(likelihood / golden[`likelihood_${name}`]).toBeCloseTo(1, 9);
  });
});

describe('the reading', () => {
  // y ~ N(theta, 1) n times with mean ȳ, theta ~ N(location, sd): the posterior is normal.
  function readingOf(location: number, sd: number, ybar: number, n: number) {
    const S = 4000;
    const rng = Rng.of(6, 6);
    const precision = n + 1 / sd ** 2;
    const mean = (n * ybar + location / sd ** 2) / precision;
    const theta = Float64Array.from({ length: S }, () => mean + rng.normal() / Math.sqrt(precision));
    const prior: Prior = { dist: 'normal', args: [location, sd] };
    const logLikelihood = theta.map((t) => -0.5 * n * (ybar - t) ** 2);
    return toEnd(sensitivity(makeDraws(4, S / 4, [theta]), [scalar('theta', 'w', 0, prior)], logLikelihood)).parameters[0].reading;
  }

  it.each([
    ['much data, wide prior', 0, 5, 1, 100, 'none'],
    ['prior and data apart', 10, 1, 0, 5, 'conflict'],
    ['almost no data', 0, 0.05, 1, 1, 'strong_prior'],
  ] as const)('%s', (_, location, sd, ybar, n, expected) => {
    expect(readingOf(location, sd, ybar, n)).toBe(expected);
  });
});

describe('weights that fail', () => {
  const S = 1000;
  const rng = Rng.of(6, 7);
  const theta = Float64Array.from({ length: S }, () => rng.normal());
  const parameters = [scalar('theta', 'w', 0, { dist: 'normal', args: [0, 1e9] })];
  const draws = makeDraws(4, S / 4, [theta]);
  /** A log likelihood whose weights at 0.8 have a tail of index about 2, or nearly none. */
  const failing = Float64Array.from(theta, () => -10 * Math.log(1 / (1 - rng.uniform())));

  it.each<[string, Float64Array, number, boolean]>([
    ['a likelihood that fails does not matter where the prior does nothing', failing, 1e9, false],
    ['it does where the prior counts', failing, 0.3, true],
    ['weights that hold', theta.map((t) => -0.5 * t * t), 0.8, false],
  ])('%s', (_, logLikelihood, sd, expected) => {
    const prior: Prior = { dist: 'normal', args: [0, sd] };
    const report = toEnd(sensitivity(draws, [{ ...parameters[0], prior }], logLikelihood));
    const [row] = report.parameters;
    expect(row.doubtful === true).toBe(expected);
    expect(row.text.includes('doubtful')).toBe(expected);
  });

  it('a prior that fails makes every reading doubtful', () => {
    const report = toEnd(
      sensitivity(
        draws,
        [{ ...parameters[0], prior: { dist: 'normal', args: [0, 0.05] } }],
        theta.map((t) => -0.5 * t * t),
      ),
    );
    expect(report.reliable.prior).toBe(false);
    expect(report.parameters[0].doubtful).toBe(true);
  });
});
