import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listParameters } from '../../../core/design/parameters.ts';
import { toEnd } from '../../../core/math/steps.ts';
import { collapsedTarget, planCollapsed } from '../../../core/model/collapsed/target.ts';
import { build, type Case, cases, hasFlat, place } from './collapsedCase.ts';
import { statisticsByHand } from './gaussianCase.ts';
import { logMarginalByRows } from './gaussianMarginal.ts';

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
    const statistics = statisticsByHand(design, rows);
    const target = collapsedTarget(design, statistics, parameters, toEnd(planCollapsed(design, statistics)));
    const position = target.centre;
    const out = new Float64Array(target.width);
    const n = 40_000;
    const mean = new Float64Array(target.width);
    for (let i = 0; i < n; i++) {
      target.constrain(position, { seed: 3, stream: 0, draw: i }, out);
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
