import { describe, expect, it } from 'vitest';
import { listParameters } from '../../../core/design/parameters.ts';
import { type Options, problemOf } from '../model/randomModel.ts';

const base: Options = {
  seed: 1,
  family: 'student_t',
  groups: 2,
  slopes: 2,
  intercept: true,
  rowsPerGroup: 3,
  poolings: ['partial', 'partial', 'complete', 'none', 'none', 'none'],
  priors: new Array(6).fill({ dist: 'normal', args: [0, 1] }),
  sds: new Array(6).fill({ dist: 'half_normal', args: [1] }),
  byGroup: true,
  weights: false,
  offset: false,
  se: false,
  maskedShare: 0,
  coarse: false,
};

describe('the list of scalars', () => {
  it('has means and sds first, then coefficients by covariate and group, then the family’s own', () => {
    const list = listParameters(problemOf(base).design);
    expect(list.map((p) => p.name)).toEqual([
      'mu_alpha',
      'tau_alpha',
      'mu_w[x1]',
      'tau_w[x1]',
      'alpha[g0]',
      'alpha[g1]',
      'w[x1, g0]',
      'w[x1, g1]',
      'w[x2]',
      'scale[g0]',
      'scale[g1]',
      'nu',
    ]);
    expect(list.map((p) => p.index)).toEqual(list.map((_, i) => i));
    expect(list[4].prior).toBeNull();
  });

  it('names masked scalars but gives them no draws', () => {
    const { design } = problemOf(base);
    const list = listParameters({ ...design, mask: Uint8Array.of(1, 0, 0, 1, 1, 0) });
    expect(list.filter((p) => p.masked).map((p) => p.name)).toEqual(['w[x1, g0]', 'w[x2]']);
    expect(list.filter((p) => p.masked).every((p) => p.index === -1)).toBe(true);
    expect(Math.max(...list.map((p) => p.index))).toBe(list.length - 3);
  });
});
