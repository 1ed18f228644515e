import { describe, expect, it } from 'vitest';
import type { Design } from '../../../core/design/design.ts';
import { resolveDesign } from '../../../core/design/resolve.ts';
import { parseSpec } from '../../../core/spec/parse.ts';
import { profileOfCsv } from '../rules/profileOfCsv.ts';

const CSV = `g,x,z,q,m,y
B,1,10,lo,,3
A,2,20,mid,1,5
B,3,30,hi,,4
A,4,40,lo,2,6
`;

function resolve(spec: object, csv = CSV): Design {
  const parsed = parseSpec(JSON.stringify({ data: 'd.csv', response: 'y', group: 'g', ...spec }));
  if (parsed.spec === null || parsed.problems.length > 0) throw new Error(JSON.stringify(parsed.problems));
  return resolveDesign(parsed.spec, profileOfCsv(csv, parsed.spec.group));
}

/** Rows of the mask, group by group. */
const maskOf = ({ groups, terms, mask }: Design): Record<string, number[]> =>
  Object.fromEntries(groups.map((g, i) => [g, [...mask.subarray(i * terms.length, (i + 1) * terms.length)]]));

describe('groups', () => {
  it.each([
    ['as the data have them', {}, ['B', 'A'], [2, 2]],
    ['as the mask names them, then as the data do', { mask: { A: [1], Z: [1] } }, ['A', 'Z', 'B'], [2, 0, 2]],
    ['one for all', { group: undefined }, ['all'], [4]],
  ])('%s', (_, spec, groups, rows) => {
    const design = resolve({ covariates: ['x'], ...spec });
    expect(design.groups).toEqual(groups);
    expect(design.groupRows).toEqual(rows);
  });
});

describe('terms', () => {
  it.each<[string, unknown, string[]]>([
    ['a column of numbers', 'x', ['x']],
    ['a column of text: its levels but the first', 'q', ['q[mid]', 'q[hi]']],
    ['levels in an order of their own', { column: 'q', levels: ['hi', 'lo', 'mid'] }, ['q[lo]', 'q[mid]']],
    ['levels of a column of numbers', { column: 'x', levels: ['1', '2'], name: 'X' }, ['X[2]']],
    ['a product of numbers', 'x:z', ['x:z']],
    ['a product with text', 'x:q', ['x:q[mid]', 'x:q[hi]']],
    ['a named product', { column: 'x:z', name: 'xz' }, ['xz']],
  ])('of %s', (_, covariate, names) => {
    const { terms } = resolve({ covariates: [covariate] });
    expect(terms.map((t) => t.name)).toEqual(['alpha', ...names]);
    expect(terms.map((t) => t.covariate)).toEqual([-1, ...names.map(() => 0)]);
  });

  it('take what they say themselves, else what the spec says for all', () => {
    const design = resolve({
      pooling: 'partial',
      intercept: { pooling: 'none', prior: 'normal(1, 2)' },
      covariates: ['x', { column: 'z', pooling: 'complete' }, { column: 'm', prior: 0.5, sd: 'half_normal(3)' }],
      priors: { weights: 'normal(0, 7)', weights_sd: 'exponential(4)', scale: { prior: 2, by: 'group' } },
    });
    expect(design.terms.map(({ pooling, prior, sd, auto }) => ({ pooling, prior, sd, auto }))).toEqual([
      { pooling: 'none', prior: { dist: 'normal', args: [1, 2] }, sd: null, auto: { prior: false, sd: false } },
      {
        pooling: 'partial',
        prior: { dist: 'normal', args: [0, 7] },
        sd: { dist: 'exponential', args: [4] },
        auto: { prior: false, sd: false },
      },
      { pooling: 'complete', prior: { dist: 'normal', args: [0, 7] }, sd: null, auto: { prior: false, sd: false } },
      { pooling: 'partial', prior: { fixed: 0.5 }, sd: { dist: 'half_normal', args: [3] }, auto: { prior: false, sd: false } },
    ]);
    expect(design.scale).toEqual({ prior: { fixed: 2 }, auto: false, by: 'group' });
  });

  it.each([
    ['gaussian', {}, ['scale']],
    ['gaussian', { response: { column: 'y', se: 'x' } }, []],
    ['student_t', {}, ['scale', 'nu']],
    ['student_t', { response: { column: 'y', se: 'x' } }, ['nu']],
    ['poisson', {}, []],
    ['negative_binomial', {}, ['shape']],
  ])('%s with %j has beside them %j', (family, spec, kept) => {
    const design = resolve({ family, ...spec });
    expect([...(design.scale === null ? [] : ['scale']), ...design.own.map(({ key }) => key)]).toEqual(kept);
  });

  it('leave the intercept out when told to', () => {
    expect(resolve({ intercept: false, covariates: ['x'] }).terms.map((t) => t.name)).toEqual(['x']);
  });
});

describe('the mask', () => {
  const covariates = ['x', 'q', 'm', 'x:m'];
  it.each([
    ['is 0 where every cell is empty', {}, { B: [1, 1, 1, 1, 0, 0], A: [1, 1, 1, 1, 1, 1] }],
    ['is as given, level by level', { mask: { B: [0, 0, 0, 1], A: [1, 0, 1, 0] } }, { B: [1, 0, 0, 0, 0, 1], A: [1, 1, 0, 0, 1, 0] }],
    ['fills in what is left out', { mask: { B: { x: 0 } } }, { B: [1, 0, 1, 1, 0, 0], A: [1, 1, 1, 1, 1, 1] }],
    ['is 1 for a group without rows', { mask: { Z: { x: 0 } } }, { Z: [1, 0, 1, 1, 1, 1], B: [1, 1, 1, 1, 0, 0], A: [1, 1, 1, 1, 1, 1] }],
  ])('%s', (_, spec, expected) => {
    expect(maskOf(resolve({ covariates, ...spec }))).toEqual(expected);
  });
});
