import { describe, expect, it } from 'vitest';
import { Rng } from '../../../core/math/rng.ts';
import { toEnd } from '../../../core/math/steps.ts';
import { Chain, type Target } from '../../../core/sampler/chain.ts';
import { phasePoint, sinCos, stepPhase } from '../../../core/sampler/integrator.ts';
import { findMode, normalMap, precisionAt } from '../../../core/sampler/mode.ts';
import { Nuts } from '../../../core/sampler/nuts.ts';
import { QuarterTurn } from '../../../core/sampler/quarterTurn.ts';
import type { LogDensity } from '../../../core/sampler/types.ts';
import { identityMap } from '../../../core/sampler/whitening.ts';

/** Independent normals with these means and sds. */
function normals(means: readonly number[], sds: readonly number[]): LogDensity {
  return {
    dimension: means.length,
    evaluate(x, gradient) {
      let value = 0;
      for (let i = 0; i < x.length; i++) {
        const z = (x[i] - means[i]) / sds[i];
        gradient[i] = -z / sds[i];
        value -= 0.5 * z * z;
      }
      return value;
    },
  };
}

/** A skewed density of one coordinate, that of log X for X ~ Gamma(shape, 1): mean digamma(shape), variance trigamma(shape). */
const logGamma = (shape: number): LogDensity => ({
  dimension: 1,
  evaluate(x, gradient) {
    gradient[0] = shape - Math.exp(x[0]);
    return shape * x[0] - Math.exp(x[0]);
  },
});

function targetOf(density: LogDensity): Target {
  const d = density.dimension;
  const centre = new Float64Array(d);
  return { density, centre, modes: [centre], map: identityMap(d), width: d, constrain: (x, _, out) => out.set(x) };
}

/** Draws of all chains, one array a coordinate. */
function sample(target: Target, draws: number, chains = 4, warmup = 300): Float64Array[] {
  const out = new Float64Array(target.width);
  const columns = Array.from({ length: target.width }, () => new Float64Array(chains * draws));
  for (let c = 0; c < chains; c++) {
    const chain = new Chain(target, { seed: 5, chain: c, warmup, targetAccept: 0.8, maxDepth: 10 });
    for (let i = 0; i < warmup + draws; i++) {
      chain.advance(out);
      if (i >= warmup) for (const [j, column] of columns.entries()) column[c * draws + i - warmup] = out[j];
    }
  }
  return columns;
}

const mean = (x: Float64Array): number => x.reduce((a, b) => a + b, 0) / x.length;
const sd = (x: Float64Array): number => {
  const centre = mean(x);
  return Math.sqrt(mean(x.map((v) => (v - centre) ** 2)));
};

describe('the integrator', () => {
  it('has the sine and cosine of every step it takes', () => {
    for (let x = -2; x <= 2; x += 0.01) {
      const [s, c] = sinCos(x);
      expect(Math.abs(s - Math.sin(x))).toBeLessThan(1e-15);
      expect(Math.abs(c - Math.cos(x))).toBeLessThan(1e-15);
    }
  });

  it('goes back the way it came', () => {
    const density = logGamma(3);
    const at = phasePoint(1);
    at.z[0] = 0.4;
    at.p[0] = -0.9;
    at.logDensity = density.evaluate(at.z, at.gradient);
    for (const angle of [...Array(20).fill(0.3), ...Array(20).fill(-0.3)]) {
      const [s, c] = sinCos(angle);
      stepPhase(density, at, angle, s, c);
    }
    expect(at.z[0]).toBeCloseTo(0.4, 10);
    expect(at.p[0]).toBeCloseTo(-0.9, 10);
  });
});

describe.each([
  ['a quarter turn', (density: LogDensity) => new QuarterTurn(density), 0.8],
  ['NUTS', (density: LogDensity) => new Nuts(density, 10), 0.5],
] as const)('%s', (_, make, stepSize) => {
  it('leaves a skewed density as it is', () => {
    const density = logGamma(4);
    const kernel = make(density);
    const rng = Rng.of(2, 1);
    const state = phasePoint(1);
    state.z[0] = Math.log(4);
    state.logDensity = density.evaluate(state.z, state.gradient);
    const n = 60_000;
    const draws = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      kernel.step(rng, state, stepSize);
      draws[i] = state.z[0];
    }
    // digamma(4), trigamma(4)
    expect(Math.abs(mean(draws) - 1.2561176684318)).toBeLessThan(0.015);
    expect(Math.abs(sd(draws) / Math.sqrt(0.2838229557371) - 1)).toBeLessThan(0.03);
  });

  it('calls a cliff a divergence and stays where it was', () => {
    const wall: LogDensity = {
      dimension: 1,
      evaluate: (x, gradient) => (gradient.fill(0)[0] === 0 && Math.abs(x[0]) < 1e-3 ? 0 : Number.NaN),
    };
    const kernel = make(wall);
    const state = phasePoint(1);
    state.logDensity = 0;
    const info = kernel.step(Rng.of(1, 1), state, stepSize);
    expect(info.diverging).toBe(true);
    expect(state.z[0]).toBe(0);
    expect(kernel.divergedAt[0]).not.toBe(0);
  });
});

describe('a chain', () => {
  it('finds the scales of a target that is far from standard', () => {
    const columns = sample(targetOf(normals([3, -2, 0], [0.2, 7, 1])), 1000);
    expect(Math.abs(mean(columns[0]) - 3)).toBeLessThan(0.03);
    expect(Math.abs(mean(columns[1]) + 2)).toBeLessThan(1);
    expect(sd(columns[0]) / 0.2).toBeCloseTo(1, 1);
    expect(Math.abs(sd(columns[1]) / 7 - 1)).toBeLessThan(0.08);
  });

  it('goes on from its state as if it had never stopped', () => {
    const target = targetOf(logGamma(2));
    const settings = { seed: 9, chain: 1, warmup: 50, targetAccept: 0.8, maxDepth: 8 };
    const run = (chain: Chain, n: number): number[] => {
      const out = new Float64Array(1);
      return Array.from({ length: n }, () => {
        chain.advance(out);
        return out[0];
      });
    };
    const whole = run(new Chain(target, settings), 150);
    const first = new Chain(target, settings);
    run(first, 90);
    expect(run(new Chain(target, settings, structuredClone(first.save())), 60)).toEqual(whole.slice(90));
  });
});

describe('the mode', () => {
  it('is found with the curvature there', () => {
    const density = normals([30, -4, 0.5], [5, 0.1, 2]);
    const mode = toEnd(findMode(density, new Float64Array(3)))!;
    expect(Array.from(mode, (v, i) => (v - [30, -4, 0.5][i]) / [5, 0.1, 2][i]).every((v) => Math.abs(v) < 0.01)).toBe(true);
    const x = new Float64Array(3);
    normalMap(toEnd(precisionAt(density, mode)), 3).apply(Float64Array.of(1, 1, 1), x);
    expect(x[0]).toBeCloseTo(5, 4);
    expect(x[1]).toBeCloseTo(0.1, 4);
    expect(x[2]).toBeCloseTo(2, 4);
  });

  it('is null where there is no density to climb', () => {
    expect(toEnd(findMode({ dimension: 1, evaluate: () => Number.NaN }, new Float64Array(1)))).toBeNull();
  });
});
