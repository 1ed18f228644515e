import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../../../core/design/cells.ts';
import type { Design, Rows } from '../../../../core/design/design.ts';
import type { KernelForm } from '../../../../core/families/family.ts';
import { familyOf } from '../../../../core/families/index.ts';
import { areOnes, groupRows } from '../../../../core/model/likelihood/rows.ts';
import type { Family } from '../../../../core/spec/types.ts';
import { type Options, problemOf } from '../randomModel.ts';

const base: Options = {
  seed: 1,
  family: 'poisson',
  groups: 1,
  slopes: 2,
  intercept: true,
  rowsPerGroup: 0,
  poolings: new Array(6).fill('none'),
  priors: new Array(6).fill({ dist: 'normal', args: [0, 1] }),
  sds: new Array(6).fill({ dist: 'half_normal', args: [1] }),
  byGroup: false,
  weights: false,
  offset: false,
  se: false,
  maskedShare: 0,
  coarse: false,
};

/** One group, two slopes of which the second may be masked, and these rows of [x1, x2, y]. */
function example(
  family: Family,
  table: readonly (readonly number[])[],
  masked = false,
  weights: number[] | null = null,
): { design: Design; rows: Rows } {
  const { design } = problemOf({ ...base, family });
  const column = (j: number): Float64Array => Float64Array.from(table, (row) => row[j]);
  const rows: Rows = {
    n: table.length,
    read: table.length,
    dropped: 0,
    group: new Int32Array(table.length),
    x: [new Float64Array(0), column(0), column(1)],
    y: column(2),
    trials: null,
    offset: null,
    se: null,
    weights: weights && Float64Array.from(weights),
    fileRow: Int32Array.from(table, (_, i) => i),
  };
  return { design: { ...design, mask: Uint8Array.of(1, 1, masked ? 0 : 1) }, rows };
}

const repeated = [
  [0, 1, 1],
  [0, 1, 0],
  [0, 1, 3],
  [1, 1, 2],
  [1, 1, 2],
];

describe('rows by group', () => {
  const split = (family: Family, masked = false, weights: number[] | null = null, table = repeated) => {
    const { design, rows } = example(family, table, masked, weights);
    const form = familyOf(family).likelihood as KernelForm;
    const groups = groupRows(design, form, rows, cellsOf(design));
    return { group: groups[0], kernel: form.kernel(areOnes(groups)) };
  };

  it('merges a Poisson’s rows whatever their counts: the offset takes log n', () => {
    const { group } = split('poisson');
    expect(group.rows).toBe(2);
    expect([...group.offset!].map(Math.exp).map(Math.round)).toEqual([3, 2]);
  });

  it('merges a Bernoulli’s rows into weights, and says which kernel can tell', () => {
    const { group, kernel } = split('bernoulli');
    expect([...group.first!]).toEqual([3, 2]);
    expect(kernel).toBe('weightedLogistic');
    const distinct = [0, 1, 2, 3, 4].map((i) => [i, 2 * i, i % 2]);
    expect(split('bernoulli', false, null, distinct).kernel).toBe('logistic');
  });

  it('keeps the counts of a negative binomial and the responses of a Student-t apart', () => {
    expect([...split('negative_binomial').group.first!]).toEqual([4, 4]);
    expect([...split('negative_binomial').group.second!]).toEqual([3, 2]);
    expect(split('student_t').group.rows).toBe(5);
  });

  it('leaves out rows of weight 0 and adds the others up', () => {
    const { group } = split('bernoulli', false, [2, 0, 1, 0, 5]);
    expect([...group.first!]).toEqual([2, 1, 5]);
  });

  it('never reads a masked column', () => {
    const holes = repeated.map(([x, , y]) => [x, Number.NaN, y]);
    const { group } = split('poisson', true, null, holes);
    expect(group.x).toHaveLength(1);
    expect(group.rows).toBe(2);
  });
});
