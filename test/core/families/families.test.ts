import { describe, expect, it } from 'vitest';
import type { RowAuxiliary, Score } from '../../../core/families/family.ts';
import { familyOf } from '../../../core/families/index.ts';
import { Rng } from '../../../core/math/rng.ts';
import { FAMILIES, type Family } from '../../../core/spec/types.ts';

const AUX: RowAuxiliary = { trials: 9, scale: 0.7, own: [2.7] };
const ETAS = [-1.2, 0, 0.4, 1.7];

/** Mass and first moments by summing, or by the trapezoidal rule through sinh. */
function moments(family: Family, eta: number): { mass: number; mean: number } {
  const f = familyOf(family);
  let mass = 0;
  let mean = 0;
  const add = (y: number, width: number): void => {
    const p = Math.exp(f.logLikelihood(y, eta, AUX)) * width;
    mass += p;
    mean += p * y;
  };
  if (f.discrete) for (let y = 0; y < 400; y++) add(y, 1);
  else for (let i = -6000; i <= 6000; i++) add(eta + Math.sinh(i / 400), Math.cosh(i / 400) / 400);
  return { mass, mean };
}

describe.each(FAMILIES)('%s', (family) => {
  const f = familyOf(family);

  it.each(ETAS)('has mass 1 and the mean it says at eta %d', (eta) => {
    const { mass, mean } = moments(family, eta);
    expect(mass).toBeCloseTo(1, 9);
    expect(mean).toBeCloseTo(f.mean(eta, AUX), 6);
  });

  it.each(ETAS)('has a distribution function that sums its density at eta %d', (eta) => {
    if (f.discrete) {
      let sum = 0;
      for (let y = 0; y < 12; y++) {
        sum += Math.exp(f.logLikelihood(y, eta, AUX));
        expect(f.cdf(y, eta, AUX)).toBeCloseTo(Math.min(1, sum), 11);
      }
      expect(f.cdf(-1, eta, AUX)).toBe(0);
    } else
      for (const y of [-3, -0.1, 0.8, 2.5]) {
        const slope = (f.cdf(y + 1e-5, eta, AUX) - f.cdf(y - 1e-5, eta, AUX)) / 2e-5;
        expect(slope).toBeCloseTo(Math.exp(f.logLikelihood(y, eta, AUX)), 7);
      }
  });

  it.each(ETAS)('draws with its mean and spread at eta %d', (eta) => {
    const rng = Rng.of(11, 5);
    const n = 40_000;
    let above = 0;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const y = f.draw(rng, eta, AUX);
      sum += y;
      if (y > f.mean(eta, AUX)) above++;
    }
    const sd = Math.sqrt(f.variance(eta, AUX));
    expect(Math.abs(sum / n - f.mean(eta, AUX))).toBeLessThan((5 * sd) / Math.sqrt(n));
    const chance = 1 - f.cdf(f.mean(eta, AUX), eta, AUX);
    expect(Math.abs(above / n - chance)).toBeLessThan(5 * Math.sqrt(0.25 / n));
  });
});

describe.each(FAMILIES)('%s, derivatives', (name) => {
  const f = familyOf(name);
  const responses = f.measured ? [-2.3, 0.4, 5] : [0, 1, ...(name === 'bernoulli' ? [] : [4])];
  const points = ETAS.flatMap((eta) => responses.map((y) => [y, eta] as const));
  const score = (y: number, eta: number, aux: RowAuxiliary): Score => {
    const out: Score = { eta: 0, logScale: 0, own: new Float64Array(f.own.length) };
    f.score(y, eta, aux, out);
    return out;
  };
  const slope = (at: (step: number) => number, e = 1e-3): number => (8 * (at(e) - at(-e)) - (at(2 * e) - at(-2 * e))) / (12 * e);

  it.each(points)('has the score that finite differences give at y = %d, eta = %d', (y, eta) => {
    const found = score(y, eta, AUX);
    expect(found.eta).toBeCloseTo(
      slope((h) => f.logLikelihood(y, eta + h, AUX)),
      8,
    );
    if (f.measured) {
      const scaled = slope((h) => f.logLikelihood(y, eta, { ...AUX, scale: AUX.scale * Math.exp(h) }));
      expect(found.logScale).toBeCloseTo(scaled, 8);
    }
    f.own.forEach((_, k) => {
      const moved = (h: number): RowAuxiliary => ({ ...AUX, own: Array.from(AUX.own, (v, j) => (j === k ? v + h : v)) });
      expect(found.own[k]).toBeCloseTo(
        slope((h) => f.logLikelihood(y, eta, moved(h))),
        8,
      );
    });
  });

  it.each(ETAS)('has information that is positive, and the expected square of its score at eta %d', (eta) => {
    // Over responses drawn: the variance of the score is the expected information.
    const rng = Rng.of(4, 4);
    const n = 20_000;
    let squares = 0;
    let information = 0;
    let ofScale = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      const y = f.draw(rng, eta, AUX);
      const found = score(y, eta, AUX);
      squares += found.eta ** 2 / n;
      ofScale += found.logScale ** 2 / n;
      const here = f.information(y, eta, AUX);
      least = Math.min(least, here);
      information += here / n;
    }
    expect(least).toBeGreaterThan(0);
    expect(squares / information).toBeCloseTo(1, 1);
    if (f.measured) expect(ofScale / f.scaleInformation(1, AUX.own)).toBeCloseTo(1, 1);
  });
});

describe('impossible and extreme responses', () => {
  it.each([
    ['bernoulli', 2],
    ['binomial', 10],
    ['poisson', -1],
    ['poisson', 1.5],
    ['negative_binomial', 0.5],
  ] as const)('%s cannot be %d', (family, y) => {
    expect(familyOf(family).logLikelihood(y, 0.1, AUX)).toBe(Number.NEGATIVE_INFINITY);
  });
  it('keeps its digits far out', () => {
    expect(familyOf('bernoulli').logLikelihood(0, 800, AUX)).toBe(-800);
    expect(familyOf('bernoulli').logLikelihood(1, 800, AUX)).toBeCloseTo(0, 300);
    expect(familyOf('poisson').logLikelihood(0, Number.NEGATIVE_INFINITY, AUX)).toBe(0);
  });
  it('a negative binomial with a huge shape is a Poisson, a Student-t with a huge nu a normal', () => {
    const huge: RowAuxiliary = { trials: 1, scale: 1, own: [1e12] };
    for (const y of [0, 3, 40])
      expect(familyOf('negative_binomial').logLikelihood(y, 2, huge)).toBeCloseTo(familyOf('poisson').logLikelihood(y, 2, huge), 8);
    expect(familyOf('student_t').logLikelihood(1.3, 0.2, huge)).toBeCloseTo(familyOf('gaussian').logLikelihood(1.3, 0.2, huge), 10);
  });
  it('draws large counts with their mean', () => {
    const rng = Rng.of(2, 2);
    let sum = 0;
    for (let i = 0; i < 2000; i++) sum += familyOf('poisson').draw(rng, Math.log(5000), AUX);
    expect(Math.abs(sum / 2000 - 5000)).toBeLessThan(5 * Math.sqrt(5000 / 2000));
    let successes = 0;
    for (let i = 0; i < 2000; i++) successes += familyOf('binomial').draw(rng, 0.3, { ...AUX, trials: 10_000 });
    const p = familyOf('binomial').inverseLink(0.3);
    expect(Math.abs(successes / 2000 - 10_000 * p)).toBeLessThan(5 * Math.sqrt((10_000 * p * (1 - p)) / 2000));
  });
});
