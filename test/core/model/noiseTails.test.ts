/** E11: tails that the noise lets held coefficients have, against numerical integration: the slope of the log marginal over log R. */
import { describe, expect, it } from 'vitest';
import { listParameters } from '../../../core/design/parameters.ts';
import { lgamma } from '../../../core/math/gamma.ts';
import { posteriorTails } from '../../../core/model/tails.ts';
import { modelOf } from './tailCase.ts';

type Log = (x: number) => number;
const halfCauchy: Log = (s) => -Math.log1p(s * s);
const halfStudent =
  (nu: number): Log =>
  (s) =>
    -0.5 * (nu + 1) * Math.log1p((s * s) / nu);

const logSum = (values: readonly number[]): number => {
  const top = Math.max(...values);
  return top + Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0));
};
/** log ∫ e^f(s) ds over s > 0, on a grid of log s. */
const overScale = (f: Log, step = 0.05): number => {
  const values: number[] = [];
  for (let u = -25; u <= 25; u += step) values.push(f(Math.exp(u)) + u);
  return logSum(values) + Math.log(step);
};
/** Minus the slope of a log density between R and 10 R. */
const powerOf = (density: Log, R = 1e5): number => (density(R) - density(10 * R)) / Math.LN10;

const rss = (y: readonly number[], b: number): number => y.reduce((sum, v) => sum + (v - b) ** 2, 0);
/** log N(y | b, s² ) of all rows. */
const rowsAt = (y: readonly number[], b: number, s: number): number => -y.length * Math.log(s) - rss(y, b) / (2 * s * s);
/** log ∫ N(y | b, s²) N(b | m, t²) db of a group. */
const pooledOut = (y: readonly number[], m: number, t: number, s: number): number => {
  const n = y.length;
  const mean = y.reduce((a, b) => a + b, 0) / n;
  const v = t * t + (s * s) / n;
  return -(n - 1) * Math.log(s) - rss(y, mean) / (2 * s * s) - 0.5 * Math.log(v) - (mean - m) ** 2 / (2 * v);
};

const csvOf = (groups: Readonly<Record<string, readonly (number | readonly [number, number])[]>>): string =>
  `g,x,y\n${Object.entries(groups)
    .flatMap(([g, rows]) => rows.map((r) => `${g},${typeof r === 'number' ? `1,${r}` : r.join(',')}`))
    .join('\n')}\n`;

function tailOf(name: string, spec: object, csv: string, weights: readonly number[] | null = null): number {
  const { design, data } = modelOf({ covariates: [], mask: 'auto', ...spec }, csv);
  const rows = weights === null ? data.rows : { ...data.rows, weights: Float64Array.from(weights) };
  const parameters = listParameters(design);
  return posteriorTails(design, parameters, { ...data, rows })[parameters.findIndex((p) => p.name === name)];
}

const three = [1, 2, 4];
const scales = (prior: string, by?: 'group') => ({ scale: by === undefined ? prior : { prior, by } });

