/** Noise that is tiny beside the signal: the marginal density of the scales against its closed form, of residuals that are known without rounding. */
import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../../core/design/cells.ts';
import type { Rows } from '../../../core/design/design.ts';
import { groupStatistics } from '../../../core/design/statistics.ts';
import { basisOf } from '../../../core/math/orthogonal.ts';
import { Rng } from '../../../core/math/rng.ts';
import { CollapsedModel } from '../../../core/model/collapsed/model.ts';
import { familyGradient, familyParameters } from '../../../core/model/likelihood/likelihood.ts';
import { gaussianLikelihood } from '../../../core/model/likelihood/statistics.ts';
import type { Pooling, Prior } from '../../../core/spec/types.ts';
import { gaussianDesign } from './gaussianCase.ts';

const GROUPS = 5;
const ROWS = 60;
const WIDE = 10;
const normal: Prior = { dist: 'normal', args: [0, WIDE] };
const half: Prior = { dist: 'half_normal', args: [2] };

/** Coefficients and covariates of few binary digits: the signal has no rounding error, and what is left of y is the noise as y has it. */
function problemOf(intercept: Pooling, slope: Pooling, ratio: number, offset: number) {
  const rng = Rng.of(5, 1);
  const designed = gaussianDesign({
    seed: 1,
    groups: GROUPS,
    intercept: { pooling: intercept, prior: normal, sd: half },
    slopes: [0, 1].map(() => ({ pooling: slope, prior: normal, sd: half })),
    scale: { prior: half, by: 'all' },
  });
  const design = { ...designed, mask: designed.mask.map(() => 1) };
  const coarse = (size: number): number => Math.round(size * rng.normal() * 64) / 64;
  const coefficients = design.terms.map(({ pooling }) => {
    const all = coarse(2);
    return design.groups.map(() => (pooling === 'complete' ? all : coarse(2)));
  });
  const group = Int32Array.from({ length: ROWS }, (_, i) => i % GROUPS);
  const x = design.terms.map((t) =>
    t.kind === 'intercept' ? new Float64Array(0) : Float64Array.from({ length: ROWS }, () => offset + coarse(1)),
  );
  const valueAt = (t: number, i: number): number => (design.terms[t].kind === 'intercept' ? 1 : x[t][i]);
  const signal = Float64Array.from(group, (g, i) => design.terms.reduce((sum, _, t) => sum + coefficients[t][g] * valueAt(t, i), 0));
  const y = signal.map((s) => s + ratio * rng.normal());
  const columns = design.terms.flatMap(({ pooling }, t) => {
    const over = (of: (g: number) => boolean): Float64Array => Float64Array.from(group, (g, i) => (of(g) ? valueAt(t, i) : 0));
    return pooling === 'complete' ? [over(() => true)] : design.groups.map((_, own) => over((g) => g === own));
  });
  const left = y.map((v, i) => (v - signal[i]) / ratio);
  const basis = basisOf(columns).columns;
  for (const q of basis) {
    const along = q.reduce((sum, v, i) => sum + v * left[i], 0);
    for (let i = 0; i < left.length; i++) left[i] -= along * q[i];
  }
  const rows: Rows = {
    n: ROWS,
    read: ROWS,
    dropped: 0,
    group,
    x,
    y,
    trials: null,
    offset: null,
    se: null,
    weights: null,
    fileRow: Int32Array.from(group.keys()),
  };
  return { design, rows, coefficients, freedom: ROWS - basis.length, squares: left.reduce((sum, v) => sum + v * v, 0) };
}

/** d log p / d log tau of coefficients that are known, about a mean with a normal prior. */
function tauScoreOf(b: readonly number[], tau: number): number {
  const c = WIDE ** 2 / (tau * tau + WIDE ** 2 * b.length);
  const sum = b.reduce((s, v) => s + v, 0);
  const squares = b.reduce((s, v) => s + ((v - c * sum) / tau) ** 2, 0);
  return squares - b.length * (1 - c);
}

const POOLINGS: readonly (readonly [Pooling, Pooling])[] = [
  ['none', 'none'],
  ['partial', 'partial'],
  ['complete', 'complete'],
  ['partial', 'complete'],
  ['none', 'partial'],
  ['complete', 'none'],
  ['complete', 'partial'],
];
const table = POOLINGS.flatMap(([intercept, slope]) =>
  [0, 64].flatMap((offset) => [1e-3, 1e-5, 1e-7, 5e-8, 1e-8, 1e-9].map((ratio) => ({ intercept, slope, offset, ratio }))),
);

describe('E10: noise beside the signal', () => {
  it.each(table)('of $ratio, intercepts $intercept, slopes $slope, covariates about $offset', ({ intercept, slope, offset, ratio }) => {
    const { design, rows, coefficients, freedom, squares } = problemOf(intercept, slope, ratio, offset);
    const statistics = groupStatistics(design, rows);
    const model = new CollapsedModel(design, statistics);
    const at = (s: number): Float64Array =>
      Float64Array.from(model.free, ({ kind, index }) => Math.log(kind === 'scale' ? s * ratio : index === 0 ? 1.5 : 2.5));
    const gradient = new Float64Array(model.dimension);
    const prior = (s: number): number => Math.log(s) - 0.5 * ((s * ratio) / 2) ** 2;
    const value = model.evaluate(at(1), gradient);
    // The closed form leaves aside what the coefficients' uncertainty adds, of the order of its square.
    for (const s of [0.25, 0.5, 2, 8]) {
      const expected = -freedom * Math.log(s) - 0.5 * squares * (1 / (s * s) - 1) + prior(s) - prior(1);
      expect(model.valueAt(at(s)) - value, `at ${s}`).toBeCloseTo(expected, ratio > 1e-4 ? 0 : ratio < 1e-8 ? 1 : 3);
    }
    model.free.forEach(({ kind, index }, i) => {
      const tau = Math.exp(at(1)[i]);
      const score = kind === 'scale' ? squares - freedom : tauScoreOf(coefficients[index], tau) - (tau / 2) ** 2;
      expect(Math.abs(gradient[i] - (score + 1 - (kind === 'scale' ? (ratio / 2) ** 2 : 0))), kind).toBeLessThan(1e-3 + 300 * ratio);
    });
    // The density that has the coefficients beside the scale.
    const cells = cellsOf(design);
    const parameters = familyParameters(GROUPS, 0);
    parameters.scale.fill(ratio);
    const beta = Float64Array.from(cells.term, (t, c) => coefficients[t][cells.group[c]]);
    const out = familyGradient(GROUPS, 0);
    gaussianLikelihood(design, cells, statistics).evaluate(beta, parameters, new Float64Array(cells.count), out);
    const whole = rows.y.reduce((sum, v, i) => {
      const mu = design.terms.reduce((m, t, k) => m + coefficients[k][rows.group[i]] * (t.kind === 'intercept' ? 1 : rows.x[k][i]), 0);
      return sum + ((v - mu) / ratio) ** 2;
    }, 0);
    expect(out.logScale.reduce((a, b) => a + b, 0) / (whole - ROWS)).toBeCloseTo(1, 5);
  });
});
