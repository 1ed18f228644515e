/** The corpus judges the sampler; here it is judged itself: gradients by differences, references written apart against each other. */
import { describe, expect, it } from 'vitest';
import { isCollapsible, sampleCollapsed } from '../../bench/corpus/collapsed.mjs';
import { densityOf, digamma, logGamma } from '../../bench/corpus/density.mjs';
import { PROBABILITIES } from '../../bench/corpus/fits.mjs';
import { judgeModel } from '../../bench/corpus/judge.mjs';
import { CLASS_NAMES, keyOf, MODELS, modelOf } from '../../bench/corpus/models.mjs';
import { sampleChain } from '../../bench/corpus/nuts.mjs';
import { GRID } from '../../bench/corpus/reference.mjs';

interface Density {
  readonly dimension: number;
  readonly names: readonly string[];
  evaluate(position: Float64Array, gradient: Float64Array): number;
  constrain(position: Float64Array, out: Float64Array): void;
}

const meanOf = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;

describe('models', () => {
  it('are at least 200, of all six families, and the same every time', () => {
    expect(MODELS).toBeGreaterThanOrEqual(200);
    const models = Array.from({ length: 42 }, (_, id) => modelOf(id));
    expect(new Set(models.map((m) => m.family)).size).toBe(6);
    expect(models.map(keyOf)).toEqual(Array.from({ length: 42 }, (_, id) => keyOf(modelOf(id))));
  });

  it.each(CLASS_NAMES.map((name: string, id: number) => [name, id] as const))('%s: gradients are those of the density', (_, id) => {
    const problem = modelOf(id);
    if (problem.defaults) return;
    for (const centred of [true, false]) {
      const density: Density = densityOf(problem, centred);
      const at = Float64Array.from({ length: density.dimension }, (_x, i) => 0.7 * Math.sin(1.7 * i + id));
      const gradient = new Float64Array(density.dimension);
      const ignored = new Float64Array(density.dimension);
      const value = density.evaluate(at, gradient);
      for (let i = 0; i < Math.min(density.dimension, 40); i++) {
        const difference = (step: number): number => {
          const there = at.slice();
          there[i] += step;
          return density.evaluate(there, ignored);
        };
        const numeric = (difference(1e-5) - difference(-1e-5)) / 2e-5;
        expect(Math.abs(numeric - gradient[i])).toBeLessThan(1e-4 * (1 + Math.abs(gradient[i])) + 1e-10 * Math.abs(value));
      }
    }
  });
});

describe('references', () => {
  it('log Γ and its derivative', () => {
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 11);
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 11);
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 11);
  });

  // One with partially pooled groups of one row, one without pooling.
  it.each([1, 14])('model %i: importance sampling of the scales and plain NUTS over everything agree', (id) => {
    const problem = modelOf(id);
    expect(isCollapsible(problem)).toBe(true);
    const { names, draws, weights, share } = sampleCollapsed(problem, 1);
    expect(share).toBeGreaterThan(0.3);
    const density: Density = densityOf(problem, false);
    const one = new Float64Array(density.names.length);
    const chains = Array.from({ length: 4 }, (_, stream) => {
      const kept: number[][] = [];
      sampleChain(density, { warmup: 500, draws: 1000, seed: 3, stream, targetAccept: 0.9 }, (q: Float64Array) => {
        density.constrain(q, one);
        kept.push([...one]);
      });
      return kept;
    });
    for (const name of names as string[]) {
      const column = density.names.indexOf(name);
      const j = names.indexOf(name);
      const exact = draws.reduce((sum: number, row: number[], i: number) => sum + weights[i] * row[j], 0);
      const sd = Math.sqrt(draws.reduce((sum: number, row: number[], i: number) => sum + weights[i] * (row[j] - exact) ** 2, 0));
      const found = meanOf(chains.map((c) => meanOf(c.map((row) => row[column]))));
      expect(Math.abs(found - exact) / sd, name).toBeLessThan(0.15);
    }
  });
});

describe('judge', () => {
  const grid = GRID.map((p: number) => p);
  const reference = { doubts: [], parameters: { a: { numbers: [0.5, 0.29, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4], grid, kurtosis: 1.8 } } };
  const record = (shift: number) => ({
    trusted: true,
    flags: [],
    bulk: 400,
    tail: 300,
    sampling: 0.1,
    run: 2,
    parameters: {
      a: [0.5 + shift, 0.29, ...PROBABILITIES.map((p: number) => p + shift), 0.01, 0.01, 0.01, 0.01, 0.01, 400, 300, 1, 0.5 + shift],
    },
  });

  it('counts a trusted fit that is far off as wrong, and one near the reference as right', () => {
    expect(judgeModel([record(0.01), record(-0.01)], reference)).toMatchObject({ wrong: 0, wrongTrusted: 0, speed: [3000, 3000] });
    expect(judgeModel([record(0.2)], reference)).toMatchObject({ wrong: 1, wrongTrusted: 1 });
  });

  it('finds standard errors that are too small', () => {
    const { z } = judgeModel([record(0.02), record(-0.02)], reference);
    expect(z.mean.map(Math.abs)).toEqual([expect.closeTo(2, 3), expect.closeTo(2, 3)]);
  });
});
