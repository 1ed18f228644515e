import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rows } from '../../../core/design/design.ts';
import { resolveDesign } from '../../../core/design/resolve.ts';
import { escapeOf } from '../../../core/model/propriety.ts';
import { parseSpec } from '../../../core/spec/parse.ts';
import { profileOfCsv } from '../rules/profileOfCsv.ts';

const FLAT = { intercept: 'flat()', weights: 'flat()' };

/** Columns g (0-based numbers of groups), x, z, y and for binomials n. */
interface Cells {
  readonly g?: readonly number[];
  readonly x: readonly number[];
  readonly z?: readonly number[];
  readonly y: readonly number[];
  readonly n?: readonly number[];
}

function found(spec: Readonly<Record<string, unknown>>, { g, x, z = x, y, n }: Cells) {
  const groups = g ?? y.map(() => 0);
  // The profile of a few rows has all that the design needs.
  const csv = `g,x,z,n,y\n${y
    .slice(0, 100)
    .map((v, i) => `g${groups[i]},${x[i]},${z[i]},${n?.[i] ?? 1},${v}`)
    .join('\n')}`;
  const full = { data: 'd.csv', response: 'y', covariates: ['x'], priors: FLAT, ...spec, ...(g ? { group: 'g' } : {}) };
  const design = resolveDesign(parseSpec(JSON.stringify(full)).spec!, profileOfCsv(csv, g ? 'g' : null));
  const columns: Readonly<Record<string, readonly number[]>> = { x, z };
  const rows: Rows = {
    n: y.length,
    read: y.length,
    dropped: 0,
    group: Int32Array.from(groups),
    x: design.terms.map((t) => Float64Array.from(t.kind === 'intercept' ? [] : columns[t.name])),
    y: Float64Array.from(y),
    trials: n ? Float64Array.from(n) : null,
    offset: null,
    se: null,
    weights: null,
    fileRow: Int32Array.from(y.keys()),
  };
  const escaped = escapeOf(design, rows);
  return (
    escaped && `${escaped.kind} ${escaped.coefficients.map((c) => `${design.terms[c.term].name}${c.group > 0 ? c.group : ''}`).join(' ')}`
  );
}

const X = [-2, -1, -0.5, 0.5, 1, 2];
const bernoulli = { family: 'bernoulli' };
const poisson = { family: 'poisson' };

