/**
 * What a collapsed Gaussian's hot loops read, in a few long arrays, one group after another: a pass over thousands of groups
 * then runs along memory instead of hopping between small objects.
 */
import type { CollapsedLayout, GroupLayout } from './layout.ts';

/** What a local intercept needs: nothing (absent or shared), a proper prior, or a flat one. */
export const INTERCEPT = { none: 0, proper: 1, flat: 2 } as const;

export interface PackedGroups {
  readonly count: number;
  /** Of each group: its slopes n, its locals k, and how many shared coefficients matter to it, s. */
  readonly slopes: Int32Array;
  readonly locals: Int32Array;
  readonly shared: Int32Array;
  /** groups + 1: where a group's entries begin in the arrays that hold n, n², k, k², s, s², k · s and n + 1 a group. */
  readonly slopeAt: Int32Array;
  readonly squareAt: Int32Array;
  readonly localAt: Int32Array;
  readonly factorAt: Int32Array;
  readonly sharedAt: Int32Array;
  readonly schurAt: Int32Array;
  readonly borderAt: Int32Array;
  readonly deltaAt: Int32Array;
  /** n a group, and xx n² a group. */
  readonly meanX: Float64Array;
  readonly xy: Float64Array;
  readonly xx: Float64Array;
  /** k a group: the slope within the group, the term, the constant sd (NaN: tau), whether the prior is proper. */
  readonly localSlope: Int32Array;
  readonly localTerm: Int32Array;
  readonly localSd: Float64Array;
  readonly localProper: Uint8Array;
  /** s a group: the shared coefficient, its sd, and the coordinate that it moves. */
  readonly sharedIndex: Int32Array;
  readonly sharedSd: Float64Array;
  readonly sharedCoordinate: Int32Array;
  /** One a group. */
  readonly weight: Float64Array;
  readonly residualMean: Float64Array;
  readonly yy: Float64Array;
  readonly intercept: Uint8Array;
  readonly interceptSd: Float64Array;
  /** The largest n, k and s. */
  readonly most: { readonly slopes: number; readonly locals: number; readonly shared: number };
}

export function packGroups({ groups, shared }: CollapsedLayout): PackedGroups {
  const ints = (of: (g: GroupLayout) => ArrayLike<number>): Int32Array => Int32Array.from(join(groups, of));
  const floats = (of: (g: GroupLayout) => ArrayLike<number>): Float64Array => Float64Array.from(join(groups, of));
  const starts = (size: (g: GroupLayout) => number): Int32Array => {
    const at = new Int32Array(groups.length + 1);
    groups.forEach((g, i) => {
      at[i + 1] = at[i] + size(g);
    });
    return at;
  };
  const most = (size: (g: GroupLayout) => number): number => groups.reduce((n, g) => Math.max(n, size(g)), 0);
  return {
    count: groups.length,
    slopes: ints((g) => [g.slopes]),
    locals: ints((g) => [g.locals]),
    shared: ints((g) => [g.shared.length]),
    slopeAt: starts((g) => g.slopes),
    squareAt: starts((g) => g.slopes ** 2),
    localAt: starts((g) => g.locals),
    factorAt: starts((g) => g.locals ** 2),
    sharedAt: starts((g) => g.shared.length),
    schurAt: starts((g) => g.shared.length ** 2),
    borderAt: starts((g) => g.locals * g.shared.length),
    deltaAt: starts((g) => g.slopes + 1),
    meanX: floats((g) => g.meanX),
    xy: floats((g) => g.xy),
    xx: floats((g) => g.xx),
    localSlope: ints((g) => g.localSlope),
    localTerm: ints((g) => Array.from(g.localSlope, (j) => g.terms[j])),
    localSd: floats((g) => g.localSd),
    localProper: Uint8Array.from(join(groups, (g) => g.localProper)),
    sharedIndex: ints((g) => g.shared),
    sharedSd: floats((g) => Array.from(g.shared, (c) => shared[c].sd)),
    sharedCoordinate: ints((g) => g.sharedCoordinate),
    weight: floats((g) => [g.weight]),
    residualMean: floats((g) => [g.residualMean]),
    yy: floats((g) => [g.yy]),
    intercept: Uint8Array.from(groups, (g) =>
      g.intercept !== 'local' ? INTERCEPT.none : g.interceptProper ? INTERCEPT.proper : INTERCEPT.flat,
    ),
    interceptSd: floats((g) => [g.interceptSd]),
    most: { slopes: most((g) => g.slopes), locals: most((g) => g.locals), shared: most((g) => g.shared.length) },
  };
}

function* join(groups: readonly GroupLayout[], of: (g: GroupLayout) => ArrayLike<number>): Generator<number> {
  for (const g of groups) {
    const values = of(g);
    for (let i = 0; i < values.length; i++) yield values[i];
  }
}