describe('E11: held coefficients run off with the noise', () => {
  it.each<[string, string, object, string, number, Log]>([
    [
      'a flat intercept and scale: t of one degree of freedom',
      'alpha[A]',
      { priors: { intercept: 'flat()', ...scales('flat()') } },
      csvOf({ A: three }),
      2,
      (R) => overScale((s) => rowsAt(three, R, s)),
    ],
    [
      'four rows under a half-Cauchy scale',
      'alpha[A]',
      { priors: { intercept: 'flat()', ...scales('half_cauchy(1)') } },
      csvOf({ A: [...three, 3] }),
      5,
      (R) => overScale((s) => halfCauchy(s) + rowsAt([...three, 3], R, s)),
    ],
    [
      'a Cauchy intercept of one row',
      'alpha[A]',
      { priors: { intercept: 'cauchy(0, 1)', ...scales('half_student_t(3, 1)') } },
      csvOf({ A: [1] }),
      6,
      (R) => -Math.log1p(R * R) + overScale((s) => halfStudent(3)(s) + rowsAt([1], R, s)),
    ],
    [
      'two rows under a half-Cauchy scale by group',
      'alpha[A]',
      { priors: { intercept: 'flat()', ...scales('half_cauchy(1)', 'group') } },
      csvOf({ A: [1, 2], B: [0, 3] }),
      3,
      (R) => overScale((s) => halfCauchy(s) + rowsAt([1, 2], R, s)),
    ],
    [
      'two flat intercepts that share a flat scale',
      'alpha[A]',
      { priors: { intercept: 'flat()', ...scales('flat()') } },
      csvOf({ A: [1, 2], B: [0, 3] }),
      2,
      (R) => overScale((s) => rowsAt([1, 2], R, s) + rowsAt([0, 3], 1.5, s) + Math.log(s)),
    ],
    [
      'a flat intercept of two groups with scales of their own',
      'alpha',
      { pooling: 'complete', priors: { intercept: 'flat()', ...scales('half_cauchy(1)', 'group') } },
      csvOf({ A: [1], B: [0, 3] }),
      5,
      (R) => overScale((s) => halfCauchy(s) + rowsAt([1], R, s)) + overScale((s) => halfCauchy(s) + rowsAt([0, 3], R, s)),
    ],
    [
      'pooled about a known mean, all under heavy scales',
      'alpha[A]',
      { pooling: 'partial', priors: { intercept: 0, intercept_sd: 'half_cauchy(1)', ...scales('half_cauchy(1)') } },
      csvOf({ A: [1], B: [3] }),
      5,
      (R) =>
        overScale(
          (t) =>
            halfCauchy(t) -
            Math.log(t) -
            R ** 2 / (2 * t * t) +
            overScale((s) => halfCauchy(s) + rowsAt([1], R, s) + pooledOut([3], 0, t, s), 0.1),
          0.1,
        ),
    ],
    [
      'the same with scales by group, of which one stays',
      'alpha[A]',
      { pooling: 'partial', priors: { intercept: 0, intercept_sd: 'half_cauchy(1)', ...scales('half_cauchy(1)', 'group') } },
      csvOf({ A: [1], B: [3] }),
      5,
      (R) =>
        overScale(
          (t) =>
            halfCauchy(t) -
            Math.log(t) -
            R ** 2 / (2 * t * t) +
            overScale((s) => halfCauchy(s) + rowsAt([1], R, s), 0.1) +
            overScale((s) => halfCauchy(s) + pooledOut([3], 0, t, s), 0.1),
          0.1,
        ),
    ],
    [
      'the sd of a population, which its groups hold better than the scale',
      'tau_alpha',
      { pooling: 'partial', priors: { intercept: 0, intercept_sd: 'half_cauchy(1)', ...scales('flat()') } },
      csvOf({ A: [1], B: [3, 4, 5] }),
      4,
      (R) => halfCauchy(R) + overScale((s) => pooledOut([1], 0, R, s) + pooledOut([3, 4, 5], 0, R, s)),
    ],
    [
      'the mean of a population goes with the scale where the sd is light',
      'mu_alpha',
      { pooling: 'partial', priors: { intercept: 'cauchy(0, 1)', intercept_sd: 0.5, ...scales('half_cauchy(1)') } },
      csvOf({ A: [1], B: [3] }),
      5,
      (R) => halfCauchy(R) + overScale((s) => halfCauchy(s) + pooledOut([1], R, 0.5, s) + pooledOut([3], R, 0.5, s)),
    ],
    [
      'a scale with a flat sd beside it',
      'scale',
      { pooling: 'partial', priors: { intercept: 0, intercept_sd: 'flat()', ...scales('half_cauchy(1)') } },
      csvOf({ A: [1], B: [3], C: [0] }),
      4,
      (R) => halfCauchy(R) + overScale((t) => pooledOut([1], 0, t, R) + pooledOut([3], 0, t, R) + pooledOut([0], 0, t, R)),
    ],
    [
      'Student’s t of a fixed low nu',
      'alpha[A]',
      { family: 'student_t', priors: { intercept: 'flat()', nu: 0.4, scale: 1 } },
      csvOf({ A: [1, 2] }),
      2.8,
      (R) => [1, 2].reduce((sum, y) => sum - 0.7 * Math.log1p((y - R) ** 2 / 0.4), 0),
    ],
    [
      'Student’s t follows a row with the intercept',
      'w[x, A]',
      { family: 'student_t', covariates: ['x'], mask: { A: [1] }, priors: { intercept: 'flat()', weights: 'flat()', nu: 0.4, scale: 1 } },
      csvOf({
        A: [
          [0, 1],
          [1, 2],
          [2.5, 0],
        ],
      }),
      2.8,
      (R) => {
        const at = (a: number): number =>
          [
            [0, 1],
            [1, 2],
            [2.5, 0],
          ].reduce((sum, [x, y]) => sum - 0.7 * Math.log1p((y - a - R * x) ** 2 / 0.4), 0);
        // Peaks where one row is met; between them on a grid of the distance from each.
        return logSum(
          [0, 1, 2.5].flatMap((x) => [-1, 1].map((side) => overScale((d) => at(-R * x + side * d - 0) - (d > R / 4 ? 1e9 : 0)))),
        );
      },
    ],
    [
      'two positive counts under a shape that may be 0',
      'alpha[A]',
      { family: 'negative_binomial', priors: { intercept: 'flat()', shape: 'half_normal(1)' } },
      csvOf({ A: [1, 2, 0] }),
      3,
      (R) =>
        overScale(
          (p) =>
            -0.5 * p * p +
            [1, 2, 0].reduce((sum, y) => {
              const t = R - Math.log(p);
              return sum + lgamma(y + p) - lgamma(p) - p * (t + Math.log1p(Math.exp(-t)));
            }, 0),
        ),
    ],
  ])('%s', (_, name, spec, csv, expected, density) => {
    expect(tailOf(name, spec, csv)).toBeCloseTo(expected, 6);
    const isCount = 'family' in spec && spec.family === 'negative_binomial';
    expect(powerOf(density, isCount ? 6000 : 1e5)).toBeCloseTo(expected, 1);
  });

  it.each<[string, string, object, string, number]>([
    [
      'a light prior',
      'alpha[A]',
      { priors: { intercept: 'normal(0, 1)', ...scales('flat()') } },
      csvOf({ A: three }),
      Number.POSITIVE_INFINITY,
    ],
    [
      'a light scale',
      'alpha[A]',
      { priors: { intercept: 'flat()', ...scales('half_normal(1)') } },
      csvOf({ A: three }),
      Number.POSITIVE_INFINITY,
    ],
    ['a known scale', 'alpha[A]', { priors: { intercept: 'flat()', scale: 1 } }, csvOf({ A: three }), Number.POSITIVE_INFINITY],
    ['Poisson', 'alpha[A]', { family: 'poisson', priors: { intercept: 'flat()' } }, csvOf({ A: three }), Number.POSITIVE_INFINITY],
    [
      'a shape whose prior vanishes at 0',
      'alpha[A]',
      { family: 'negative_binomial', priors: { intercept: 'flat()', shape: 'lognormal(0, 1)' } },
      csvOf({ A: three }),
      Number.POSITIVE_INFINITY,
    ],
    [
      'a shape under gamma(2, …)',
      'alpha[A]',
      { family: 'negative_binomial', priors: { intercept: 'cauchy(0, 1)', shape: 'gamma(2, 0.1)' } },
      csvOf({ A: [1, 0, 0] }),
      5,
    ],
    [
      'many rows',
      'alpha[A]',
      { priors: { intercept: 'flat()', ...scales('flat()') } },
      csvOf({ A: Array.from({ length: 20 }, (_, i) => i % 7) }),
      19,
    ],
  ])('%s', (_, name, spec, csv, expected) => {
    expect(tailOf(name, spec, csv)).toBe(expected);
  });

  it('counts frequency weights, not rows', () => {
    const spec = { priors: { intercept: 'flat()', ...scales('flat()') } };
    expect(tailOf('alpha[A]', spec, csvOf({ A: three }), [1, 3, 2])).toBe(5);
    expect(tailOf('alpha[A]', spec, csvOf({ A: [...three, 9] }), [1, 1, 1, 0])).toBe(2);
  });
});
