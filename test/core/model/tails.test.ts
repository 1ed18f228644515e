/** Powers of tails worked out by hand, after the sources that core/model/tails.ts names. */
import { describe, expect, it } from 'vitest';
import { listParameters } from '../../../core/design/parameters.ts';
import { posteriorTails, tailOf } from '../../../core/model/tails.ts';
import { parsePrior } from '../../../core/spec/priors.ts';
import type { Prior } from '../../../core/spec/types.ts';
import { CSV, modelOf } from './tailCase.ts';

/** The finite tails, by parameter. */
function tailsOf(spec: object, csv?: string, prior = false): Record<string, number> {
  const { design, data } = modelOf(spec, csv);
  const parameters = listParameters(design);
  const tails = posteriorTails(design, parameters, prior ? null : data);
  return Object.fromEntries(parameters.flatMap((p, i) => (Number.isFinite(tails[i]) ? [[p.name, tails[i]]] : [])));
}

const groups = (n: number): string => `g,x,y\n${Array.from({ length: 3 * n }, (_, i) => `g${i % n},${i % 4},${i % 3}`).join('\n')}\n`;
const partial = (rest: object) => ({ covariates: [], mask: 'auto', pooling: 'partial', ...rest });

describe('E11: which moments exist', () => {
  it.each<[string, number]>([
    ['normal(0, 1)', Number.POSITIVE_INFINITY],
    ['laplace(0, 1)', Number.POSITIVE_INFINITY],
    ['cauchy(0, 1)', 2],
    ['student_t(1, 0, 1)', 2],
    ['student_t(2, 0, 1)', 3],
    ['student_t(3, 0, 1)', 4],
    ['flat()', 0],
  ])('the tail of %s', (prior, tail) => {
    expect(tailOf(parsePrior(prior, 'p', 'real').prior as Prior)).toBe(tail);
  });

  it.each<[string, number]>([
    ['half_normal(1)', Number.POSITIVE_INFINITY],
    ['lognormal(0, 1)', Number.POSITIVE_INFINITY],
    ['gamma(2, 0.1)', Number.POSITIVE_INFINITY],
    ['half_cauchy(1)', 2],
    ['half_student_t(4, 1)', 5],
    ['inverse_gamma(1, 1)', 2],
  ])('the tail of %s', (prior, tail) => {
    expect(tailOf(parsePrior(prior, 'p', 'positive').prior as Prior)).toBe(tail);
  });

  it.each<[string, object, Record<string, number>]>([
    ['normal priors', {}, {}],
    [
      'a group without rows under Cauchy priors',
      { priors: { intercept: 'cauchy(0, 1)', weights: 'cauchy(0, 1)' } },
      { 'alpha[C]': 2, 'w[x, B]': 2, 'w[x, C]': 2 },
    ],
    ['student_t(2)', { priors: { weights: 'student_t(2, 0, 1)' } }, { 'w[x, B]': 3, 'w[x, C]': 3 }],
    ['a Cauchy weight under complete pooling', { pooling: 'complete', priors: { weights: 'cauchy(0, 1)' } }, {}],
    [
      'separation by the intercept alone',
      { family: 'bernoulli', priors: { intercept: 'cauchy(0, 10)' } },
      { 'alpha[B]': 2, 'alpha[C]': 2 },
    ],
    ['counts hold from both sides', { family: 'poisson', priors: { intercept: 'cauchy(0, 10)' } }, { 'alpha[C]': 2 }],
    [
      'a scale by group, one of them without rows',
      { covariates: [], mask: { C: [] }, priors: { scale: { prior: 'half_cauchy(1)', by: 'group' } } },
      { 'scale[C]': 2, 'scale[A]': 6, 'scale[B]': 5 },
    ],
    ['nu is held from below alone', { family: 'student_t', priors: { nu: 'half_cauchy(1)' } }, { nu: 2 }],
    ['a masked weight', { mask: { A: [1], B: [0], C: [0] }, priors: { weights: 'cauchy(0, 1)' } }, {}],
  ])('%s', (_, spec, expected) => {
    expect(tailsOf(spec)).toEqual(expected);
  });

  it.each<[string, number, object, Record<string, number>]>([
    ['a flat sd of three groups has a mean and no sd', 3, { intercept_sd: 'flat()' }, { tau_alpha: 3 }],
    ['of four groups it has both', 4, { intercept_sd: 'flat()' }, { tau_alpha: 4 }],
    ['with a flat mean a group is lost', 4, { intercept: 'flat()', intercept_sd: 'flat()' }, { mu_alpha: 3, tau_alpha: 3 }],
    ['a half-Cauchy sd of one group', 1, { intercept_sd: 'half_cauchy(1)' }, { tau_alpha: 3 }],
    ['a half-Cauchy sd of eight groups', 8, { intercept_sd: 'half_cauchy(1)' }, { tau_alpha: 10 }],
    ['a flat mean of one group follows the sd', 1, { intercept: 'flat()', intercept_sd: 'half_cauchy(1)' }, { mu_alpha: 2, tau_alpha: 2 }],
    ['a Cauchy mean of one group does not run off alone', 1, { intercept: 'cauchy(0, 1)' }, {}],
  ])('%s', (_, n, priors, expected) => {
    expect(tailsOf(partial({ priors }), groups(n))).toEqual(expected);
  });

  it('a group without rows has the tails of its population', () => {
    const spec = partial({ mask: { Z: [] }, priors: { intercept_sd: 'half_cauchy(1)' } });
    expect(tailsOf(spec, groups(1))).toEqual({ tau_alpha: 3, 'alpha[Z]': 3 });
  });

  it('draws of the priors alone have the tails of the priors', () => {
    expect(tailsOf({ covariates: [], mask: 'auto', priors: { intercept: 'cauchy(0, 1)', scale: 'half_cauchy(1)' } }, CSV, true)).toEqual({
      'alpha[A]': 2,
      'alpha[B]': 2,
      scale: 2,
    });
  });
});
