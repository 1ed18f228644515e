import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../../core/design/design.ts';
import { toEnd } from '../../../core/math/steps.ts';
import { Arrow } from '../../../core/model/arrow.ts';
import { ROLE } from '../../../core/model/coordinates.ts';
import { fillCurvature } from '../../../core/model/curvature.ts';
import type { Hierarchy } from '../../../core/model/hierarchy.ts';
import { nutsTarget, planNuts } from '../../../core/model/nutsModel.ts';
import { Chain } from '../../../core/sampler/chain.ts';
import { type Options, options, type Problem, problemOf } from './randomModel.ts';

function dataOf({ rows, statistics }: Problem): ModelData {
  return { rows, complete: true, counts: { read: rows.n, used: rows.n, dropped: 0 }, statistics, standardisation: new Map() };
}

const standard: Options = {
  seed: 11,
  family: 'poisson',
  groups: 4,
  slopes: 2,
  intercept: true,
  rowsPerGroup: 40,
  poolings: ['partial', 'partial', 'none', 'none', 'none', 'none'],
  priors: new Array(6).fill({ dist: 'normal', args: [0, 2] }),
  sds: new Array(6).fill({ dist: 'half_normal', args: [1] }),
  byGroup: false,
  weights: false,
  offset: true,
  se: false,
  maskedShare: 0.2,
  coarse: false,
};

describe('the mode', () => {
  it.each([
    ['gaussian', 'half_normal'],
    ['poisson', 'half_normal'],
    ['bernoulli', 'half_cauchy'],
    ['binomial', 'half_normal'],
    ['negative_binomial', 'exponential'],
    ['student_t', 'half_normal'],
  ] as const)('of a %s has no slope but in the scales and population sds, which were climbed to in their logs', (family, dist) => {
    const problem = problemOf({ ...standard, family, sds: new Array(6).fill({ dist, args: [1] }) });
    const data = dataOf(problem);
    const plan = toEnd(planNuts(problem.design, data));
    const density = nutsTarget(problem.design, data, plan).density as Hierarchy;
    const gradient = new Float64Array(density.dimension);
    density.evaluate(plan.modes[0].position, gradient);
    const scales = [
      ...density.coordinates.terms.flatMap((s) => (s.role === ROLE.partial ? [s.tau.at, s.mu.at] : [])),
      ...(density.coordinates.scales ?? []).map((s) => s.at),
    ];
    gradient.forEach((g, i) => {
      if (!scales.includes(i)) expect(Math.abs(g)).toBeLessThan(0.05);
    });
  });

  it('has the curvature that finite differences of the gradient give, at the mode of a canonical family', () => {
    for (const family of ['poisson', 'bernoulli', 'gaussian'] as const) {
      const problem = problemOf({ ...standard, family, rowsPerGroup: 60 });
      const data = dataOf(problem);
      const plan = toEnd(planNuts(problem.design, data));
      const h = nutsTarget(problem.design, data, plan).density as Hierarchy;
      const gradient = new Float64Array(h.dimension);
      h.evaluate(plan.modes[0].position, gradient);
      const arrow = new Arrow(h.coordinates.start, h.dimension);
      fillCurvature(h, plan.modes[0].position, arrow, false);
      const filled = dense(arrow);
      const size = Math.max(...filled.map((row) => Math.max(...row.map(Math.abs))));
      const plus = new Float64Array(h.dimension);
      const minus = new Float64Array(h.dimension);
      const shared = new Set(h.coordinates.terms.flatMap((s) => (s.role === ROLE.partial ? [s.tau.at] : [])));
      const scales = new Set((h.coordinates.scales ?? []).map((s) => s.at));
      for (let i = 0; i < h.dimension; i++) {
        if (scales.has(i)) continue;
        const at = (e: number, out: Float64Array): void => {
          const moved = plan.modes[0].position.slice();
          moved[i] += e;
          h.evaluate(moved, out);
        };
        at(1e-4, plus);
        at(-1e-4, minus);
        for (let j = 0; j < h.dimension; j++) {
          // Rows of tau leave out what bends; rows of scale are expectations.
          if (scales.has(j) || shared.has(i) || shared.has(j)) continue;
          expect(Math.abs((minus[j] - plus[j]) / 2e-4 - filled[i][j])).toBeLessThan(1e-3 * size);
        }
      }
    }
  });

  it('is found, finite and with a usable metric, whatever the model', () => {
    fc.assert(
      fc.property(options, (o: Options) => {
        const problem = problemOf(o);
        const data = dataOf(problem);
        const plan = toEnd(planNuts(problem.design, data));
        const target = nutsTarget(problem.design, data, plan);
        expect(plan.modes[0].position.every(Number.isFinite)).toBe(true);
        const gradient = new Float64Array(target.density.dimension);
        expect(Number.isFinite(target.density.evaluate(plan.modes[0].position, gradient))).toBe(true);
        const z = new Float64Array(target.density.dimension).fill(0.5);
        const x = new Float64Array(target.density.dimension);
        target.map.apply(z, x);
        expect(x.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('holds up under perfect separation and a flat prior', () => {
    const problem = problemOf({ ...standard, family: 'bernoulli', poolings: standard.poolings.map(() => 'none'), maskedShare: 0 });
    const rows = { ...problem.rows, y: problem.rows.y.map((_, i) => (problem.rows.x[1][i] > 0 ? 1 : 0)) };
    const design = { ...problem.design, terms: problem.design.terms.map((t) => ({ ...t, prior: { dist: 'flat' as const, args: [] } })) };
    const plan = toEnd(planNuts(design, dataOf({ ...problem, rows })));
    expect(plan.modes[0].position.every(Number.isFinite)).toBe(true);
  });
});

describe('a plan', () => {
  it('is plain data that a worker can be sent', () => {
    const problem = problemOf({ ...standard, rowsPerGroup: 300 });
    const data = dataOf(problem);
    const plan = toEnd(planNuts(problem.design, data));
    const clone = structuredClone(plan);
    const run = (p: typeof plan): Float64Array => {
      const target = nutsTarget(problem.design, data, p);
      const chain = new Chain(target, { seed: 1, chain: 0, warmup: 20, targetAccept: 0.8, maxDepth: 10 });
      const out = new Float64Array(target.width);
      for (let i = 0; i < 30; i++) chain.advance(out);
      return out;
    };
    expect(run(clone)).toEqual(run(plan));
  });
});

function dense(arrow: Arrow): number[][] {
  const n = arrow.dimension;
  const out = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const { start } = arrow;
  const first = start[start.length - 1];
  const m = n - first;
  let block = 0;
  let border = 0;
  for (let g = 0; g + 1 < start.length; g++) {
    const k = start[g + 1] - start[g];
    for (let i = 0; i < k; i++) for (let j = 0; j <= i; j++) set(out, start[g] + i, start[g] + j, arrow.blocks[block + i * k + j]);
    for (let r = 0; r < m; r++) for (let i = 0; i < k; i++) set(out, first + r, start[g] + i, arrow.borders[border + r * k + i]);
    block += k * k;
    border += m * k;
  }
  for (let r = 0; r < m; r++) for (let s = 0; s <= r; s++) set(out, first + r, first + s, arrow.corner[r * m + s]);
  return out;
}

function set(a: number[][], i: number, j: number, value: number): void {
  a[i][j] = value;
  a[j][i] = value;
}
