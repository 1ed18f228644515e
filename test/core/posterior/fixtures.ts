import type { Design, Rows, Term } from '../../../core/design/design.ts';
import { listParameters } from '../../../core/design/parameters.ts';
import { familyOf } from '../../../core/families/index.ts';
import type { Family, Pooling, Prior } from '../../../core/spec/types.ts';

const NORMAL: Prior = { dist: 'normal', args: [0, 5] };

export function term(name: string, changes: Partial<Term> = {}): Term {
  const kind = name === 'alpha' ? 'intercept' : 'slope';
  return {
    name,
    kind,
    factors: kind === 'intercept' ? [] : [{ column: name, name, transform: 'none', level: null, levels: null }],
    transform: 'none',
    pooling: 'none',
    prior: NORMAL,
    sd: null,
    auto: { prior: false, sd: false },
    covariate: kind === 'intercept' ? -1 : 0,
    ...changes,
  };
}

export const pooled = (name: string, pooling: Pooling): Term =>
  term(name, { pooling, sd: pooling === 'partial' ? { dist: 'half_normal', args: [2] } : null });

/** A design of groups `g1`, `g2`, …; the mask is full unless given. */
export function design(family: Family, terms: readonly Term[], groups: number, changes: Partial<Design> = {}): Design {
  const withScale = family === 'gaussian' || family === 'student_t';
  return {
    family,
    response: { column: 'y', levels: null, transform: 'none', trials: null, exposure: null, se: null, weights: null },
    groupColumn: 'g',
    groups: Array.from({ length: groups }, (_, g) => `g${g + 1}`),
    groupRows: Array.from({ length: groups }, () => 10),
    terms,
    mask: new Uint8Array(groups * terms.length).fill(1),
    scale: withScale ? { prior: { dist: 'half_normal', args: [5] }, by: 'all', auto: false } : null,
    own: familyOf(family).own.map(({ key }) => ({ key, prior: { dist: 'gamma', args: [2, 0.1] }, auto: false })),
    missing: 'error',
    interval: { kind: 'eti', prob: 0.9 },
    method: 'auto',
    ...changes,
  };
}

export function rows(group: readonly number[], x: readonly (readonly number[])[], y: readonly number[], changes: Partial<Rows> = {}): Rows {
  const n = y.length;
  return {
    n,
    read: n,
    dropped: 0,
    group: Int32Array.from(group),
    x: x.map((column) => Float64Array.from(column)),
    y: Float64Array.from(y),
    trials: null,
    offset: null,
    se: null,
    weights: null,
    fileRow: Int32Array.from({ length: n }, (_, i) => i),
    ...changes,
  };
}

export { listParameters };
