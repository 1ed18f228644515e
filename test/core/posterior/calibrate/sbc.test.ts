import { describe, expect, it } from 'vitest';
import { Rng } from '../../../../core/math/rng.ts';
import { flatParameters, priorDraws } from '../../../../core/posterior/calibrate/prior.ts';
import { Calibration, type CalibrationReport, LOG_LIKELIHOOD, simulate } from '../../../../core/posterior/calibrate/sbc.ts';
import { binomialQuantile, countsBelow, isWithin, simultaneousBand } from '../../../../core/posterior/diagnose/envelope.ts';
import { assess } from '../../../../core/posterior/diagnose/summary.ts';
import { drawsOf } from '../../../../core/sampler/types.ts';
import { design, listParameters, pooled, rows, term } from '../fixtures.ts';
import { makeDraws } from '../makeDraws.ts';

describe('the simultaneous band', () => {
  it.each([
    [100, 20, 0.9],
    [500, 50, 0.95],
    [3000, 50, 0.95],
  ])('of %d values at %d places holds uniform samples with probability %d', (n, points, prob) => {
    const band = simultaneousBand(n, points, prob);
    const rng = Rng.of(n, 1);
    let inside = 0;
    const trials = 600;
    for (let t = 0; t < trials; t++) {
      if (
        isWithin(
          countsBelow(
            Float64Array.from({ length: n }, () => rng.uniform()),
            points,
          ),
          band,
        )
      )
        inside++;
    }
    expect(Math.abs(inside / trials - prob)).toBeLessThan(4 * Math.sqrt((prob * (1 - prob)) / trials) + 0.01);
  });

  it('refuses what is not uniform', () => {
    const rng = Rng.of(5, 5);
    const skewed = Float64Array.from({ length: 500 }, () => rng.uniform() ** 1.3);
    expect(isWithin(countsBelow(skewed, 50), simultaneousBand(500, 50, 0.99))).toBe(false);
  });

  it('binomial quantiles are the smallest counts that reach the probability', () => {
    // scipy 1.17.1, binom.ppf
    expect([binomialQuantile(0.025, 500, 0.3), binomialQuantile(0.975, 500, 0.3), binomialQuantile(0.6, 11, 0.5)]).toEqual([130, 170, 6]);
  });
});

describe('priorDraws', () => {
  const d = design('gaussian', [pooled('alpha', 'partial'), term('x')], 3, { mask: Uint8Array.from([1, 1, 1, 0, 1, 1]) });
  const parameters = listParameters(d);

  it('draws every parameter from its prior, and coefficients from their population', () => {
    const draws = priorDraws(d, parameters, 20_000, 1);
    const row = (name: string) => drawsOf(draws, parameters.find((p) => p.name === name)!.index);
    const { summaries } = assess(draws, parameters, d.interval);
    expect(summaries.map((s) => s.masked)).toEqual(parameters.map((p) => p.masked));
    const sd = (name: string) => Math.sqrt(row(name).reduce((sum, v) => sum + v * v, 0) / 20_000);
    expect(sd('mu_alpha')).toBeCloseTo(5, 0);
    expect(sd('tau_alpha')).toBeCloseTo(2, 1);
    expect(sd('scale')).toBeCloseTo(5, 0);
    const around = row('alpha[g2]').map((v, s) => (v - row('mu_alpha')[s]) / row('tau_alpha')[s]);
    expect(Math.sqrt(around.reduce((sum, v) => sum + v * v, 0) / 20_000)).toBeCloseTo(1, 1);
    expect(Math.min(...row('tau_alpha'))).toBeGreaterThan(0);
  });

  it('names the flat ones, which cannot be drawn from', () => {
    const improper = design('gaussian', [term('alpha', { prior: { dist: 'flat', args: [] } })], 1);
    expect(flatParameters(listParameters(improper))).toEqual(['alpha[g1]']);
    expect(flatParameters(parameters)).toEqual([]);
  });
});

describe('simulation-based calibration', () => {
  // alpha ~ N(0, 2²), y_i ~ N(alpha, 1), five rows: the posterior is known, so a fit is exact draws.
  const d = design('gaussian', [term('alpha', { prior: { dist: 'normal', args: [0, 2] } })], 1, {
    scale: { prior: { fixed: 1 }, by: 'all', auto: false },
  });
  const parameters = listParameters(d);
  const data = rows([0, 0, 0, 0, 0], [[]], [0, 0, 0, 0, 0]);

  function calibrate(priorSd: number, widen: number): CalibrationReport {
    const calibration = new Calibration(d, parameters, 7);
    for (let i = 0; i < 400; i++) {
      const round = simulate(d, parameters, data, 7, i)!;
      const rng = Rng.of(900 + i, 3);
      const variance = 1 / (5 + 1 / priorSd ** 2);
      const mean = variance * round.rows.y.reduce((sum, y) => sum + y, 0);
      const alpha = Float64Array.from({ length: 200 }, () => mean + widen * Math.sqrt(variance) * rng.normal());
      calibration.add(i, round, makeDraws(4, 50, [alpha, new Float64Array(200).fill(1)]), parameters);
    }
    return calibration.report();
  }

  it('passes an exact fit, over its parameters and the log likelihood', () => {
    const report = calibrate(2, 1);
    expect(report.results.map((r) => r.name)).toEqual(['alpha[g1]', LOG_LIKELIHOOD]);
    expect(report).toMatchObject({ rounds: 400, skipped: 0, calibrated: true });
    expect(report.verdict).toContain('Calibrated');
    for (const { counts, p } of report.results) {
      expect(counts.reduce((a, b) => a + b)).toBe(400);
      expect(p).toBeGreaterThan(0.001);
    }
  });

  it('tells a fit with another prior', () => {
    const report = calibrate(0.4, 1);
    expect(report.calibrated).toBe(false);
    expect(report.verdict).toContain('Not calibrated');
  });

  it('tells a posterior that is too narrow', () => {
    expect(calibrate(2, 0.6).verdict).toContain('too narrow');
  });

  it('skips a round whose data are not finite', () => {
    const wild = design('poisson', [term('alpha', { prior: { dist: 'normal', args: [2000, 1] } })], 1);
    expect(simulate(wild, listParameters(wild), data, 7, 0)).toBeNull();
  });

  it('simulates the same round from the same seed', () => {
    expect(simulate(d, parameters, data, 7, 3)).toEqual(simulate(d, parameters, data, 7, 3));
    expect(simulate(d, parameters, data, 7, 3)).not.toEqual(simulate(d, parameters, data, 7, 4));
  });
});
