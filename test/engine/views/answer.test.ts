import { describe, expect, it } from 'vitest';
import { assess } from '../../../core/posterior/diagnose/summary.ts';
import { describe as describeDraws } from '../../../core/posterior/predict/predict.ts';
import { drawsOf } from '../../../core/sampler/types.ts';
import { answerView } from '../../../engine/views/answer.ts';
import { MOST_MARKS, ViewError, type ViewState } from '../../../engine/views/state.ts';
import type { ViewOf, ViewRequest } from '../../../protocol/views.ts';
import { manufacturing, manyGroups } from './fixture.ts';

const [G1, G2] = ['Product_Group_1', 'Product_Group_2'];
const fit = manufacturing({ divergent: 12 });
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function ask<R extends ViewRequest>(request: R, state: ViewState = fit, others: Record<string, ViewState> = {}): ViewOf<R['kind']> {
  const find = (name: string) => (others[name] ? { fit: name, title: name, state: others[name] } : undefined);
  return answerView(request, state, { fit: 'f', title: 'this' }, find) as ViewOf<R['kind']>;
}

describe('the data', () => {
  it('counts every row of the response once, in bins of width 1', () => {
    const { column, histogram } = ask({ kind: 'response_histogram', width: 1, groups: null });
    expect(column).toBe('Production_Speed');
    expect(histogram.width).toBe(1);
    expect(histogram.series.map((s) => [s.name, sum(s.counts)])).toEqual([
      [G1, 250],
      [G2, 250],
    ]);
  });

  it('takes 1 for the width of the reference problem when none is given', () => {
    expect(ask({ kind: 'response_histogram', width: null, groups: null }).histogram.width).toBe(1);
  });

  it('shows one group alone', () => {
    expect(ask({ kind: 'response_histogram', width: 1, groups: [G2] }).histogram.series.map((s) => s.name)).toEqual([G2]);
  });

  it('has no value in a pair plot where the mask is 0', () => {
    const view = ask({ kind: 'pair_plot', columns: null, groups: null });
    expect(view.columns).toEqual(['Feed_Speed', 'Pull_Acceleration', 'Cutting_Wait_Time', 'Production_Speed']);
    expect(view.rows).toEqual({ shown: 500, used: 500 });
    view.group.forEach((g, i) => {
      expect(Number.isNaN(view.values[2][i])).toBe(g === 0);
    });
  });

  it('maps what is masked, missing and there', () => {
    const view = ask({ kind: 'data_map' });
    expect([...view.mask]).toEqual([1, 1, 0, 1, 1, 1]);
    expect([...view.present]).toEqual([250, 250, 0, 250, 250, 250]);
    expect([...view.missing]).toEqual([0, 0, 250, 0, 0, 0]);
  });
});

describe('the model', () => {
  const view = ask({ kind: 'structure' });
  it('lays out terms, groups and the mask', () => {
    expect(view.terms.map((t) => t.name)).toEqual(['alpha', 'Feed_Speed', 'Pull_Acceleration', 'Cutting_Wait_Time']);
    expect([...view.mask]).toEqual([1, 1, 1, 0, 1, 1, 1, 1]);
    expect(view.parameters).toHaveLength(fit.report.parameters.length);
  });
});

