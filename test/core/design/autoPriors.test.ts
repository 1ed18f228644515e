import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Design } from '../../../core/design/design.ts';
import { formatPrior } from '../../../core/design/priors.ts';
import { resolveDesign } from '../../../core/design/resolve.ts';
import { parseSpec } from '../../../core/spec/parse.ts';
import { parsePrior } from '../../../core/spec/priors.ts';
import type { Distribution, Prior } from '../../../core/spec/types.ts';
import { profileOfCsv } from '../rules/profileOfCsv.ts';

const X = [1, 2, 3, 4, 5, 6];
const Y = [12, 10, 15, 19, 17, 23];

function resolve(spec: object, y: readonly number[] = Y, x: readonly number[] = X, x2: readonly number[] = x): Design {
  const csv = `x,x2,y\n${y.map((v, i) => `${x[i]},${x2[i]},${v}`).join('\n')}\n`;
  const parsed = parseSpec(JSON.stringify({ data: 'd.csv', response: 'y', covariates: ['x'], ...spec }));
  return resolveDesign(parsed.spec!, profileOfCsv(csv, null));
}

const argsOf = (prior: Prior | null | undefined): readonly number[] => (prior as Distribution).args;
const sdOf = (values: readonly number[]): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
};

describe('automatic priors', () => {
  it('let a coefficient move the response by 2.5 of its sds for one of the covariate’s', () => {
    const { terms, scale } = resolve({});
    const [mean, sd] = argsOf(terms[1].prior);
    expect(mean).toBe(0);
    expect(sd / ((2.5 * sdOf(Y)) / sdOf(X))).toBeCloseTo(1, 2);
    expect(argsOf(scale?.prior)[0] * sdOf(Y)).toBeCloseTo(1, 2);
    expect(terms[1].auto).toEqual({ prior: true, sd: false });
  });

  it('follow the units of the data', () => {
    const scale = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(scale, scale, (a, b) => {
        const plain = resolve({ pooling: 'partial' });
        const scaled = resolve(
          { pooling: 'partial' },
          Y.map((v) => a * v),
          X.map((v) => b * v),
        );
        const ratio = (of: (d: Design) => number): number => of(scaled) / of(plain);
        expect(ratio((d) => argsOf(d.terms[1].prior)[1]) / (a / b)).toBeCloseTo(1, 1);
        expect(ratio((d) => argsOf(d.terms[1].sd)[0]) / (a / b)).toBeCloseTo(1, 1);
        expect(ratio((d) => argsOf(d.terms[0].prior)[1]) / a).toBeCloseTo(1, 1);
        expect(ratio((d) => argsOf(d.scale?.prior)[0]) * a).toBeCloseTo(1, 1);
      }),
    );
  });

  it('widen the intercept by what the slopes may do on the way from x = 0', () => {
    const near = argsOf(resolve({ covariates: [{ column: 'x', transform: 'center' }] }).terms[0].prior);
    const far = argsOf(
      resolve(
        {},
        Y,
        X.map((v) => v + 1000),
      ).terms[0].prior,
    );
    expect(near[1] / (2.5 * sdOf(Y))).toBeCloseTo(1, 2);
    expect(far[1]).toBeGreaterThan(100 * near[1]);
  });

  it.each([
    ['poisson', [3, 0, 5, 2, 4, 6], Math.log(20 / 6)],
    ['bernoulli', [1, 0, 1, 1, 0, 1], 0],
  ])('on the scale of the link: %s', (family, y, mean) => {
    const { terms } = resolve({ family }, y);
    expect(argsOf(terms[0].prior)[0]).toBeCloseTo(mean, 2);
    expect(argsOf(terms[1].prior)[1] * sdOf(X)).toBeCloseTo(2.5, 1);
  });

  it.each([
    ['hectopascals in pascals', 101_325, 3],
    ['years', 2019.5, 2.9],
    ['unix seconds', 1.7e9, 3600],
    ['milliseconds of a day', 1.7e12, 1000],
    ['grams about a kilogram', 1000.0003, 1e-4],
    ['far below 0', -273.15, 0.01],
    ['a near-constant', 7, 1e-12],
    ['small', 3.14159e-7, 1e-10],
    ['large', 6.02214e23, 1e19],
  ])('E3: rounding moves no prior by more than 0.03 of its sd: %s', (_, mean, sd) => {
    const steps = Array.from({ length: 40 }, (_, i) => Math.sin(i * 1.7));
    const y = steps.map((s) => mean + sd * s);
    const middle = y.reduce((sum, v) => sum + v / y.length, 0);
    for (const family of ['gaussian', 'student_t']) {
      const prior = resolve({ family, covariates: [] }, y, steps).terms[0].prior;
      const [location, width] = argsOf(prior);
      expect(Math.abs(location - middle) / width).toBeLessThan(0.03);
      expect(width / (2.5 * sdOf(y))).toBeCloseTo(1, 2);
      const shown = parsePrior(formatPrior(prior), 'p', 'real').prior as Distribution;
      expect(shown.args).toEqual([location, width]);
    }
  });

  it('E3: rounding leaves three digits where they suffice', () => {
    expect(argsOf(resolve({ covariates: [] }).terms[0].prior)).toEqual([16, 11.8]);
    expect(argsOf(resolve({ covariates: [] }, [1234, 2345, 3456, 4567]).terms[0].prior)[0]).toBe(2900);
  });

  it('keep the spread of a logarithm, or of a product, that is small beside its mean', () => {
    const far = X.map((v) => 1e9 + v);
    const slope = argsOf(resolve({ covariates: [{ column: 'x', transform: 'log' }] }, Y, far).terms[1].prior)[1];
    expect((slope * sdOf(X)) / 1e9 / (2.5 * sdOf(Y))).toBeGreaterThan(0.5);
    expect((slope * sdOf(X)) / 1e9 / (2.5 * sdOf(Y))).toBeLessThan(2);
    const product = argsOf(resolve({ covariates: ['x:x2'] }, Y, far, far).terms[1].prior)[1];
    expect((product * Math.SQRT2 * 1e9 * sdOf(X)) / (2.5 * sdOf(Y))).toBeCloseTo(1, 2);
  });

  it('stay proper where the data have no spread', () => {
    const { terms, scale } = resolve({}, [4, 4, 4, 4, 4, 4], [2, 2, 2, 2, 2, 2]);
    for (const prior of [terms[0].prior, terms[1].prior, scale?.prior]) {
      const args = argsOf(prior);
      expect(args.every(Number.isFinite)).toBe(true);
      expect(args.at(-1)).toBeGreaterThan(0);
    }
  });
});
