import { describe, expect, it } from 'vitest';
import { Rng } from '../../../core/math/rng.ts';
import { Arrow, whiteningOf } from '../../../core/model/arrow.ts';

/** A random positive definite arrow with these group sizes, and the same as a dense matrix. */
function example(sizes: readonly number[], shared: number): { arrow: Arrow; dense: number[][]; n: number } {
  const rng = Rng.of(sizes.length + shared, 4);
  const start = new Int32Array(sizes.length + 1);
  sizes.forEach((k, g) => {
    start[g + 1] = start[g] + k;
  });
  const n = start[sizes.length] + shared;
  const dense = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const arrow = new Arrow(start, n);
  const add = (i: number, j: number, v: number): void => {
    arrow.add(i, j, v);
    dense[i][j] += v;
    if (i !== j) dense[j][i] += v;
  };
  const first = start[sizes.length];
  for (let i = 0; i < n; i++) {
    add(i, i, 6 + rng.uniform());
    for (let j = 0; j < i; j++) {
      const together = i >= first || start.findIndex((s) => s > i) === start.findIndex((s) => s > j);
      if (together) add(i, j, rng.normal() * 0.3);
    }
  }
  return { arrow, dense, n };
}

const times = (a: number[][], x: Float64Array): Float64Array => Float64Array.from(a, (row) => row.reduce((s, v, j) => s + v * x[j], 0));

describe.each([[[2, 3, 1], 2] as const, [[4], 0] as const, [[], 3] as const, [[0, 2], 1] as const])(
  'groups of %j with %i shared',
  (sizes, shared) => {
    it('solves, whitens, and gives variances', () => {
      const { arrow, dense, n } = example(sizes, shared);
      arrow.factor();
      const rng = Rng.of(5, 5);
      const x = Float64Array.from({ length: n }, () => rng.normal());
      const solved = new Float64Array(n);
      arrow.solve(times(dense, x), solved);
      solved.forEach((v, i) => {
        expect(v).toBeCloseTo(x[i], 10);
      });
      const map = whiteningOf(arrow);
      const z = new Float64Array(n);
      const back = new Float64Array(n);
      map.applyInverse(x, z);
      map.apply(z, back);
      back.forEach((v, i) => {
        expect(v).toBeCloseTo(x[i], 10);
      });
      // z'z = x'A x, and (A z)·g = z·(Aᵀ g).
      const quadratic = times(dense, x).reduce((s, v, i) => s + v * x[i], 0);
      expect(z.reduce((s, v) => s + v * v, 0)).toBeCloseTo(quadratic, 9);
      const g = Float64Array.from({ length: n }, () => rng.normal());
      const transposed = new Float64Array(n);
      map.applyTransposed(g, transposed);
      expect(transposed.reduce((s, v, i) => s + v * z[i], 0)).toBeCloseTo(
        g.reduce((s, v, i) => s + v * x[i], 0),
        9,
      );
      const scratch = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        const j = shared > 0 && i !== n - 1 ? n - 1 : -1;
        const e = new Float64Array(n);
        e[i] = 2;
        if (j >= 0) e[j] -= 0.5;
        const inverse = new Float64Array(n);
        arrow.solve(e, inverse);
        expect(arrow.varianceOfSum(i, 2, j, -0.5, scratch)).toBeCloseTo(
          inverse.reduce((s, v, k) => s + v * e[k], 0),
          10,
        );
      }
    });
  },
);

it('without its weak borders it is still one map, and near the whole one', () => {
  const { arrow, n } = example([2, 3, 2], 2);
  arrow.factor();
  arrow.borders.fill(1e-3, 0, 2);
  arrow.dropWeakBorders();
  const copy = new Arrow(arrow.start, n, arrow);
  const x = new Float64Array(n).fill(0.7);
  for (const a of [arrow, copy]) {
    const map = whiteningOf(a);
    const z = new Float64Array(n);
    const back = new Float64Array(n);
    map.applyInverse(x, z);
    map.apply(z, back);
    back.forEach((v) => {
      expect(v).toBeCloseTo(0.7, 10);
    });
    const g = Float64Array.from({ length: n }, (_, i) => i - 2);
    const transposed = new Float64Array(n);
    map.applyTransposed(g, transposed);
    expect(transposed.reduce((s, v, i) => s + v * z[i], 0)).toBeCloseTo(
      g.reduce((s, v) => s + v * 0.7, 0),
      9,
    );
  }
});

it('a matrix that is not positive definite gets a ridge', () => {
  const arrow = new Arrow(Int32Array.of(0, 2), 3);
  arrow.add(0, 0, 1);
  arrow.add(1, 0, 1);
  arrow.add(1, 1, 1);
  arrow.factor();
  const x = new Float64Array(3);
  arrow.upper(Float64Array.of(1, 1, 1), x);
  expect(x.every(Number.isFinite)).toBe(true);
});
