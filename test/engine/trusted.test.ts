/** Whole fits, many seeds, of data on which the first version was wrong in silence or failed without need; the data are made here. */
import { afterAll, describe, expect, it } from 'vitest';
import { Folder } from '../sources/folder.ts';
import { csv, type Fit, fitsIn, refused, trusted } from './wholeFits.ts';

const folder = new Folder();
afterAll(() => folder.remove());

const fits = (name: string, data: string, spec: Readonly<Record<string, unknown>>, seeds: number): Promise<Fit[]> =>
  fitsIn(folder, name, data, spec, seeds);

describe('E1: priors that are not conjugate', () => {
  const ten = csv('y', 50, 1, (rng) => [10 + rng.normal()]);
  it.each([
    ['a Student-t far from the data', { intercept: 'student_t(3, 0, 10)', scale: 'half_cauchy(1)' }],
    ['a Laplace', { intercept: 'laplace(0, 3)', scale: 'half_normal(5)' }],
    ['a Cauchy', { intercept: 'cauchy(0, 1)', scale: 'exponential(1)' }],
    ['wide uniforms', { intercept: 'uniform(0, 1000)', scale: 'uniform(0, 100)' }],
  ])('just work: %s', async (name, priors) => {
    const all = await fits(`e1-${name.replaceAll(' ', '-')}`, ten, { response: 'y', priors }, 4);
    expect(trusted(all), refused(all)).toBe(4);
    for (const { summary } of all) {
      expect(Math.abs(summary.get('alpha[all]')!.mean - 10)).toBeLessThan(0.6);
      expect(Math.abs(summary.get('scale')!.mean - 1)).toBeLessThan(0.35);
    }
  });

  it('just work: a posterior on the edge of a uniform', async () => {
    const all = await fits('e1-edge', ten, { response: 'y', priors: { intercept: 'uniform(0, 9)', scale: 'half_normal(5)' } }, 4);
    expect(trusted(all.map((f) => ({ ...f, trusted: f.flags.every((id) => id === 'prior_conflict') }))), refused(all)).toBe(4);
    for (const { summary } of all) expect(summary.get('alpha[all]')!.mean).toBeLessThan(9);
  });

  it('just work: brms’s, with partial pooling, far from 0', async () => {
    const rows = csv('g,y', 60, 2, (rng, i) => [`g${i % 6}`, 170 + 3 * ((i % 6) - 2.5) + 4 * rng.normal()]);
    const priors = { intercept: 'student_t(3, 170, 10)', intercept_sd: 'half_student_t(3, 10)', scale: 'half_student_t(3, 10)' };
    const all = await fits('e1-pooled', rows, { response: 'y', group: 'g', pooling: 'partial', priors }, 4);
    expect(trusted(all), refused(all)).toBe(4);
    for (const { summary } of all) expect(Math.abs(summary.get('mu_alpha')!.mean - 170)).toBeLessThan(4);
  });
});

describe('E2: a second mode', () => {
  it('of two clumps under a Student-t response is never passed over', async () => {
    const rows = csv('y', 16, 3, (_, i) => [(i % 2 === 0 ? 5 : -5) + [-0.3, -0.2, -0.1, -0.04, 0.05, 0.1, 0.2, 0.3][i >> 1]]);
    const priors = { intercept: 'cauchy(0, 2.5)', scale: 'half_normal(0.3)', nu: 'gamma(2, 2)' };
    for (const fit of await fits('e2-clumps', rows, { response: 'y', family: 'student_t', priors }, 3)) {
      expect(fit.trusted).toBe(false);
      expect(fit.flags).toContain('modes');
    }
  });

  it('of a scale and a population sd that stand for each other is never passed over', async () => {
    const rows = csv('g,y', 5, 4, (rng, i) => [`g${i}`, 8 * rng.normal()]);
    const priors = { intercept: 'normal(0, 1)', intercept_sd: 'half_cauchy(0.1)', scale: 'half_cauchy(0.1)' };
    for (const fit of await fits('e2-symmetric', rows, { response: 'y', group: 'g', pooling: 'partial', priors }, 3)) {
      const [scale, tau] = [fit.summary.get('scale')!, fit.summary.get('tau_alpha')!];
      // Trusted only where both halves were visited alike.
      if (fit.trusted) expect(Math.abs(scale.mean - tau.mean)).toBeLessThan(scale.sd);
    }
  });
});

