import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../../core/math/rng.ts';
import { copyPoint, type PhasePoint, phasePoint } from '../../../core/sampler/integrator.ts';
import { MacroStep } from '../../../core/sampler/macroStep.ts';
import { Nuts } from '../../../core/sampler/nuts.ts';
import { QuarterTurn } from '../../../core/sampler/quarterTurn.ts';
import type { LogDensity } from '../../../core/sampler/types.ts';

/** log x for x ~ Poisson counts that are all 0: a plain to the left, a cliff to the right. */
const cliff: LogDensity = {
  dimension: 1,
  evaluate([x], gradient) {
    gradient[0] = -8 * Math.exp(x) - x / 25;
    return -8 * Math.exp(x) - (x * x) / 50;
  },
};

const cauchy: LogDensity = {
  dimension: 1,
  evaluate([x], gradient) {
    gradient[0] = (-2 * x) / (1 + x * x);
    return -Math.log1p(x * x);
  },
};

/** Of a pair whose second coordinate is as wide as e^(first / 2) says. */
const funnel: LogDensity = {
  dimension: 2,
  evaluate([v, x], gradient) {
    const precision = Math.exp(-v);
    gradient[0] = -v / 9 + 0.5 * x * x * precision - 0.5;
    gradient[1] = -x * precision;
    return -(v * v) / 18 - 0.5 * x * x * precision - 0.5 * v;
  },
};

function pointAt(density: LogDensity, z: readonly number[], p: readonly number[]): PhasePoint {
  const at = phasePoint(density.dimension);
  at.z.set(z);
  at.p.set(p);
  at.logDensity = density.evaluate(at.z, at.gradient);
  return at;
}

const number = fc.double({ min: -4, max: 4, noNaN: true });

describe.each([
  ['a cliff', cliff],
  ['a flat tail', cauchy],
  ['a funnel', funnel],
])('a step over %s', (_, density) => {
  const places = fc.tuple(fc.array(number, { minLength: 2, maxLength: 2 }), fc.array(number, { minLength: 2, maxLength: 2 }), fc.boolean());
  const sizes = fc.double({ min: 0.2, max: 1.05, noNaN: true });

  it('comes back to where it began', () => {
    let moved = 0;
    fc.assert(
      fc.property(places, sizes, ([z, p, rotating], size) => {
        const motion = new MacroStep(density, rotating, 0.5);
        const at = pointAt(density, z.slice(0, density.dimension), p.slice(0, density.dimension));
        const start = phasePoint(density.dimension);
        copyPoint(at, start);
        if (motion.advance(at, size) !== 'moved') return;
        moved++;
        expect(motion.advance(at, -size)).toBe('moved');
        for (let i = 0; i < density.dimension; i++) {
          expect(Math.abs(at.z[i] - start.z[i])).toBeLessThan(1e-8);
          expect(Math.abs(at.p[i] - start.p[i])).toBeLessThan(1e-8);
        }
      }),
      { numRuns: 400 },
    );
    expect(moved).toBeGreaterThan(100);
  });

  it('keeps the energy within its tolerance, or says that it did not move', () => {
    fc.assert(
      fc.property(places, sizes, ([z, p, rotating], size) => {
        const motion = new MacroStep(density, rotating, 0.5);
        const at = pointAt(density, z.slice(0, density.dimension), p.slice(0, density.dimension));
        const energy = (q: PhasePoint): number => 0.5 * q.p.reduce((sum, v) => sum + v * v, 0) - q.logDensity;
        const before = energy(at);
        const end = motion.advance(at, size);
        // The finest parts may lose more than the tolerance, but never as much as a divergence.
        if (end === 'moved') expect(Math.abs(energy(at) - before)).toBeLessThan(1000);
        if (end === 'moved' && motion.evaluations === 1) expect(Math.abs(energy(at) - before)).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});

describe.each([
  ['a quarter turn', (density: LogDensity) => new QuarterTurn(density), 0.8],
  ['NUTS', (density: LogDensity) => new Nuts(density, 10), 0.8],
] as const)('E7, E9: %s', (_, make, stepSize) => {
  /** Draws of the first coordinate, and the longest run of equal ones. */
  function run(density: LogDensity, n: number): { readonly sorted: Float64Array; readonly longest: number; readonly divergences: number } {
    const kernel = make(density);
    const rng = Rng.of(4, 1);
    const state = pointAt(density, new Array(density.dimension).fill(0.1), new Array(density.dimension).fill(0));
    const draws = new Float64Array(n);
    let longest = 0;
    let equal = 0;
    let divergences = 0;
    for (let i = 0; i < n; i++) {
      if (kernel.step(rng, state, stepSize).diverging) divergences++;
      draws[i] = state.z[0];
      equal = i > 0 && draws[i] === draws[i - 1] ? equal + 1 : 1;
      longest = Math.max(longest, equal);
    }
    return { sorted: draws.sort(), longest, divergences };
  }

  it('does not call a cliff that it can walk up to a divergence, and stays nowhere', () => {
    const { sorted, longest, divergences } = run(cliff, 20_000);
    expect(divergences).toBe(0);
    expect(longest).toBeLessThanOrEqual(12);
    // Quantiles by quadrature of the density.
    const exact = quantilesOf(cliff, [0.05, 0.5, 0.95], -40, 5);
    for (const [i, p] of [0.05, 0.5, 0.95].entries()) expect(Math.abs(sorted[Math.floor(p * sorted.length)] - exact[i])).toBeLessThan(0.35);
  });

  it('finds the width of a funnel', () => {
    const { sorted, divergences } = run(funnel, 40_000);
    // Deep in the neck even the finest parts are too long, now and then.
    expect(divergences).toBeLessThan(40);
    // v ~ Normal(0, 3).
    expect(Math.abs(sorted[20_000])).toBeLessThan(0.35);
    expect(Math.abs(sorted[2000] + 4.93)).toBeLessThan(0.7);
    expect(Math.abs(sorted[38_000] - 4.93)).toBeLessThan(0.7);
  });
});

function quantilesOf(density: LogDensity, probabilities: readonly number[], low: number, high: number): number[] {
  const n = 200_000;
  const gradient = new Float64Array(1);
  const mass = Float64Array.from({ length: n }, (_, i) =>
    Math.exp(density.evaluate(Float64Array.of(low + ((i + 0.5) * (high - low)) / n), gradient)),
  );
  const total = mass.reduce((a, b) => a + b, 0);
  return probabilities.map((p) => {
    let sum = 0;
    let i = 0;
    while (sum < p * total) sum += mass[i++];
    return low + (i * (high - low)) / n;
  });
}
