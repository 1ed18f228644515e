import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CollapsedModel } from '../../../core/model/collapsed/model.ts';
import { collapsedTarget } from '../../../core/model/collapsed/target.ts';
import { listParameters } from '../../../core/model/parameters.ts';
import { Rng } from '../../../core/sampler/rng.ts';
import type { Pooling, Prior } from '../../../core/spec/types.ts';
import { gaussianDesign, gaussianRows, statisticsByHand } from './gaussianCase.ts';
import { logMarginalByRows } from './gaussianMarginal.ts';

const normal = (mu: number, sigma: number): Prior => ({ dist: 'normal', args: [mu, sigma] });
const half: Prior = { dist: 'half_normal', args: [2] };
const pooling = fc.constantFrom<Pooling>('none', 'partial', 'complete');
/** A fixed or a flat prior has the numbers of the normal one that they leave aside. */
const kind = fc.constantFrom<'normal' | 'fixed' | 'flat'>('normal', 'normal', 'fixed', 'flat');
const term = fc.record({
  pooling,
  kind,
  tau: fc.constantFrom<number | null>(null, null, 0.4),
  mean: fc.double({ min: -2, max: 2, noNaN: true }),
  sd: fc.double({ min: 0.2, max: 5, noNaN: true }),
});
type TermCase = typeof term extends fc.Arbitrary<infer T> ? T : never;
const cases = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  intercept: fc.option(term, { nil: null }),
  terms: fc.array(term, { minLength: 0, maxLength: 3 }),
  groups: fc.integer({ min: 1, max: 4 }),
  rows: fc.integer({ min: 1, max: 12 }),
  scale: fc.constantFrom<'all' | 'group' | 'fixed' | 'se'>('all', 'group', 'fixed', 'se'),
  weighted: fc.boolean(),
  far: fc.constantFrom(0, 2, 50),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

const priorOf = (t: TermCase): Prior => {
  if (t.kind === 'fixed') return { fixed: t.mean };
  return t.kind === 'flat' ? { dist: 'flat', args: [] } : normal(t.mean, t.sd);
};
const hasFlat = (c: Case): boolean => [c.intercept, ...c.terms].some((t) => t?.kind === 'flat');

function build(c: Case) {
  const choice = (t: TermCase) => ({ pooling: t.pooling, prior: priorOf(t), sd: t.tau === null ? half : { fixed: t.tau } });
  const design = gaussianDesign({
    seed: c.seed,
    groups: c.groups,
    intercept: c.intercept && choice(c.intercept),
    slopes: c.terms.map(choice),
    scale: c.scale === 'se' ? null : { prior: c.scale === 'fixed' ? { fixed: 0.7 } : half, by: c.scale === 'group' ? 'group' : 'all' },
  });
  // Flat coefficients want rows enough to be determined, and near, as the reference knows them only nearly.
  const n = hasFlat(c) ? 12 * c.groups : c.rows;
  const rng = Rng.of(c.seed, 10);
  const rows = {
    ...gaussianRows(design, n, c.seed, hasFlat(c) ? Math.min(c.far, 2) : c.far),
    se: c.scale === 'se' ? Float64Array.from({ length: n }, () => 0.3 + rng.uniform()) : null,
    weights: c.weighted ? Float64Array.from({ length: n }, () => Math.floor(3 * rng.uniform())) : null,
  };
  return { design, rows, model: new CollapsedModel(design, statisticsByHand(design, rows)) };
}

function place(model: CollapsedModel, seed: number): Float64Array {
  const rng = Rng.of(seed, 9);
  return new Float64Array(model.dimension).map(() => 0.7 * rng.normal());
}