describe('chains', () => {
  const parameter = `w[Feed_Speed, ${G1}]`;
  it('a trace of few draws has every draw', () => {
    const view = ask({ kind: 'trace', parameter });
    const all = drawsOf(fit.draws, fit.parameters.find((p) => p.name === parameter)!.index);
    expect(view.stride).toBe(1);
    expect(view.chains.flatMap((c) => [...c.mean])).toEqual([...all]);
    expect(view.divergent).toHaveLength(12);
  });
  it('a trace of many draws keeps their extremes', () => {
    const long = manufacturing({ draws: 5000 });
    const view = ask({ kind: 'trace', parameter }, long);
    expect(sum(view.chains.map((c) => c.mean.length))).toBeLessThanOrEqual(MOST_MARKS);
    const all = drawsOf(long.draws, long.parameters.find((p) => p.name === parameter)!.index);
    expect(Math.max(...view.chains.flatMap((c) => [...c.upper]))).toBe(all.reduce((a, b) => Math.max(a, b)));
    expect(Math.min(...view.chains.flatMap((c) => [...c.lower]))).toBe(all.reduce((a, b) => Math.min(a, b)));
  });
  it('ranks of each chain add up to its draws, and are even for independent ones', () => {
    const view = ask({ kind: 'ranks', parameter });
    for (const counts of view.counts) expect(sum(counts)).toBe(300);
    const outside = view.counts.flat().filter((c) => c < view.lower || c > view.upper).length;
    expect(outside).toBeLessThanOrEqual(4);
  });
  it('autocorrelation starts at 1 and is small for independent draws', () => {
    for (const chain of ask({ kind: 'autocorrelation', parameter }).chains) {
      expect(chain[0]).toBeCloseTo(1, 12);
      expect(Math.abs(chain[1])).toBeLessThan(0.2);
    }
  });
  it('the effective sample size ends where the report says', () => {
    const view = ask({ kind: 'ess_growth', parameter });
    const summary = view.draws.summary;
    expect(view.total.at(-1)).toBe(1200);
    expect(view.bulk.at(-1)).toBeCloseTo(summary.ess_bulk, 9);
    expect(view.tail.at(-1)).toBeCloseTo(summary.ess_tail, 9);
  });
  it('of many draws costs no more marks, and is the same from what the fit kept', () => {
    const long = manufacturing({ draws: 6000 });
    const { sketches } = assess(long.draws, long.parameters, long.design.interval);
    expect(sketches.filter((s) => s !== null).length).toBe(long.parameters.filter((p) => !p.masked).length);
    const kept = { ...long, sketches };
    for (const kind of ['ranks', 'ess_growth', 'autocorrelation'] as const)
      expect(ask({ kind, parameter }, kept)).toEqual(ask({ kind, parameter }, long));
    const growth = ask({ kind: 'ess_growth', parameter }, kept);
    expect(growth.block).toBeGreaterThan(1);
    const half = growth.bulk[growth.total.indexOf(12_000)]!;
    expect(half / growth.bulk.at(-1)!).toBeGreaterThan(0.4);
    expect(half / growth.bulk.at(-1)!).toBeLessThan(0.6);
    for (const counts of ask({ kind: 'ranks', parameter }, kept).counts) expect(sum(counts)).toBe(6000);
    const { stride, chains } = ask({ kind: 'autocorrelation', parameter }, kept);
    expect(stride).toBe(3);
    for (const chain of chains) expect(Math.max(...[...chain].slice(1).map(Math.abs))).toBeLessThan(0.1);
  });
  it('trees and energies count every draw', () => {
    expect(sum(ask({ kind: 'tree_depth' }).chains.flat())).toBe(1200);
    const energy = ask({ kind: 'energy' });
    expect(sum([...energy.marginal])).toBe(1200);
    expect(sum([...energy.transition])).toBe(1196);
  });
});

describe('the posterior', () => {
  it('a contrast knows the difference and its side', () => {
    const view = ask({ kind: 'contrast', a: `w[Feed_Speed, ${G1}]`, b: `w[Feed_Speed, ${G2}]` });
    expect(view.difference.mean).toBeCloseTo(1.5, 1);
    expect(view.probability).toBe(1);
  });
  it('a contrast of many draws has the mean, the sd and the probability of all of them', () => {
    const long = manufacturing({ draws: 6000 });
    const [a, b] = [`alpha[${G1}]`, `alpha[${G2}]`];
    const of = (name: string) => drawsOf(long.draws, long.parameters.find((p) => p.name === name)!.index);
    const all = of(a).map((v, i) => v - of(b)[i]);
    const view = ask({ kind: 'contrast', a, b }, long);
    const exact = describeDraws(all, long.design.interval);
    expect(view.draws).toEqual({ shown: 20_000, all: 24_000 });
    expect(view.difference.mean).toBeCloseTo(exact.mean, 12);
    expect(view.difference.sd).toBeCloseTo(exact.sd, 12);
    expect(view.probability).toBe(all.filter((d) => d > 0).length / all.length);
    expect(Math.abs(view.difference.lower - exact.lower)).toBeLessThan(0.05 * exact.sd);
    expect(Math.abs(view.difference.upper - exact.upper)).toBeLessThan(0.05 * exact.sd);
  });
  it('a contrast with itself is neither above nor below', () => {
    expect(ask({ kind: 'contrast', a: 'scale', b: 'scale' }).probability).toBe(0.5);
  });
  it('a density of a scale does not reach below 0 and has its prior beside it', () => {
    const [density] = ask({ kind: 'densities', parameters: ['scale'] }).densities;
    expect(density.posterior.lower).toBeGreaterThanOrEqual(0);
    // half_normal(5) at 0.5.
    expect(density.prior!.values[80]).toBeCloseTo((2 / (5 * Math.sqrt(2 * Math.PI))) * Math.exp(-0.5 * (0.5 / 5) ** 2), 3);
  });
  it('a pair has all divergent draws and few others', () => {
    const view = ask({ kind: 'pair', x: 'scale', y: `alpha[${G1}]` });
    expect(sum([...view.points.divergent])).toBe(12);
    expect(view.points.x.length).toBeLessThanOrEqual(MOST_MARKS);
  });
  it('shrinkage has a place for every group', () => {
    const view = ask({ kind: 'shrinkage', term: 'alpha' }, manyGroups(20));
    expect(view.groups).toHaveLength(20);
    expect(view.pooled[3]).toBeCloseTo(Math.sin(3), 1);
  });
});

