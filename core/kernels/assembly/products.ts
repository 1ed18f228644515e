/** The two products of a block of rows: X β before the residuals are known, Xᵀ r after. */

/** Rows of a block: its linear predictors and residuals stay in the first-level cache. */
export const BLOCK: i32 = 512;

/** eta ← base + offset + Σ_j beta[j] x_j over `bytes` of a block; columns lie `stride` bytes apart. */
// @ts-expect-error: decorator
@inline
export function linearPredictor(x: usize, stride: usize, columns: i32, beta: usize, base: f64, offset: usize, eta: usize, bytes: usize): void {
  if (offset != 0) {
    for (let p: usize = 0; p < bytes; p += 16) v128.store(eta + p, f64x2.add(f64x2.splat(base), v128.load(offset + p)));
  } else {
    for (let p: usize = 0; p < bytes; p += 16) v128.store(eta + p, f64x2.splat(base));
  }
  let j = 0;
  for (; j + 4 <= columns; j += 4) {
    const c0 = x + stride * <usize>j;
    const c1 = c0 + stride;
    const c2 = c1 + stride;
    const c3 = c2 + stride;
    const at = beta + (<usize>j << 3);
    const b0 = v128.load64_splat(at);
    const b1 = v128.load64_splat(at, 8);
    const b2 = v128.load64_splat(at, 16);
    const b3 = v128.load64_splat(at, 24);
    for (let p: usize = 0; p < bytes; p += 16) {
      const low = f64x2.add(f64x2.mul(b0, v128.load(c0 + p)), f64x2.mul(b1, v128.load(c1 + p)));
      const high = f64x2.add(f64x2.mul(b2, v128.load(c2 + p)), f64x2.mul(b3, v128.load(c3 + p)));
      v128.store(eta + p, f64x2.add(v128.load(eta + p), f64x2.add(low, high)));
    }
  }
  for (; j < columns; j++) {
    const c = x + stride * <usize>j;
    const b = v128.load64_splat(beta + (<usize>j << 3));
    for (let p: usize = 0; p < bytes; p += 16) v128.store(eta + p, f64x2.add(v128.load(eta + p), f64x2.mul(b, v128.load(c + p))));
  }
}

/** gradient[j] += Σ_i x_ij r_i over `bytes` of a block. */
// @ts-expect-error: decorator
@inline
export function addTransposedProduct(x: usize, stride: usize, columns: i32, residual: usize, gradient: usize, bytes: usize): void {
  let j = 0;
  for (; j + 4 <= columns; j += 4) {
    const c0 = x + stride * <usize>j;
    const c1 = c0 + stride;
    const c2 = c1 + stride;
    const c3 = c2 + stride;
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let p: usize = 0; p < bytes; p += 16) {
      const r = v128.load(residual + p);
      s0 = f64x2.add(s0, f64x2.mul(r, v128.load(c0 + p)));
      s1 = f64x2.add(s1, f64x2.mul(r, v128.load(c1 + p)));
      s2 = f64x2.add(s2, f64x2.mul(r, v128.load(c2 + p)));
      s3 = f64x2.add(s3, f64x2.mul(r, v128.load(c3 + p)));
    }
    const at = gradient + (<usize>j << 3);
    f64.store(at, f64.load(at) + both(s0));
    f64.store(at, f64.load(at, 8) + both(s1), 8);
    f64.store(at, f64.load(at, 16) + both(s2), 16);
    f64.store(at, f64.load(at, 24) + both(s3), 24);
  }
  for (; j < columns; j++) {
    const c = x + stride * <usize>j;
    let s = f64x2.splat(0);
    for (let p: usize = 0; p < bytes; p += 16) s = f64x2.add(s, f64x2.mul(v128.load(residual + p), v128.load(c + p)));
    const at = gradient + (<usize>j << 3);
    f64.store(at, f64.load(at) + both(s));
  }
}

/** The sum of both lanes. */
// @ts-expect-error: decorator
@inline
export function both(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** All ones in the lanes of the pair at row `i` that are rows of the block's n; the pad of an odd block is not. */
// @ts-expect-error: decorator
@inline
export function live(i: i32, n: i32): v128 {
  return i + 1 < n ? i64x2.splat(-1) : i64x2(-1, 0);
}