describe('D20: flat priors that leave no posterior', () => {
  it.each<[string, Readonly<Record<string, unknown>>, Cells, string | null]>([
    ['overlap', bernoulli, { x: X, y: [0, 1, 0, 1, 0, 1] }, null],
    ['complete separation', bernoulli, { x: X, y: [0, 0, 0, 1, 1, 1] }, 'separated x'],
    ['quasi-separation: both responses at one value', bernoulli, { x: [0, 1, 2, 2, 3], y: [0, 0, 0, 1, 1] }, 'separated alpha x'],
    ['overlap by one row', bernoulli, { x: [...X, 3], y: [0, 0, 0, 1, 1, 1, 0] }, null],
    ['all ones', bernoulli, { x: X, y: [1, 1, 1, 1, 1, 1] }, 'separated alpha'],
    ['a slope alone', { ...bernoulli, intercept: false }, { x: X, y: [0, 0, 0, 1, 1, 1] }, 'separated x'],
    ['a slope alone, away from 0', { ...bernoulli, intercept: false }, { x: [1, 2, 3, 4], y: [0, 0, 1, 1] }, null],
    ['a proper slope', { ...bernoulli, priors: { intercept: 'flat()' } }, { x: X, y: [0, 0, 0, 1, 1, 1] }, null],
    ['a proper intercept', { ...bernoulli, priors: { weights: 'flat()' } }, { x: [1, 2, 3, 4], y: [0, 0, 1, 1] }, null],
    ['a Cauchy prior', { ...bernoulli, priors: { weights: 'cauchy(0, 2.5)' } }, { x: X, y: [0, 0, 0, 1, 1, 1] }, null],
    ['one group of two', bernoulli, { g: [0, 0, 0, 1, 1, 1], x: [1, 2, 3, 1, 2, 3], y: [0, 1, 0, 0, 0, 1] }, 'separated alpha1 x1'],
    [
      'pooled over groups',
      { ...bernoulli, pooling: 'complete' },
      { g: [0, 0, 0, 1, 1, 1], x: [1, 2, 3, 1, 2, 3], y: [0, 1, 0, 0, 0, 1] },
      null,
    ],
    ['population means', { ...bernoulli, pooling: 'partial' }, { g: [0, 0, 0, 1, 1, 1], x: X, y: [0, 0, 0, 1, 1, 1] }, 'separated x'],
    [
      'binomial overlap',
      { response: { column: 'y', trials: 'n' }, family: 'binomial' },
      { x: X, n: [3, 3, 3, 3, 3, 3], y: [0, 1, 0, 3, 2, 3] },
      null,
    ],
    [
      'binomial separation',
      { response: { column: 'y', trials: 'n' }, family: 'binomial' },
      { x: X, n: [3, 3, 3, 3, 3, 3], y: [0, 0, 0, 3, 3, 3] },
      'separated x',
    ],
    [
      'rows of no trials say nothing',
      { response: { column: 'y', trials: 'n' }, family: 'binomial' },
      { x: X, n: [3, 3, 3, 0, 3, 3], y: [0, 0, 0, 0, 3, 3] },
      'separated alpha x',
    ],
    ['counts', poisson, { x: X, y: [0, 1, 0, 2, 0, 3] }, null],
    ['counts all 0', poisson, { x: X, y: [0, 0, 0, 0, 0, 0] }, 'separated alpha'],
    ['counts at one value of x only', poisson, { x: [0, 0, 0, 1, 1, 1], y: [0, 0, 0, 2, 1, 3] }, 'separated alpha x'],
    ['a negative binomial', { family: 'negative_binomial' }, { x: [0, 0, 0, 1, 1, 1], y: [2, 1, 3, 0, 0, 0] }, 'separated x'],
    ['a line through normal data', {}, { x: X, y: X }, null],
    ['a constant column', {}, { x: [3, 3, 3, 3, 3, 3], y: X }, 'dependent alpha x'],
    ['a column of zeros', {}, { x: [0, 0, 0, 0, 0, 0], y: X }, 'dependent x'],
    ['a column and its double', { covariates: ['x', 'z'] }, { x: X, z: X.map((v) => 2 * v), y: X }, 'dependent x z'],
    ['years and years since', { covariates: ['x', 'z'] }, { x: X.map((v) => v + 2020), z: X, y: X }, 'dependent alpha x z'],
    ['columns that only look alike', { covariates: ['x', 'z'] }, { x: X.map((v) => v + 1e9), z: X.map((v) => v ** 3), y: X }, null],
    ['more columns than rows', { covariates: ['x', 'z'], family: 'student_t' }, { x: [1, 2], z: [3, 1], y: [1, 2] }, 'dependent alpha x z'],
  ])('%s', (_, spec, cells, expected) => {
    expect(found(spec, cells)).toBe(expected);
  });

  it('of three columns, where an exact search finds one', () => {
    const row = fc.record({ x: fc.integer({ min: -3, max: 3 }), z: fc.integer({ min: -3, max: 3 }), y: fc.integer({ min: 0, max: 1 }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 3, maxLength: 14 }), (rows) => {
        const of = (key: 'x' | 'z' | 'y') => rows.map((r) => r[key]);
        const ray = found({ ...bernoulli, covariates: ['x', 'z'] }, { x: of('x'), z: of('z'), y: of('y') });
        expect(ray !== null, JSON.stringify(rows)).toBe(hasRay(rows.map(({ x, z, y }) => [1, x, z].map((v) => (y === 1 ? v : -v)))));
      }),
      { numRuns: 500 },
    );
  });

  it('of many rows is found among a few of them, or told by all', () => {
    const x = Array.from({ length: 45_000 }, (_, i) => Math.sin(i));
    const y: number[] = x.map((v) => (v > 0.1 ? 1 : 0));
    expect(found(bernoulli, { x, y })).toBe('separated alpha x');
    y[31_415] = 1 - y[31_415];
    expect(found(bernoulli, { x, y })).toBeNull();
  });
});

/** Whether a cone {d ≠ 0 : row · d ≥ 0 for all} of three dimensions is empty: its edges are at right angles to two rows each. */
function hasRay(rows: readonly (readonly number[])[]): boolean {
  const cross = (a: readonly number[], b: readonly number[]) => [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
  const edges = rows.flatMap((a) => rows.map((b) => cross(a, b))).filter((d) => d.some((v) => v !== 0));
  const spans = edges.some((d) => rows.some((r) => r[0] * d[0] + r[1] * d[1] + r[2] * d[2] !== 0));
  if (!spans) return true;
  const within = (d: readonly number[]) => rows.every((r) => r[0] * d[0] + r[1] * d[1] + r[2] * d[2] >= 0);
  return edges.some((d) => within(d) || within(d.map((v) => -v)));
}