describe('predictions', () => {
  it('observed and predicted count every row, and agree with a good model', () => {
    const view = ask({ kind: 'observed_predicted', width: 1, group: null });
    expect(sum([...view.observed])).toBe(500);
    expect(sum([...view.predicted])).toBe(500);
    expect(view.correlation).toBeGreaterThan(0.99);
    expect(view.rmse).toBeCloseTo(0.5, 1);
    const outside = view.observed.filter((o, k) => o < view.replicatedLower[k] || o > view.replicatedUpper[k]).length;
    expect(outside / view.observed.length).toBeLessThan(0.3);
  });
  it('as many observations lie in their intervals as should', () => {
    const view = ask({ kind: 'row_intervals', group: null });
    expect(view.coverage).toBeGreaterThan(0.85);
    expect([...view.observed]).toEqual([...view.observed].sort((a, b) => a - b));
  });
  it('residuals are observed less predicted', () => {
    const view = ask({ kind: 'residuals', group: G1 });
    expect(view.residual).toHaveLength(250);
    expect(Math.abs(sum([...view.residual]) / 250)).toBeLessThan(0.2);
  });
  it('a masked covariate never moves a what-if, and is named', () => {
    const at = [['Feed_Speed', 3] as const, ['Pull_Acceleration', 2] as const];
    const without = ask({ kind: 'whatif', group: G1, at, bins: 40 });
    const given = ask({ kind: 'whatif', group: G1, at: [...at, ['Cutting_Wait_Time', 1e6]], bins: 40 });
    expect(without.predictive.mean).toBeCloseTo(13.5, 0);
    expect(given.predictive).toEqual(without.predictive);
    expect(given.ignored).toEqual(['Cutting_Wait_Time']);
  });
  it('a what-if costs no more marks and stays true with many draws', () => {
    const at = [['Feed_Speed', 3] as const, ['Pull_Acceleration', 2] as const];
    const view = ask({ kind: 'whatif', group: G1, at, bins: 40 }, manufacturing({ draws: 20_000 }));
    expect(view.histogram.counts).toHaveLength(40);
    expect(view.predictive.mean).toBeCloseTo(13.5, 0);
  });
  it('asks for what a group needs, and says why the rest is masked', () => {
    const { inputs } = ask({ kind: 'inputs', group: G1 });
    expect(inputs.map((i) => [i.name, i.masked === null])).toEqual([
      ['Feed_Speed', true],
      ['Pull_Acceleration', true],
      ['Cutting_Wait_Time', false],
    ]);
    expect(inputs[0].min).toBeGreaterThanOrEqual(1);
    expect(inputs[0].max).toBeLessThanOrEqual(10);
    expect(inputs[2].masked).toContain(G1);
  });
  it('the better of two scenarios is more probably above', () => {
    const at = (f: number) => [['Feed_Speed', f] as const, ['Pull_Acceleration', 2] as const];
    const view = ask({ kind: 'scenarios', a: { name: null, group: G1, at: at(6) }, b: { name: null, group: G1, at: at(3) }, bins: 20 });
    expect(view.difference.mean).toBeCloseTo(7.5, 0);
    expect(view.probability).toBe(1);
  });
  it('an effect is straight with a slope of the coefficient, and absent where masked', () => {
    const view = ask({ kind: 'conditional', covariate: 'Cutting_Wait_Time', groups: [G1, G2], at: [] });
    expect(view.curves.map((c) => c.masked)).toEqual([true, false]);
    const { x, mean } = view.curves[1];
    expect((mean[24] - mean[0]) / (x[24] - x[0])).toBeCloseTo(3, 1);
  });
});

