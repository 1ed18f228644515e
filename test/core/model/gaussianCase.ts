/** Random masked Gaussian designs and rows, and their statistics the slow way. */
import type { Design, GroupStatistics, Rows } from '../../../core/design/design.ts';
import { Rng } from '../../../core/math/rng.ts';
import type { Pooling, Prior } from '../../../core/spec/types.ts';

interface TermChoice {
  readonly pooling: Pooling;
  readonly prior: Prior;
  readonly sd: Prior;
}

export interface DesignChoice {
  readonly seed: number;
  readonly groups: number;
  readonly intercept: TermChoice | null;
  readonly slopes: readonly TermChoice[];
  readonly scale: { readonly prior: Prior; readonly by: 'all' | 'group' } | null;
}

export function gaussianDesign(c: DesignChoice): Design {
  const rng = Rng.of(c.seed, 7);
  const choices = [...(c.intercept ? [c.intercept] : []), ...c.slopes];
  const terms = choices.map((t, i) => {
    const slope = i - (c.intercept ? 1 : 0);
    return {
      name: slope < 0 ? 'alpha' : `x${slope + 1}`,
      kind: slope < 0 ? ('intercept' as const) : ('slope' as const),
      factors: slope < 0 ? [] : [{ column: `x${slope + 1}`, name: `x${slope + 1}`, transform: 'none' as const, level: null, levels: null }],
      transform: 'none' as const,
      pooling: t.pooling,
      prior: t.prior,
      sd: t.pooling === 'partial' ? t.sd : null,
      auto: { prior: false, sd: false },
      covariate: slope,
    };
  });
  const groups = Array.from({ length: c.groups }, (_, g) => `g${g + 1}`);
  const mask = Uint8Array.from({ length: groups.length * terms.length }, (_, i) =>
    terms[i % terms.length].kind === 'intercept' || rng.uniform() < 0.7 ? 1 : 0,
  );
  return {
    family: 'gaussian',
    response: { column: 'y', levels: null, transform: 'none', trials: null, exposure: null, se: null, weights: null },
    groupColumn: 'group',
    groups,
    groupRows: groups.map(() => 0),
    terms,
    mask,
    scale: c.scale && { ...c.scale, auto: false },
    own: [],
    missing: 'error',
    interval: { kind: 'eti', prob: 0.9 },
    method: 'auto',
  };
}

/** Rows spread at random over the groups, so that some may have none; masked cells hold NaN, to catch whoever reads them. */
export function gaussianRows(design: Design, n: number, seed: number, far = 0): Rows {
  const rng = Rng.of(seed, 8);
  const group = Int32Array.from({ length: n }, () => Math.floor(rng.uniform() * design.groups.length));
  const x = design.terms.map((t, k) =>
    t.kind === 'intercept'
      ? new Float64Array(0)
      : Float64Array.from({ length: n }, (_, i) =>
          design.mask[group[i] * design.terms.length + k] === 1 ? far + rng.normal() : Number.NaN,
        ),
  );
  const y = Float64Array.from({ length: n }, () => 1 + 2 * rng.normal());
  return {
    n,
    read: n,
    dropped: 0,
    group,
    x,
    y,
    trials: null,
    offset: null,
    se: null,
    weights: null,
    fileRow: Int32Array.from({ length: n }, (_, i) => i),
  };
}

export function statisticsByHand(design: Design, rows: Rows): GroupStatistics[] {
  return design.groups.map((_, g) => {
    const mine = [...rows.group.keys()].filter((i) => rows.group[i] === g);
    const active = design.terms
      .map((_, t) => t)
      .filter((t) => design.terms[t].kind === 'slope' && design.mask[g * design.terms.length + t] === 1);
    const weights = mine.map((i) => (rows.weights?.[i] ?? 1) / (rows.se ? rows.se[i] ** 2 : 1));
    const weight = weights.reduce((a, b) => a + b, 0);
    const meanOf = (v: Float64Array): number => (weight > 0 ? mine.reduce((s, i, r) => s + weights[r] * v[i], 0) / weight : 0);
    const meanY = meanOf(rows.y);
    const meanX = Float64Array.from(active, (t) => meanOf(rows.x[t]));
    const sum = (f: (i: number) => number): number => mine.reduce((s, i, r) => s + weights[r] * f(i), 0);
    const yy = sum((i) => (rows.y[i] - meanY) ** 2);
    const xy = Float64Array.from(active, (t, a) => sum((i) => (rows.x[t][i] - meanX[a]) * (rows.y[i] - meanY)));
    return {
      rows: mine.length,
      weight,
      constant: rows.se ? mine.reduce((s, i) => s - 0.5 * (rows.weights?.[i] ?? 1) * Math.log(2 * Math.PI * rows.se![i] ** 2), 0) : 0,
      meanY,
      meanX,
      yy,
      xy,
      // About no fit at all.
      fit: new Float64Array(active.length),
      residual: { mean: meanY, squares: yy, xy },
      xx: Float64Array.from({ length: active.length ** 2 }, (_, e) => {
        const [a, b] = [Math.floor(e / active.length), e % active.length];
        return sum((i) => (rows.x[active[a]][i] - meanX[a]) * (rows.x[active[b]][i] - meanX[b]));
      }),
    };
  });
}