describe('E4, E5, E7: few groups of few rows', () => {
  const eight = csv('g,x,y', 32, 5, (rng, i) => {
    const x = rng.normal();
    return [`g${i % 8}`, x, 1 + 0.8 * (((i % 8) * 37) % 8) - 2 + (0.5 + 0.1 * (i % 8)) * x + rng.normal()];
  });
  const pooled = { response: 'y', group: 'g', covariates: ['x'], pooling: 'partial' };

  it('are trusted for any seed, and no draw is kept before the posterior is reached', async () => {
    const all = await fits('e4', eight, pooled, 12);
    expect(trusted(all), refused(all)).toBeGreaterThanOrEqual(11);
    const { parameters } = all[0];
    for (const { name, index } of parameters) {
      const first = all.map(({ chains, summary }) => {
        const width = parameters.length;
        const mean = chains.reduce(
          (sum, c) => sum + Array.from({ length: 25 }, (_, d) => c.values[d * width + index]).reduce((a, b) => a + b, 0),
          0,
        );
        const { mean: whole, sd } = summary.get(name)!;
        return (mean / 100 - whole) / sd;
      });
      const mean = first.reduce((a, b) => a + b, 0) / first.length;
      const sd = Math.sqrt(first.reduce((a, b) => a + (b - mean) ** 2, 0) / (first.length - 1));
      expect(Math.abs(mean / (sd / Math.sqrt(first.length))), name).toBeLessThan(4.5);
    }
  });

  it('of yes and no are trusted for any seed', async () => {
    const rows = csv('g,x,y', 56, 6, (rng, i) => {
      const x = rng.normal();
      return [`g${i % 7}`, x, rng.uniform() < 1 / (1 + Math.exp(-(0.5 + 0.7 * x + 0.8 * ((i % 7) - 3)))) ? 1 : 0];
    });
    const spec = {
      response: 'y',
      group: 'g',
      family: 'bernoulli',
      covariates: [{ column: 'x', pooling: 'complete' }],
      intercept: { pooling: 'partial' },
    };
    const all = await fits('e5', rows, spec, 8);
    expect(trusted(all), refused(all)).toBe(8);
    expect(Math.max(...all.map((f) => f.longestRun))).toBeLessThanOrEqual(20);
  });

  it('whose population sd may be 0 leave no chain where it is', async () => {
    const rows = csv('g,y', 30, 7, (rng, i) => [`g${i % 6}`, rng.normal()]);
    const priors = { intercept: 'normal(0, 10)', intercept_sd: 'half_cauchy(5)', scale: 'half_cauchy(5)' };
    const all = await fits('e7', rows, { response: 'y', group: 'g', pooling: 'partial', priors }, 8);
    expect(trusted(all), refused(all)).toBeGreaterThanOrEqual(7);
    expect(Math.max(...all.map((f) => f.longestRun))).toBeLessThanOrEqual(12);
  });
});

describe('E9: sound posteriors', () => {
  it('of counts that are all 0 are not called divergent', async () => {
    const all = await fits(
      'e9-zeros',
      csv('y', 12, 8, () => [0]),
      { response: 'y', family: 'poisson', priors: { intercept: 'normal(0, 5)' } },
      6,
    );
    expect(trusted(all), refused(all)).toBe(6);
  });

  it('of covariates far from 0, pooled, are found without being centred', async () => {
    const rows = csv('g,year,y,n', 64, 9, (rng, i) => {
      const year = 12 + rng.normal();
      const p = 1 / (1 + Math.exp(-(0.3 * ((i % 8) - 3.5) + 0.6 * (year - 12))));
      return [`g${i % 8}`, year, Array.from({ length: 15 }, () => (rng.uniform() < p ? 1 : 0)).reduce((a: number, b) => a + b, 0), 15];
    });
    const spec = { response: { column: 'y', trials: 'n' }, group: 'g', family: 'binomial', pooling: 'partial', covariates: ['year'] };
    const all = await fits('e9-years', rows, spec, 3);
    expect(trusted(all), refused(all)).toBe(3);
  });

  const years = csv('g,year,count,yes,y', 96, 11, (rng, i) => {
    const year = 2010 + Math.floor(12 * rng.uniform());
    const eta = 0.4 * ((i % 8) - 3.5) + 0.1 * (year - 2016);
    let count = 0;
    let left = Math.exp(1 + eta) + Math.log(rng.uniform());
    while (left > 0) {
      count++;
      left += Math.log(rng.uniform());
    }
    return [`g${i % 8}`, year, count, rng.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0, eta + rng.normal()];
  });
  it.each([
    ['counts, slopes completely pooled', { response: 'count', family: 'poisson' }, 'partial', 'complete'],
    ['counts, slopes not pooled', { response: 'count', family: 'poisson' }, 'partial', 'none'],
    ['counts, intercepts completely pooled', { response: 'count', family: 'negative_binomial' }, 'complete', 'partial'],
    ['yes and no, slopes completely pooled', { response: 'yes', family: 'bernoulli' }, 'partial', 'complete'],
    ['numbers under a Student-t, slopes not pooled', { response: 'y', family: 'student_t' }, 'partial', 'none'],
    ['numbers under heavy-tailed priors, slopes not pooled', { response: 'y', family: undefined }, 'partial', 'none'],
  ])('of years, uncentred, are found: %s', async (name, { response, family }, intercept, slope) => {
    const weights = family === undefined ? 'student_t(4, 0, 0.5)' : 'normal(0, 0.5)';
    const priors = { intercept: 'normal(0, 2000)', weights, intercept_sd: 'half_normal(2)', weights_sd: 'half_normal(0.2)' };
    const spec = {
      response,
      family,
      group: 'g',
      intercept: { pooling: intercept },
      covariates: [{ column: 'year', pooling: slope }],
      priors,
    };
    const all = await fits(`e9-${name.replaceAll(' ', '-')}`, years, spec, 1);
    expect(trusted(all), refused(all)).toBe(1);
    for (const { summary } of all) {
      const slopes = [...summary].filter(([parameter]) => /^(mu_)?w\[/.test(parameter));
      for (const [parameter, { mean, sd }] of slopes) expect(Math.abs(mean - 0.1), parameter).toBeLessThan(4.5 * sd);
    }
  });

  it('of sparse counts are not called divergent', async () => {
    const rows = csv('g,a,b,y', 64, 10, (rng, i) => [`g${i % 8}`, rng.normal(), rng.normal(), rng.uniform() < 0.25 ? 1 : 0]);
    const all = await fits('e9-sparse', rows, { response: 'y', group: 'g', family: 'poisson', covariates: ['a', 'b'] }, 3);
    expect(trusted(all), refused(all)).toBe(3);
  });
});