describe('comparison', () => {
  const withLoo = (shift: number): ViewState => ({
    ...fit,
    loo: { elpd: new Float64Array(500).fill(-0.7 + shift).map((v, i) => v + 0.01 * (i % 3)), k: new Float64Array(500).fill(0.1) },
  });
  it('ranks fits of the same rows', () => {
    const view = ask({ kind: 'compare', others: ['b'] }, withLoo(0), { b: withLoo(0.1) });
    expect(view.fits.map((f) => f.fit)).toEqual(['f', 'b']);
    expect(view.fits[0].difference!.elpd).toBeCloseTo(-50, 6);
    expect(view.fits[1].difference!.elpd).toBe(0);
  });
  it('tells what is another in the spec, and in how it was run', () => {
    const other: ViewState = {
      ...fit,
      source: { text: fit.source.text.replace('"half_normal(5)"', '"half_normal(1)"') },
      report: { ...fit.report, seed: 7 },
    };
    const [own, changed] = ask({ kind: 'compare', others: ['b'] }, fit, { b: other }).fits;
    expect(own.changes).toBeNull();
    expect(changed.changes!.lines.filter((l) => l.kind === 'added' || l.kind === 'removed')).toEqual([
      { kind: 'removed', text: '    "scale": "half_normal(5)"' },
      { kind: 'added', text: '    "scale": "half_normal(1)"' },
    ]);
    expect(changed.changes!.run).toEqual([{ name: 'seed', shown: '42', here: '7' }]);
  });
  it('shows a fit of other rows without ranking it', () => {
    const view = ask({ kind: 'compare', others: ['b', 'gone'] }, withLoo(0), { b: manyGroups(3) });
    expect(view.fits.map((f) => f.difference)).toEqual([null, null]);
  });
});

/** Bytes that cross for an answer: typed arrays as they are, the rest as JSON. */
function sizeOf(value: unknown): number {
  let binary = 0;
  const json = JSON.stringify(value, (_, v) => {
    if (!ArrayBuffer.isView(v)) return v;
    binary += v.byteLength;
    return 0;
  });
  return json.length + binary;
}

describe('answers do not grow with the draws', () => {
  const parameter = `w[Feed_Speed, ${G1}]`;
  const small = manufacturing({ draws: 250 });
  const large = manufacturing({ draws: 25_000 });
  it.each<ViewRequest>([
    { kind: 'results' },
    { kind: 'trace', parameter },
    { kind: 'ranks', parameter },
    { kind: 'autocorrelation', parameter },
    { kind: 'densities', parameters: [parameter, 'scale'] },
    { kind: 'pair', x: parameter, y: 'scale' },
    { kind: 'contrast', a: parameter, b: `w[Feed_Speed, ${G2}]` },
    { kind: 'observed_predicted', width: 1, group: null },
    {
      kind: 'whatif',
      group: G1,
      at: [
        ['Feed_Speed', 3],
        ['Pull_Acceleration', 2],
      ],
      bins: 40,
    },
  ])('$kind', (request) => {
    expect(sizeOf(ask(request, large)) / sizeOf(ask(request, small))).toBeLessThan(1.25);
  });
});

describe('questions without an answer', () => {
  it.each<[string, ViewRequest]>([
    ['an unknown parameter', { kind: 'trace', parameter: '__proto__' }],
    ['a masked parameter', { kind: 'trace', parameter: `w[Cutting_Wait_Time, ${G1}]` }],
    ['an unknown group', { kind: 'whatif', group: 'constructor', at: [], bins: 10 }],
    ['a value that is lacking', { kind: 'whatif', group: G2, at: [['Feed_Speed', 1]], bins: 10 }],
    ['a term that is not pooled', { kind: 'shrinkage', term: 'alpha' }],
    ['an unknown covariate', { kind: 'conditional', covariate: 'x', groups: [G1], at: [] }],
  ])('%s is told in a sentence', (_, request) => {
    expect(() => ask(request)).toThrow(ViewError);
  });
});
