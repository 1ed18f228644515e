import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../../../core/math/rng.ts';
import { selectInPlace } from '../../../../core/math/select.ts';
import { fitGeneralisedPareto, generalisedParetoQuantile } from '../../../../core/posterior/loo/gpd.ts';
import { influence } from '../../../../core/posterior/loo/influence.ts';
import { LooRun, logMeanExp, looOf, replaceRows, rowsAbove, sumOf, waicOf } from '../../../../core/posterior/loo/loo.ts';
import { paretoThreshold } from '../../../../core/posterior/loo/psis.ts';
import { elpdOfRefit, withoutRow } from '../../../../core/posterior/loo/refit.ts';
import { firstEqualRows } from '../../../../core/posterior/predict/pointwise.ts';
import { design, listParameters, rows, term } from '../fixtures.ts';
import { makeDraws } from '../makeDraws.ts';
import { readTable, readValues } from '../reference.ts';

// ArviZ 0.23.4 on fixed log likelihoods; see test/reference/diagnostics/README.md.
const golden = readValues('psis/values.json')['arviz 0.23.4'] as Readonly<Record<string, number & readonly number[]>>;
const table = readTable('psis/loglik_c2_4x250x35.csv');
const column = (i: number): Float64Array => Float64Array.from(table, (line) => line[i + 2]);

const flat = design('gaussian', [term('alpha')], 1);
const runOver = (n: number, S: number): LooRun =>
  new LooRun(
    { design: flat, parameters: listParameters(flat), draws: makeDraws(1, S, [new Float64Array(S), new Float64Array(S).fill(1)]) },
    rows(new Array(n).fill(0), [[]], new Array(n).fill(0)),
  );

describe('PSIS-LOO as ArviZ 0.23.4', () => {
  const run = runOver(35, 1000);
  const found = Array.from({ length: 35 }, (_, i) => run.leaveOut(column(i)));

  it.each(found.map((f, i) => [i, f.elpd, f.k] as const))('row %d', (i, elpd, k) => {
    expect(Math.abs(elpd / golden.loo_i[i] - 1)).toBeLessThan(1e-9);
    expect(Math.abs(k / golden.pareto_k[i] - 1)).toBeLessThan(1e-9);
  });

  it('sum, standard error, p and threshold', () => {
    const elpd = Float64Array.from(found, (f) => f.elpd);
    const { elpd: sum, se } = sumOf(elpd, new Float64Array(35).fill(1));
    expect(sum).toBeCloseTo(golden.elpd_loo, 9);
    expect(se).toBeCloseTo(golden.se, 9);
    const lpd = Array.from({ length: 35 }, (_, i) => logMeanExp(column(i))).reduce((a, b) => a + b);
    expect(lpd - sum).toBeCloseTo(golden.p_loo, 9);
    expect(run.threshold).toBeCloseTo(golden.good_k, 12);
    expect(paretoThreshold(4000)).toBe(0.7);
  });
});