describe('the collapsed Gaussian', () => {
  it('has the marginal likelihood of the multivariate normal that it is', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { design, rows, model } = build(c);
        const solved = model.solveAt(place(model, c.seed));
        if (hasFlat(c)) fc.pre(solved);
        expect(solved).toBe(true);
        const expected = logMarginalByRows(design, rows, model.sigma, model.tau);
        expect(Math.abs(model.logMarginal() - expected)).toBeLessThan((hasFlat(c) ? 2e-5 : 1e-7) * (1 + Math.abs(expected)));
      }),
      { numRuns: 200 },
    );
  });

  it('has the gradient of its log density', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { model } = build(c);
        const x = place(model, c.seed);
        fc.pre(model.solveAt(x));
        const gradient = new Float64Array(x.length);
        const none = new Float64Array(x.length);
        model.evaluate(x, gradient);
        for (let i = 0; i < x.length; i++) {
          const h = 1e-5;
          const at = (d: number) =>
            model.evaluate(
              x.map((v, j) => (j === i ? v + d : v)),
              none,
            );
          const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
          expect(Math.abs(gradient[i] - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)) + 1e-8 * Math.abs(model.evaluate(x, none)));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('draws coefficients with the means and covariances of their conditional', () => {
    const c: Case = {
      seed: 5,
      intercept: { pooling: 'partial', kind: 'normal', tau: null, mean: 1, sd: 3 },
      terms: [
        { pooling: 'partial', kind: 'normal', tau: null, mean: 0, sd: 2 },
        { pooling: 'complete', kind: 'normal', tau: null, mean: 1, sd: 1 },
        { pooling: 'none', kind: 'normal', tau: null, mean: 0, sd: 3 },
      ],
      groups: 3,
      rows: 6,
      scale: 'all',
      weighted: false,
      far: 2,
    };
    const { design, rows } = build(c);
    const parameters = listParameters(design);
    const target = collapsedTarget(design, statisticsByHand(design, rows), parameters);
    const position = target.centre;
    const out = new Float64Array(target.width);
    const rng = Rng.of(3, 0);
    const n = 40_000;
    const mean = new Float64Array(target.width);
    for (let i = 0; i < n; i++) {
      target.constrain(position, rng, out);
      for (let j = 0; j < out.length; j++) mean[j] += out[j] / n;
    }
    // Where the draws' mean lies, the joint density of rows and coefficients has its mode: its slope there is 0.
    const joint = (values: Float64Array): number => {
      const of = (kind: string, term: number, group: number) =>
        parameters.find((p) => p.kind === kind && p.term === term && (p.group === group || p.group < 0));
      let sum = 0;
      for (let i = 0; i < rows.n; i++) {
        let mu = 0;
        design.terms.forEach((t, k) => {
          const p = of(t.kind === 'intercept' ? 'alpha' : 'w', k, rows.group[i]);
          if (p && !p.masked) mu += values[p.index] * (t.kind === 'intercept' ? 1 : rows.x[k][i]);
        });
        sum -= 0.5 * ((rows.y[i] - mu) / target.model.sigma[0]) ** 2;
      }
      for (const p of parameters) {
        if (p.masked || p.kind === 'scale' || p.kind === 'tau') continue;
        const t = design.terms[p.term];
        const prior = t.prior as { args: readonly number[] };
        const partial = t.pooling === 'partial' && p.kind !== 'mu';
        const m = partial ? values[of('mu', p.term, -1)!.index] : prior.args[0];
        const sd = partial ? target.model.tau[p.term] : prior.args[1];
        sum -= 0.5 * ((values[p.index] - m) / sd) ** 2;
      }
      return sum;
    };
    for (const p of parameters) {
      if (p.masked || p.kind === 'scale' || p.kind === 'tau') continue;
      const h = 1e-3;
      const at = (d: number) => joint(mean.map((v, j) => (j === p.index ? v + d : v)));
      const curvature = (at(h) - 2 * at(0) + at(-h)) / (h * h);
      const offset = (at(h) - at(-h)) / (2 * h) / Math.sqrt(-curvature);
      expect(Math.abs(offset), p.name).toBeLessThan((6 * Math.sqrt(-curvature) * 3) / Math.sqrt(n) + 0.06);
    }
  });
});
