import { describe, expect, it } from 'vitest';
import { log } from '../../../core/math/elementary.ts';
import {
  betaI,
  digamma,
  digammaRising,
  gammaP,
  gammaQ,
  lgamma,
  logBeta,
  logChoose,
  logRising,
  normalCdf,
  studentCdf,
  trigamma,
} from '../../../core/math/gamma.ts';

const near = (actual: number, expected: number, tolerance: number): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
};

describe('lgamma', () => {
  it('is the log factorial at whole numbers', () => {
    let sum = 0;
    for (let n = 1; n < 170; n++) {
      near(lgamma(n), sum, 2e-14);
      sum += log(n);
    }
  });
  it.each([
    [0.5, 0.5 * Math.log(Math.PI)],
    [1.5, Math.log(Math.sqrt(Math.PI) / 2)],
    [1e-10, 23.025850929882736],
    [1e10, 220258509288.81058],
    [100.5, 361.4355404677776],
  ])('at %d', (x, expected) => near(lgamma(x), expected, 1e-14));
  it('says what it cannot do', () => {
    expect(lgamma(0)).toBe(Number.POSITIVE_INFINITY);
    expect(lgamma(-1)).toBeNaN();
    expect(lgamma(Number.NaN)).toBeNaN();
    expect(lgamma(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('digamma and trigamma', () => {
  it('at 1 and ½', () => {
    near(digamma(1), -0.5772156649015329, 1e-14);
    near(digamma(0.5), -1.9635100260214235, 1e-14);
    near(trigamma(1), Math.PI ** 2 / 6, 1e-14);
    near(trigamma(0.5), Math.PI ** 2 / 2, 1e-14);
  });
  it('are the derivatives', () => {
    for (const x of [0.1, 0.9, 3.3, 9.99, 10.01, 55, 1e4]) {
      const h = 1e-4 * x;
      near(digamma(x), (lgamma(x + h) - lgamma(x - h)) / (2 * h), 1e-6);
      near(trigamma(x), (digamma(x + h) - digamma(x - h)) / (2 * h), 1e-6);
    }
  });
});

describe('differences', () => {
  it('agree with the plain ones where these have digits', () => {
    for (const a of [0.2, 1, 7.5, 30])
      for (const n of [0.5, 1, 3, 17, 40]) {
        near(logRising(a, n), lgamma(a + n) - lgamma(a), 1e-12);
        near(digammaRising(a, n), digamma(a + n) - digamma(a), 1e-12);
      }
  });
  it('keep their digits for large a', () => {
    near(logRising(1e12, 3), 3 * Math.log(1e12) + 3e-12, 1e-13);
    near(digammaRising(1e12, 3), 3e-12, 1e-20);
  });
  it('make beta and choose', () => {
    near(logBeta(2, 3), Math.log(1 / 12), 1e-14);
    near(logChoose(10, 3), Math.log(120), 1e-14);
    expect(logChoose(5, 5)).toBe(0);
  });
});

describe('distribution functions', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.959963984540054, 0.025],
    [-10, 7.61985302416052e-24],
  ])('normal at %d', (z, expected) => {
    near(normalCdf(z) / expected, 1, 1e-12);
  });
  it('gamma with a whole shape is a Poisson sum', () => {
    for (const [n, x] of [
      [1, 0.3],
      [5, 2],
      [5, 12],
      [60, 55],
    ]) {
      let term = Math.exp(-x);
      let sum = 0;
      for (let k = 0; k < n; k++) {
        sum += term;
        term *= x / (k + 1);
      }
      near(gammaQ(n, x), sum, 1e-13);
      near(gammaP(n, x), 1 - sum, 1e-13);
    }
  });
  it('beta is a binomial sum', () => {
    const n = 12;
    for (const p of [0.1, 0.5, 0.83])
      for (let k = 0; k < n; k++) {
        let sum = 0;
        for (let j = 0; j <= k; j++) sum += Math.exp(logChoose(n, j)) * p ** j * (1 - p) ** (n - j);
        near(betaI(n - k, k + 1, 1 - p), sum, 1e-13);
      }
  });
  it('Student-t in closed form at 1 and 2 degrees of freedom', () => {
    for (const t of [-30, -1, -0.01, 0, 0.5, 4]) {
      near(studentCdf(t, 1), 0.5 + Math.atan(t) / Math.PI, 1e-13);
      near(studentCdf(t, 2), 0.5 + t / (2 * Math.sqrt(2 + t * t)), 1e-13);
    }
  });
});