describe('leave-one-out of a normal mean with known variance', () => {
  // y_i ~ N(alpha, 1), alpha ~ N(0, 5²): everything is in closed form.
  const n = 20;
  const y = Array.from({ length: n }, (_, i) => Math.sin(3 * i) + (i === 7 ? 6 : 0));
  const variance = 1 / (n + 1 / 25);
  const S = 20_000;
  const rng = Rng.of(4, 4);
  const mean = variance * y.reduce((a, b) => a + b);
  const alpha = Float64Array.from({ length: S }, () => mean + Math.sqrt(variance) * rng.normal());
  const data = rows(new Array(n).fill(0), [[]], y);
  const run = new LooRun(
    { design: flat, parameters: listParameters(flat), draws: makeDraws(4, S / 4, [alpha, new Float64Array(S).fill(1)]) },
    data,
  );
  run.run();
  const exact = y.map((value) => {
    const v = 1 / (n - 1 + 1 / 25);
    const m = v * (y.reduce((a, b) => a + b) - value);
    return -0.5 * Math.log(2 * Math.PI * (1 + v)) - (0.5 * (value - m) ** 2) / (1 + v);
  });

  it('agrees row by row', () => {
    for (let i = 0; i < n; i++) expect(Math.abs(run.pointwise.elpd[i] - exact[i])).toBeLessThan(i === 7 ? 0.2 : 0.01);
    expect(looOf(run.pointwise).elpd).toBeCloseTo(
      exact.reduce((a, b) => a + b),
      0,
    );
    expect(waicOf(run.pointwise).elpd).toBeCloseTo(looOf(run.pointwise).elpd, 0);
  });

  it('takes exact answers in', () => {
    const replaced = replaceRows(run.pointwise, new Map([[7, exact[7]]]));
    expect(replaced.elpd[7]).toBe(exact[7]);
    expect(replaced.k[7]).toBe(0);
    expect(run.pointwise.elpd[7]).not.toBe(exact[7]);
  });
});

describe('an outlier in a small sample', () => {
  it('has a k-hat over the threshold', () => {
    // Exact draws of mean and scale under their reference prior; row 3 is far from the other 29.
    const rng = Rng.of(9, 1);
    const S = 1000;
    const n = 30;
    const y = Array.from({ length: n }, (_, i) => (i === 3 ? 12 : Math.sin(i * i)));
    const mean = y.reduce((sum, value) => sum + value) / n;
    const squares = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const chi = () => Array.from({ length: n - 1 }, () => rng.normal() ** 2).reduce((sum, value) => sum + value);
    const scale = Float64Array.from({ length: S }, () => Math.sqrt(squares / chi()));
    const alpha = scale.map((sigma) => mean + (sigma / Math.sqrt(n)) * rng.normal());
    const data = rows(new Array(n).fill(0), [[]], y);
    const run = new LooRun({ design: flat, parameters: listParameters(flat), draws: makeDraws(4, S / 4, [alpha, scale]) }, data);
    run.run();
    expect(rowsAbove(run.pointwise, run.threshold)).toEqual([3]);
    const fitted = { design: flat, parameters: listParameters(flat), draws: makeDraws(4, S / 4, [alpha, scale]) };
    const found = influence(fitted, data, run.pointwise.k);
    expect(found).toMatchObject({ rows: [4], outliers: [4] });
    expect(found.largest).toBeGreaterThan(found.threshold);
  });
});

describe('a row of a rare covariate on the line', () => {
  it('has a k-hat over the threshold, but is no outlier', () => {
    // One row at x = 40 decides the slope alone; its response is what the slope says.
    const d = design('gaussian', [term('x')], 1);
    const rng = Rng.of(3, 8);
    const S = 1000;
    const n = 40;
    const x = Array.from({ length: n }, (_, i) => (i === 5 ? 400 : Math.sin(i)));
    const y = x.map((value) => value + rng.normal());
    const precision = x.reduce((sum, value) => sum + value * value, 0);
    const centre = x.reduce((sum, value, i) => sum + value * y[i], 0) / precision;
    const slope = Float64Array.from({ length: S }, () => centre + rng.normal() / Math.sqrt(precision));
    const fitted = { design: d, parameters: listParameters(d), draws: makeDraws(4, S / 4, [slope, new Float64Array(S).fill(1)]) };
    const data = rows(new Array(n).fill(0), [x], y);
    const run = new LooRun(fitted, data);
    run.run();
    const found = influence(fitted, data, run.pointwise.k);
    expect(found.rows).toEqual([6]);
    expect(found.outliers).toEqual([]);
  });
});

