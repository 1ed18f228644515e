import { describe, expect, it } from 'vitest';
import { familyOf } from '../../../../core/families/index.ts';
import { Rng } from '../../../../core/math/rng.ts';
import { RowEvaluator } from '../../../../core/posterior/predict/pointwise.ts';
import { FAMILIES } from '../../../../core/spec/types.ts';
import { design, listParameters, rows, term } from '../fixtures.ts';
import { makeDraws } from '../makeDraws.ts';

describe.each(FAMILIES)('RowEvaluator, %s', (name) => {
  const S = 12;
  const rng = Rng.of(5, 5);
  const d = design(name, [term('alpha'), term('x'), term('z')], 2, { mask: Uint8Array.from([1, 1, 0, 1, 1, 1]) });
  const parameters = listParameters(d);
  const positive = (kind: string) => kind === 'scale' || kind === 'own';
  const columns = parameters
    .filter((p) => !p.masked)
    .map((p) => Float64Array.from({ length: S }, () => (positive(p.kind) ? 1 + rng.exponential() : rng.normal())));
  const draws = makeDraws(2, S / 2, columns);
  const counts = name === 'gaussian' || name === 'student_t' ? [0.3, -2] : [1, 0];
  const data = rows([0, 1], [[], [0.5, -1], [Number.NaN, 2]], counts, {
    trials: name === 'binomial' ? Float64Array.of(3, 4) : null,
    offset: name === 'poisson' ? Float64Array.of(0.7, 0) : null,
  });
  const family = familyOf(name);
  const value = (label: string, s: number): number => columns[parameters.find((p) => p.name === label)?.index ?? -1]?.[s] ?? 1;

  it.each([0, 1])('row %d is the family’s density at the linear predictor, masked covariates unread', (row) => {
    const evaluator = new RowEvaluator({ design: d, parameters, draws }, data);
    const out = new Float64Array(S);
    const mean = new Float64Array(S);
    const variance = new Float64Array(S);
    evaluator.logLikelihood(row, out);
    evaluator.moments(row, mean, variance);
    for (let s = 0; s < S; s++) {
      const g = `g${row + 1}`;
      let eta = value(`alpha[${g}]`, s) + value(`w[x, ${g}]`, s) * data.x[1][row] + (data.offset?.[row] ?? 0);
      if (row === 1) eta += value('w[z, g2]', s) * data.x[2][row];
      const aux = { trials: data.trials?.[row] ?? 1, scale: value('scale', s), own: familyOf(name).own.map(({ key }) => value(key, s)) };
      expect(evaluator.eta(row)[s]).toBeCloseTo(eta, 12);
      expect(out[s]).toBeCloseTo(family.logLikelihood(counts[row], eta, aux), 11);
      expect(mean[s]).toBeCloseTo(family.mean(eta, aux), 11);
      if (Number.isFinite(family.variance(eta, aux))) expect(variance[s] / family.variance(eta, aux)).toBeCloseTo(1, 11);
      else expect(variance[s]).toBe(Number.POSITIVE_INFINITY);
    }
  });
});
