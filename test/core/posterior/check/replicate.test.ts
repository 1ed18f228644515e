import { describe, expect, it } from 'vitest';
import { drawGamma, drawPoisson } from '../../../../core/math/random.ts';
import { Rng } from '../../../../core/math/rng.ts';
import { toEnd } from '../../../../core/math/steps.ts';
import { priorDraws } from '../../../../core/posterior/calibrate/prior.ts';
import { dispersionOf } from '../../../../core/posterior/check/dispersion.ts';
import { CHECK_DEFAULTS, checkPredictive, PredictiveCheck, replicatesFor, thinDraws } from '../../../../core/posterior/check/replicate.ts';
import { looPit, pitReport } from '../../../../core/posterior/loo/pit.ts';
import type { Family } from '../../../../core/spec/types.ts';
import { design, listParameters, rows, term } from '../fixtures.ts';
import { makeDraws } from '../makeDraws.ts';

const OPTIONS = { interval: { kind: 'eti', prob: 0.9 }, seed: 3, ...CHECK_DEFAULTS } as const;
const N = 300;
const S = 400;

/** An intercept alone, its draws around `centre` with the spread that N rows leave. */
function fitOf(family: Family, centre: number, spread: number, y: readonly number[], others: readonly number[] = []) {
  const d = design(family, [term('alpha')], 1);
  const rng = Rng.of(1, 9);
  const alpha = Float64Array.from({ length: S }, () => centre + spread * rng.normal());
  const columns = [alpha, ...others.map((value) => new Float64Array(S).fill(value))];
  return {
    fitted: { design: d, parameters: listParameters(d), draws: makeDraws(4, S / 4, columns) },
    data: rows(new Array(y.length).fill(0), [[]], y),
  };
}

const sample = (draw: (rng: Rng) => number, seed = 2): number[] => {
  const rng = Rng.of(seed, 4);
  return Array.from({ length: N }, () => draw(rng));
};

describe('a Gaussian that is right', () => {
  const y = sample((rng) => 2 + 1.5 * rng.normal());
  const centre = y.reduce((a, b) => a + b) / N;
  const { fitted, data } = fitOf('gaussian', centre, 1.5 / Math.sqrt(N), y, [1.5]);
  const report = checkPredictive(fitted, data, OPTIONS);

  it('covers as many rows as its intervals promise, with the closed form’s ends', () => {
    expect(report.coverage).toBeGreaterThan(0.85);
    expect(report.coverage).toBeLessThan(0.95);
    const half = report.rows.upper.reduce((sum, u, i) => sum + u - report.rows.lower[i], 0) / (2 * N);
    expect(half).toBeCloseTo(1.645 * 1.5, 1);
    expect(report.rows.mean[17]).toBeCloseTo(centre, 1);
  });

  it('has unremarkable test statistics, and neither dispersion nor a rootogram', () => {
    expect(report.statistics.map((t) => t.name)).toEqual(['mean', 'sd', 'min', 'max', 'zeros']);
    for (const { name, p, observed, replicated } of report.statistics) {
      expect(p, name).toBeGreaterThan(0.002);
      expect(p, name).toBeLessThan(0.998);
      expect(replicated).toHaveLength(S);
      if (name === 'max') expect(observed).toBe(Math.max(...y));
    }
    expect([report.dispersion, report.rootogram]).toEqual([null, null]);
  });

  it('has uniform PIT and LOO-PIT', () => {
    expect(pitReport(report.rows.pit).within).toBe(true);
    const loo = looPit(fitted, data, 3);
    expect(pitReport(loo).within).toBe(true);
    // With 300 rows leaving one out changes little: the two differ by the noise of 400 replicates.
    for (let i = 0; i < N; i++) expect(Math.abs(loo[i] - report.rows.pit[i])).toBeLessThan(0.12);
  });

  it('keeps replicated sets, thinned over rows', () => {
    const thin = checkPredictive(fitted, data, { ...OPTIONS, overlays: 5, mostRows: 100 });
    expect([...thin.overlay.rows.subarray(0, 3)]).toEqual([0, 3, 6]);
    expect(thin.overlay.replicated).toHaveLength(5 * 100);
    expect(Math.min(...thin.overlay.replicated)).toBeLessThan(0);
  });

  it('is the same whatever the order of rows, and from a float32 product', () => {
    const backwards = new PredictiveCheck(fitted, data, OPTIONS);
    const eta = Float32Array.from(fitted.draws.values.subarray(0, S));
    for (let row = N - 1; row >= 0; row--) backwards.add(row, eta);
    const other = backwards.report();
    for (let i = 0; i < N; i++) expect(other.rows.lower[i]).toBeCloseTo(report.rows.lower[i], 5);
  });
});