describe('a refit without a row', () => {
  const data = rows([0, 0, 1], [[], [1, 2, 3]], [4, 5, 6], { weights: Float64Array.of(1, 3, 1) });

  it('drops the row, or one of its observations', () => {
    expect(withoutRow(data, 0)).toMatchObject({
      n: 2,
      y: Float64Array.of(5, 6),
      group: Int32Array.of(0, 1),
      weights: Float64Array.of(3, 1),
    });
    expect(withoutRow(data, 1)).toMatchObject({ n: 3, weights: Float64Array.of(1, 2, 1) });
    expect(data.weights![1]).toBe(3);
  });

  it.each<[number, number | null]>([
    [0.4, null],
    [1, null],
    [1.2, 0.2],
    [1.9, 0.9],
    [2, 1],
    [5.5, 4.5],
  ])('of a row of weight %f takes what importance weights take', (weight, left) => {
    const weighted = { ...data, weights: Float64Array.of(1, weight, 1) };
    const refit = withoutRow(weighted, 1);
    if (left === null) expect(refit.n).toBe(2);
    else expect(refit.weights![1]).toBeCloseTo(left, 12);
    // Importance weights: 1 / p to the power of what goes.
    const draws = makeDraws(1, 100, [Float64Array.from({ length: 100 }, (_, s) => 4 + s / 50), new Float64Array(100).fill(1)]);
    const fitted = { design: flat, parameters: listParameters(flat), draws };
    const one = rows([0], [[]], [4], { weights: Float64Array.of(weight) });
    const run = new LooRun(fitted, one);
    run.run();
    const log = Array.from({ length: 100 }, (_, s) => -0.5 * (s / 50) ** 2);
    const out = Math.min(1, weight);
    const total = (power: number): number => log.reduce((sum, l) => sum + Math.exp(power * l), 0);
    expect(run.pointwise.elpd[0]).toBeCloseTo(Math.log(total(1 - out) / total(-out)) - 0.5 * Math.log(2 * Math.PI), 1);
  });

  it('foretells the row by the mean of its density', () => {
    const draws = makeDraws(1, 4, [Float64Array.of(4, 4, 5, 5), new Float64Array(4).fill(1)]);
    const fitted = { design: flat, parameters: listParameters(flat), draws };
    const density = (z: number) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    expect(elpdOfRefit(fitted, rows([0], [[]], [4]), 0)).toBeCloseTo(Math.log((density(0) + density(1)) / 2), 12);
  });
});

describe('the pieces', () => {
  it('repeated rows are evaluated once', () => {
    const data = rows([0, 0, 1, 0], [[], [1, 1, 1, 2]], [1, 1, 1, 1]);
    expect([...firstEqualRows(data)]).toEqual([0, 0, 2, 3]);
    const poisson = design('poisson', [term('alpha'), term('x')], 2);
    const parameters = listParameters(poisson);
    const S = 400;
    const columns = parameters.map((_, i) => Float64Array.from({ length: S }, (__, s) => Math.sin(s * (i + 1)) / 10));
    const run = new LooRun({ design: poisson, parameters, draws: makeDraws(4, S / 4, columns) }, data);
    run.run();
    expect(run.pointwise.elpd[0]).toBe(run.pointwise.elpd[1]);
    expect(run.pointwise.elpd[3]).not.toBe(run.pointwise.elpd[0]);
  });

  it('the generalised Pareto fit recovers its shape', () => {
    const rng = Rng.of(2, 2);
    for (const k of [-0.2, 0.3, 0.9]) {
      const sample = Float64Array.from({ length: 20_000 }, () => generalisedParetoQuantile(rng.exponential(), { k, sigma: 2 })).sort();
      const fit = fitGeneralisedPareto(sample);
      expect(fit.k).toBeCloseTo(k, 1);
      expect(fit.sigma).toBeCloseTo(2, 0);
    }
  });

  it('quickselect finds any order statistic', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), fc.nat(), (list, at) => {
        const rank = at % list.length;
        expect(selectInPlace(Float64Array.from(list), rank) + 0).toBe(Float64Array.from(list).sort()[rank] + 0);
      }),
    );
  });
});
