/** A data set with frequency weights gives what the one with its rows repeated gives; rows of weight 0 give nothing. */
import { describe, expect, it } from 'vitest';
import type { Rows } from '../../../core/design/design.ts';
import { Rng } from '../../../core/math/rng.ts';
import { toEnd } from '../../../core/math/steps.ts';
import { dispersionOf } from '../../../core/posterior/check/dispersion.ts';
import { observations } from '../../../core/posterior/check/observations.ts';
import { priorPredictive } from '../../../core/posterior/check/priorPredictive.ts';
import { CHECK_DEFAULTS, checkPredictive } from '../../../core/posterior/check/replicate.ts';
import type { Family } from '../../../core/spec/types.ts';
import { design, listParameters, rows, term } from './fixtures.ts';
import { makeDraws } from './makeDraws.ts';

const S = 200;
const OPTIONS = { interval: { kind: 'eti', prob: 0.9 }, seed: 3, ...CHECK_DEFAULTS } as const;

/** Random integer weights, some of them 0, and the same rows repeated. */
function caseOf(family: Family, seed: number) {
  const rng = Rng.of(seed, 5);
  const n = 12;
  const trials = family === 'binomial' ? new Float64Array(n).fill(6) : null;
  const y = Array.from({ length: n }, () => (family === 'gaussian' ? rng.normal() : Math.floor(6 * rng.uniform())));
  const weights = Float64Array.from({ length: n }, () => Math.floor(4 * rng.uniform()));
  const weighted = rows(new Array(n).fill(0), [[]], y, { weights, trials });
  const places = [...weights.keys()].flatMap((i) => new Array<number>(weights[i]).fill(i));
  const repeated = rows(
    new Array(places.length).fill(0),
    [[]],
    places.map((i) => y[i]),
    {
      trials: trials === null ? null : Float64Array.from(places, () => 6),
    },
  );
  const d = design(family, [term('alpha')], 1);
  const columns = listParameters(d).map((p) =>
    Float64Array.from({ length: S }, () => (p.kind === 'alpha' ? 0.3 * rng.normal() : 1 + rng.uniform())),
  );
  const fitted = { design: d, parameters: listParameters(d), draws: makeDraws(4, S / 4, columns) };
  return { fitted, weighted, repeated, weights, places };
}

describe.each<Family>(['gaussian', 'poisson', 'binomial', 'negative_binomial'])('%s', (family) => {
  it.each([1, 2, 3])('predictive checks and dispersion, data set %d', (seed) => {
    const { fitted, weighted, repeated } = caseOf(family, seed);
    const of = (data: Rows) => checkPredictive(fitted, data, OPTIONS);
    const [a, b] = [of(weighted), of(repeated)];
    expect(a.coverage).toBeCloseTo(b.coverage, 12);
    expect(a.statistics).toEqual(b.statistics);
    expect(a.dispersion).toEqual(b.dispersion);
    expect(a.rootogram?.expected).toEqual(b.rootogram?.expected);
    expect(toEnd(dispersionOf(fitted, weighted, 3))?.p).toBe(toEnd(dispersionOf(fitted, repeated, 3))?.p);
    const [c, d] = [weighted, repeated].map((data) => toEnd(dispersionOf(fitted, data, 3))?.ratio ?? 1);
    expect(c / d).toBeCloseTo(1, 12);
    expect(priorPredictive(fitted, weighted, 3)).toEqual(priorPredictive(fitted, repeated, 3));
  });
});

describe('observations', () => {
  const all = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);
  it.each([1, 2, 3, 4])('are the rows repeated, data set %d', (seed) => {
    const { weights, places } = caseOf('gaussian', seed);
    expect([...observations(weights, all(12), 1000).rows]).toEqual(places);
    const thinned = Array.from({ length: 5 }, (_, k) => places[Math.floor(((k + 0.5) * places.length) / 5)]);
    expect(observations(weights, all(12), 5)).toEqual({ rows: Int32Array.from(thinned), all: places.length });
  });
  it('are the rows themselves without weights, and each once where all weights are alike', () => {
    expect([...observations(null, all(4), 10).rows]).toEqual([0, 1, 2, 3]);
    expect([...observations(Float64Array.of(0.2, 0.2, 0.2), all(3), 10).rows]).toEqual([0, 1, 2]);
    expect([...observations(Float64Array.of(0, 0), all(2), 10).rows]).toEqual([]);
  });
});

it('many copies of a row are summed up as so many would be', () => {
  const { fitted } = caseOf('poisson', 1);
  const weights = Float64Array.of(1000, 1000);
  const data = rows([0, 0], [[]], [0, 3], { weights });
  const apart = rows(
    new Array(2000).fill(0),
    [[]],
    Array.from({ length: 2000 }, (_, i) => (i < 1000 ? 0 : 3)),
  );
  const [a, b] = [data, apart].map((d) => toEnd(dispersionOf(fitted, d, 3))!);
  expect(a.ratio / b.ratio).toBeCloseTo(1, 2);
  expect(Math.abs(a.p - b.p)).toBeLessThan(0.05);
});

it('a part of an observation counts in part', () => {
  const { fitted } = caseOf('poisson', 1);
  const data = rows([0, 0], [[]], [0, 3], { weights: Float64Array.of(1.5, 0.5) });
  const { statistics } = checkPredictive(fitted, data, OPTIONS);
  expect(statistics.find((s) => s.name === 'mean')!.observed).toBeCloseTo(0.75, 12);
  expect(statistics.find((s) => s.name === 'zeros')!.observed).toBeCloseTo(0.75, 12);
});