describe('a Gaussian with too small a scale', () => {
  const y = sample((rng) => 2 + 1.5 * rng.normal());
  const { fitted, data } = fitOf('gaussian', 2, 0.05, y, [0.8]);

  it('shows in the sd, the coverage and the PIT', () => {
    const report = checkPredictive(fitted, data, OPTIONS);
    expect(report.statistics[1].p).toBe(0);
    expect(report.coverage).toBeLessThan(0.8);
    expect(pitReport(report.rows.pit).within).toBe(false);
    expect(pitReport(looPit(fitted, data, 3)).within).toBe(false);
  });
});

describe('Poisson counts', () => {
  it('that are Poisson are as dispersed as they should be, and hang from the curve', () => {
    const y = sample((rng) => drawPoisson(rng, 4));
    const { fitted, data } = fitOf('poisson', Math.log(y.reduce((a, b) => a + b) / N), 0.5 / Math.sqrt(N), y);
    const report = checkPredictive(fitted, data, OPTIONS);
    expect(report.dispersion?.ratio).toBeCloseTo(1, 0);
    expect(report.dispersion?.p).toBeGreaterThan(0.02);
    const { observed, expected, lower, upper, width } = report.rootogram!;
    expect(width).toBe(1);
    expect(observed.reduce((a, b) => a + b)).toBe(N);
    expect(expected.reduce((a, b) => a + b)).toBeCloseTo(N, 6);
    expect(expected[4]).toBeCloseTo((N * Math.exp(-4) * 4 ** 4) / 24, -1);
    expect(observed.filter((count, k) => count < lower[k] || count > upper[k]).length).toBeLessThan(observed.length / 3);
    expect(pitReport(looPit(fitted, data, 3)).within).toBe(true);
  });

  it('that vary more are found out', () => {
    const y = sample((rng) => drawPoisson(rng, 2 * drawGamma(rng, 2)));
    const { fitted, data } = fitOf('poisson', Math.log(y.reduce((a, b) => a + b) / N), 0.03, y);
    const { dispersion, statistics } = checkPredictive(fitted, data, OPTIONS);
    expect(dispersion).toMatchObject({ p: 0, family: 'poisson' });
    expect(dispersion!.ratio).toBeGreaterThan(2);
    const quick = toEnd(dispersionOf(fitted, data, 3))!;
    expect(quick.ratio).toBeCloseTo(dispersion!.ratio, 6);
    expect(quick.p).toBe(0);
    expect(statistics.find((t) => t.name === 'zeros')!.p).toBeLessThan(0.01);
  });
});

describe('a prior predictive check', () => {
  it('is the same over draws of the prior', () => {
    const d = design('gaussian', [term('alpha')], 1, { scale: { prior: { fixed: 12 }, by: 'all', auto: false } });
    const parameters = listParameters(d);
    const data = rows([0, 0], [[]], [0, 500]);
    const fitted = { design: d, parameters, draws: priorDraws(d, parameters, 4000, 1) };
    const { rows: row, statistics } = checkPredictive(fitted, data, OPTIONS);
    // alpha ~ N(0, 5²) and noise of sd 12 make N(0, 13²).
    expect(row.upper[0] / (1.645 * 13)).toBeCloseTo(1, 1);
    expect(row.pit[1]).toBeGreaterThan(0.999);
    expect(statistics.find((t) => t.name === 'max')!.p).toBe(0);
  });
});

describe('dispersionOf', () => {
  it('has nothing to say of families with a scale of their own, or of single trials', () => {
    const { fitted, data } = fitOf('gaussian', 0, 1, [1, 2, 3], [1]);
    expect(toEnd(dispersionOf(fitted, data, 1))).toBeNull();
    const coin = fitOf('binomial', 0, 0.1, [0, 1, 1]);
    expect(toEnd(dispersionOf(coin.fitted, { ...coin.data, trials: Float64Array.of(1, 1, 1) }, 1))).toBeNull();
    expect(toEnd(dispersionOf(coin.fitted, { ...coin.data, trials: Float64Array.of(3, 4, 2) }, 1))?.family).toBe('binomial');
  });
});

describe('thinning', () => {
  it('takes draws evenly over all chains', () => {
    const draws = makeDraws(2, 6, [Float64Array.from({ length: 12 }, (_, i) => i)]);
    expect([...thinDraws(draws, 4).values]).toEqual([1, 4, 7, 10]);
    expect(thinDraws(draws, 100).draws).toBe(12);
    expect([replicatesFor(500, 4000), replicatesFor(100_000, 4000), replicatesFor(1e7, 4000), replicatesFor(10, 400)]).toEqual([
      1000, 200, 100, 400,
    ]);
  });
});
