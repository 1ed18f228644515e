import { describe, expect, it } from 'vitest';
import { Rng } from '../../../../core/math/rng.ts';
import { rngFor } from '../../../../core/math/streams.ts';
import { lookupOf } from '../../../../core/posterior/predict/lookup.ts';
import { pointOf } from '../../../../core/posterior/predict/point.ts';
import { predictAll, predictPoint, describe as summaryOf } from '../../../../core/posterior/predict/predict.ts';
import type { PredictionSpec } from '../../../../core/spec/types.ts';
import { design, listParameters, pooled, rows, term } from '../fixtures.ts';
import { makeDraws } from '../makeDraws.ts';

const S = 40_000;
const normals = (seed: number, mean: number, sd: number) => {
  const rng = Rng.of(seed, 1);
  return Float64Array.from({ length: S }, () => mean + sd * rng.normal());
};
const constant = (value: number) => new Float64Array(S).fill(value);
const none = new Map<string, { mean: number; sd: number }>();

describe('pointOf', () => {
  const d = design(
    'gaussian',
    [term('alpha'), term('x'), term('z', { factors: [{ column: 'z', name: 'z', transform: 'standardize', level: null, levels: null }] })],
    2,
    {
      mask: Uint8Array.from([1, 1, 0, 1, 1, 1]),
    },
  );
  const standardisation = new Map([['z', { mean: 10, sd: 2 }]]);
  const at = new Map([
    ['x', 3],
    ['z', 14],
  ]);

  it('applies transforms, and ignores what is masked and says so', () => {
    expect(pointOf(d, standardisation, 'g1', at)).toEqual({
      group: 0,
      x: Float64Array.of(1, 3, 0),
      ignored: ['z'],
      lacking: [],
      faults: [],
    });
    expect(pointOf(d, standardisation, 'g2', at)).toEqual({ group: 1, x: Float64Array.of(1, 3, 2), ignored: [], lacking: [], faults: [] });
  });

  it('names what is lacking, but not what is masked', () => {
    expect(pointOf(d, standardisation, 'g1', new Map())?.lacking).toEqual(['x']);
    expect(pointOf(d, standardisation, 'g2', new Map())?.lacking).toEqual(['x', 'z']);
  });

  it('has nothing for a new group unless every term is pooled', () => {
    expect(pointOf(d, standardisation, 'g3', at)).toBeNull();
    const p = design('gaussian', [pooled('alpha', 'partial'), pooled('x', 'complete')], 2);
    expect(pointOf(p, none, 'g3', at)).toMatchObject({ group: -1, x: Float64Array.of(1, 3) });
  });

  it('takes indicators as 0 when left out, and products whole or by their columns', () => {
    const a = { column: 'a', name: 'a', transform: 'none', level: null, levels: null } as const;
    const b = { column: 'b', name: 'b', transform: 'log', level: null, levels: null } as const;
    const d2 = design(
      'gaussian',
      [
        term('c[red]', { factors: [{ column: 'c', name: 'c', transform: 'none', level: 'red', levels: ['blue', 'red'] }] }),
        term('a:b', { factors: [a, b], transform: 'square' }),
      ],
      1,
    );
    const whole = pointOf(d2, none, 'g1', new Map([['a:b', 3]]));
    expect(whole).toEqual({ group: 0, x: Float64Array.of(0, 9), ignored: [], lacking: [], faults: [] });
    const parts = new Map([
      ['c[red]', 1],
      ['a', 2],
      ['b', Math.E],
    ]);
    expect(pointOf(d2, none, 'g1', parts)?.x[1]).toBeCloseTo(4, 12);
    expect(pointOf(d2, none, 'g1', new Map([['a', 2]]))?.lacking).toEqual(['b']);
  });
});

const PLAIN: PredictionSpec = { name: null, group: 'g1', at: new Map(), exposure: null, trials: null, se: null, scale: 'response' };

describe('prediction of a Gaussian', () => {
  const d = design('gaussian', [term('alpha'), term('x')], 2, { mask: Uint8Array.from([1, 0, 1, 1]) });
  const parameters = listParameters(d);
  const draws = makeDraws(4, S / 4, [normals(1, 1, 0.3), normals(2, 2, 0.4), normals(3, 5, 0.1), constant(0.5)]);
  const fitted = { design: d, parameters, draws };
  const data = { rows: rows([0, 1], [[], [0, 1]], [1, 2]), standardisation: none };
  const predictions = [
    { ...PLAIN, group: 'g1', at: new Map([['x', Number.NaN]]) },
    { ...PLAIN, name: 'b', group: 'g2', at: new Map([['x', 2]]) },
  ];

  it('has the closed form, mean and noise apart, and never touches a masked covariate', () => {
    const [one, two] = predictAll(fitted, data, predictions, 42);
    expect(one).toMatchObject({ group: 'g1', ignored: ['x'] });
    expect(one.mean).toBeCloseTo(1, 1);
    expect(one.mu.sd).toBeCloseTo(0.3, 2);
    expect(one.sd).toBeCloseTo(Math.hypot(0.3, 0.5), 2);
    expect(two.mu.mean).toBeCloseTo(2 + 2 * 5, 1);
    expect(two.sd).toBeCloseTo(Math.hypot(0.4, 0.2, 0.5), 2);
    expect(two.upper - two.mean!).toBeCloseTo(1.6449 * two.sd!, 1);
  });

  it('is the same from the same seed, whatever the other predictions', () => {
    const [, two] = predictAll(fitted, data, predictions, 42);
    expect(predictAll(fitted, data, [predictions[0], predictions[1], predictions[0]], 42)[1]).toEqual(two);
    expect(predictAll(fitted, data, predictions, 43)[1]).not.toEqual(two);
  });
});

describe('prediction for a new group', () => {
  const d = design('gaussian', [pooled('alpha', 'partial')], 2);
  const parameters = listParameters(d);
  const columns = parameters.map(({ kind }) =>
    kind === 'mu' ? normals(7, 3, 0.2) : kind === 'tau' ? constant(0.6) : kind === 'scale' ? constant(0.5) : constant(0),
  );
  const fitted = { design: d, parameters, draws: makeDraws(4, S / 4, columns) };

  it('comes from the population', () => {
    const point = pointOf(d, none, 'unseen', new Map())!;
    const { mu, response } = predictPoint(fitted, lookupOf(d, parameters), point, { trials: 1, offset: 0, se: null }, rngFor(1, 'whatIf'));
    const m = summaryOf(mu, d.interval);
    expect(m.mean).toBeCloseTo(3, 1);
    expect(m.sd).toBeCloseTo(Math.hypot(0.2, 0.6), 2);
    expect(summaryOf(response, d.interval).sd).toBeCloseTo(Math.hypot(0.2, 0.6, 0.5), 2);
  });
});

describe('prediction of counts', () => {
  it('has the mean of the response scale, with exposure and trials', () => {
    const poisson = design('poisson', [term('alpha')], 1);
    const draws = makeDraws(4, S / 4, [constant(Math.log(3))]);
    const point = pointOf(poisson, none, 'g1', new Map())!;
    const parameters = listParameters(poisson);
    const answer = predictPoint(
      { design: poisson, parameters, draws },
      lookupOf(poisson, parameters),
      point,
      { trials: 1, offset: Math.log(2), se: null },
      rngFor(1, 'whatIf'),
    );
    expect(answer.mu[0]).toBeCloseTo(6, 12);
    const response = summaryOf(answer.response, poisson.interval);
    expect(response.mean).toBeCloseTo(6, 1);
    expect(response.sd).toBeCloseTo(Math.sqrt(6), 1);
  });
});
