/**
 * The collapsed Gaussian's kernels, what is done group by group at given scales: `eliminateGroups` takes every group's local coefficients
 * out and sums up what is left for the shared ones; once those are solved for, `substituteGroups` gives the local means, and
 * `scoreGroups` (groupScores.ts) the derivatives. See ../groupWords.ts for the memory, and core/model/collapsed/solver.ts for the algebra.
 */
import * as at from '../groupWords';
import { invert } from './groupScores';
import { add, num, put, word } from './memory';

let frame: i32 = 0;
let information: i32 = 0;
let determinant: f64 = 1;
let exponent: f64 = 0;
let quadratic: f64 = 0;

/** 1, or 0 where a precision is not positive definite or overflows. */
export function eliminateGroups(address: i32): i32 {
  frame = address;
  information = word(frame + at.INFORMATION);
  determinant = 1;
  exponent = 0;
  const entries = word(frame + at.ENTRIES);
  const groups = word(frame + at.GROUPS);
  const variances = word(frame + at.INVERSE_VARIANCE);
  for (let g = 0; g < groups; g++) if (!eliminate(entries + g * at.ENTRY, num(variances + g))) return 0;
  const results = word(frame + at.RESULTS);
  put(results + at.DETERMINANT, determinant);
  put(results + at.EXPONENT, exponent);
  return 1;
}

export function substituteGroups(address: i32): void {
  frame = address;
  quadratic = 0;
  const entries = word(frame + at.ENTRIES);
  const groups = word(frame + at.GROUPS);
  const variances = word(frame + at.INVERSE_VARIANCE);
  for (let g = 0; g < groups; g++) substitute(entries + g * at.ENTRY, num(variances + g));
  put(word(frame + at.RESULTS) + at.QUADRATIC, quadratic);
}

/** Multiplies the determinant, kept within range by an exact power of two. */
function multiply(value: f64): void {
  determinant *= value;
  if (determinant > 3.2733906078961419e150) {
    determinant *= 3.0549363634996047e-151;
    exponent += 500;
  } else if (determinant < 3.0549363634996047e-151) {
    determinant *= 3.2733906078961419e150;
    exponent -= 500;
  }
}

function eliminate(e: i32, iv: f64): bool {
  if (!eliminateIntercept(e, iv)) return false;
  fillInformation(e, iv);
  fillLocal(e, iv);
  if (!factorLocal(e)) return false;
  if (word(e + at.S) == 0) return true;
  startSchur(e, iv);
  reduceSchur(e);
  correctSchur(e);
  addSchur(e);
  return true;
}

/** A local intercept given everything else is normal: integrate it out by hand. */
function eliminateIntercept(e: i32, iv: f64): bool {
  const scalars = word(e + at.SCALARS);
  const weight = num(scalars + at.WEIGHT) * iv;
  const role = word(e + at.ROLE);
  let sd: f64 = 0;
  let f: f64 = 1;
  let kappa = weight;
  if (role == at.ROLE_FLAT) {
    if (!(weight > 0)) return false;
    kappa = 0;
    multiply(weight);
  } else if (role == at.ROLE_PROPER) {
    const own = num(scalars + at.INTERCEPT_OWN_SD);
    sd = isNaN(own) ? num(word(frame + at.TAU) + word(frame + at.INTERCEPT_TERM)) : own;
    f = 1 + sd * sd * weight;
    kappa = weight / f;
    multiply(f);
  }
  put(scalars + at.INTERCEPT_SD, sd);
  put(scalars + at.INTERCEPT_FACTOR, f);
  put(scalars + at.KAPPA, kappa);
  return true;
}

/** H = X'X / σ² + κ x̄x̄ᵀ, bordered by the intercept's location. */
function fillInformation(e: i32, iv: f64): void {
  const n = word(e + at.N);
  const m = n + 1;
  const meanX = word(e + at.MEAN_X);
  const xx = word(e + at.XX);
  const kappa = num(word(e + at.SCALARS) + at.KAPPA);
  for (let i = 0; i < n; i++) {
    const kx = kappa * num(meanX + i);
    for (let j = 0; j <= i; j++) {
      const value = iv * num(xx + i * n + j) + kx * num(meanX + j);
      put(information + i * m + j, value);
      put(information + j * m + i, value);
    }
    put(information + i * m + n, kx);
    put(information + n * m + i, kx);
  }
  put(information + n * m + n, kappa);
}

/** The local precision D H D + 1 and its right-hand side. */
function fillLocal(e: i32, iv: f64): void {
  const k = word(e + at.K);
  const m = word(e + at.N) + 1;
  const sd = word(e + at.SD);
  const slope = word(e + at.SLOPE);
  const meanX = word(e + at.MEAN_X);
  const xy = word(e + at.XY);
  const scalars = word(e + at.SCALARS);
  const pull = num(scalars + at.KAPPA) * num(scalars + at.RESIDUAL_MEAN);
  for (let a = 0; a < k; a++) {
    const i = word(slope + a);
    const own = num(word(e + at.OWN_SD) + a);
    const scale = isNaN(own) ? num(word(frame + at.TAU) + word(word(e + at.TERM) + a)) : own;
    put(sd + a, scale);
    put(word(e + at.Z) + a, scale * (iv * num(xy + i) + pull * num(meanX + i)));
    const row = word(e + at.FACTOR) + a * k;
    const from = information + i * m;
    for (let b = 0; b <= a; b++) put(row + b, scale * num(sd + b) * num(from + word(slope + b)));
    if (word(word(e + at.PROPER) + a) == 1) add(row + a, 1);
  }
}

/** Its Cholesky factor in place, and L⁻¹ of the right-hand side. */
function factorLocal(e: i32): bool {
  const k = word(e + at.K);
  const factor = word(e + at.FACTOR);
  const z = word(e + at.Z);
  for (let j = 0; j < k; j++) {
    const rowJ = factor + j * k;
    let pivot = num(rowJ + j);
    for (let l = 0; l < j; l++) pivot -= num(rowJ + l) * num(rowJ + l);
    if (!(pivot > 0) || pivot == Infinity) return false;
    multiply(pivot);
    const root = sqrt(pivot);
    put(rowJ + j, root);
    const inverse = 1 / root;
    for (let i = j + 1; i < k; i++) {
      const rowI = factor + i * k;
      let value = num(rowI + j);
      for (let l = 0; l < j; l++) value -= num(rowI + l) * num(rowJ + l);
      put(rowI + j, value * inverse);
    }
  }
  for (let i = 0; i < k; i++) {
    let value = num(z + i);
    for (let l = 0; l < i; l++) value -= num(factor + i * k + l) * num(z + l);
    put(z + i, value / num(factor + i * k + i));
  }
  return true;
}

/** C'HC, lower triangle, and the score in the shared coefficients. */
function startSchur(e: i32, iv: f64): void {
  const n = word(e + at.N);
  const count = word(e + at.S);
  const meanX = word(e + at.MEAN_X);
  const xy = word(e + at.XY);
  const sds = word(e + at.SHARED_SD);
  const coordinates = word(e + at.COORDINATE);
  const scalars = word(e + at.SCALARS);
  const pull = num(scalars + at.KAPPA) * num(scalars + at.RESIDUAL_MEAN);
  for (let c = 0; c < count; c++) {
    const i = word(coordinates + c);
    const scale = num(sds + c);
    put(word(e + at.RIGHT) + c, scale * (i == n ? pull : iv * num(xy + i) + pull * num(meanX + i)));
    const row = word(e + at.SCHUR) + c * count;
    const from = information + i * (n + 1);
    for (let b = 0; b <= c; b++) put(row + b, scale * num(sds + b) * num(from + word(coordinates + b)));
  }
}

/** L⁻¹B by forward substitution, row by row, each row's outer product taken off the Schur share at once. */
function reduceSchur(e: i32): void {
  const k = word(e + at.K);
  const count = word(e + at.S);
  const m = word(e + at.N) + 1;
  const sds = word(e + at.SHARED_SD);
  const coordinates = word(e + at.COORDINATE);
  const factor = word(e + at.FACTOR);
  const border = word(e + at.BORDER);
  const schur = word(e + at.SCHUR);
  const right = word(e + at.RIGHT);
  const row = word(frame + at.ROW);
  for (let a = 0; a < k; a++) {
    const scale = num(word(e + at.SD) + a);
    const from = information + word(word(e + at.SLOPE) + a) * m;
    for (let c = 0; c < count; c++) put(row + c, scale * num(sds + c) * num(from + word(coordinates + c)));
    for (let b = 0; b < a; b++) {
      const weight = num(factor + a * k + b);
      const above = border + b * count;
      for (let c = 0; c < count; c++) add(row + c, -weight * num(above + c));
    }
    const inverse = 1 / num(factor + a * (k + 1));
    const za = num(word(e + at.Z) + a);
    const to = border + a * count;
    for (let c = 0; c < count; c++) {
      const value = num(row + c) * inverse;
      put(to + c, value);
      add(right + c, -value * za);
      const line = schur + c * count;
      for (let b = 0; b <= c; b++) add(line + b, -value * num(to + b));
    }
  }
}

/** From here on, what the data say of a local beside its prior leaves fewer than ten digits in CᵀHC − BᵀM⁻¹B. */
const HEAVY: f64 = 1e6;

/**
 * The rows of population means whose locals the data know far better than tau. CᵀHC − BᵀM⁻¹B, with its right-hand side, there is D⁻¹M⁻¹ times
 * the border and times DHδ̂, which lose nothing.
 */
function correctSchur(e: i32): void {
  const k = word(e + at.K);
  const count = word(e + at.S);
  if (!hasHeavy(e, k)) return;
  const inverse = word(frame + at.INVERSE);
  invert(word(e + at.FACTOR), k, inverse);
  for (let c = 0; c < count; c++) {
    const a = heavyOf(e, k, c);
    if (a < 0) continue;
    const scale = num(word(e + at.SHARED_SD) + c) / num(word(e + at.SD) + a);
    let right: f64 = 0;
    for (let i = a; i < k; i++) right += num(inverse + i * k + a) * num(word(e + at.Z) + i);
    put(word(e + at.RIGHT) + c, scale * right);
    for (let d = 0; d < count; d++) {
      let value: f64 = 0;
      for (let i = a; i < k; i++) value += num(inverse + i * k + a) * num(word(e + at.BORDER) + i * count + d);
      put(word(e + at.SCHUR) + (c > d ? c * count + d : d * count + c), scale * value);
    }
  }
}

function hasHeavy(e: i32, k: i32): bool {
  for (let a = 0; a < k; a++) if (isHeavy(e, a)) return true;
  return false;
}

/** M_aa, by its factor. */
function isHeavy(e: i32, a: i32): bool {
  const row = word(e + at.FACTOR) + a * word(e + at.K);
  let square: f64 = 0;
  for (let b = 0; b <= a; b++) square += num(row + b) * num(row + b);
  return square > HEAVY && word(word(e + at.PROPER) + a) == 1;
}

/** The heavy local whose mean a shared coefficient is, or −1. */
function heavyOf(e: i32, k: i32, c: i32): i32 {
  const coordinate = word(word(e + at.COORDINATE) + c);
  for (let a = 0; a < k; a++) if (word(word(e + at.SLOPE) + a) == coordinate) return isHeavy(e, a) ? a : -1;
  return -1;
}

/** The group's share, mirrored, and added to the whole. */
function addSchur(e: i32): void {
  const count = word(e + at.S);
  const shared = word(e + at.SHARED);
  const schur = word(e + at.SCHUR);
  const total = word(frame + at.SHARED_PRECISION);
  const size = word(frame + at.SHARED_COUNT);
  for (let c = 0; c < count; c++) {
    const i = word(shared + c);
    add(word(frame + at.SHARED_MEAN) + i, num(word(e + at.RIGHT) + c));
    for (let b = 0; b <= c; b++) {
      const value = num(schur + c * count + b);
      put(schur + b * count + c, value);
      const j = word(shared + b);
      add(total + (i >= j ? i * size + j : j * size + i), value);
    }
  }
}

/** Posterior means given the shared ones, and the group's part of the quadratic form there. */
function substitute(e: i32, iv: f64): void {
  const n = word(e + at.N);
  const k = word(e + at.K);
  const count = word(e + at.S);
  const z = word(e + at.Z);
  const delta = word(e + at.DELTA);
  const shared = word(e + at.SHARED);
  const factor = word(e + at.FACTOR);
  const mean = word(frame + at.SHARED_MEAN);
  for (let a = 0; a < k; a++) {
    const row = word(e + at.BORDER) + a * count;
    let value = num(z + a);
    for (let c = 0; c < count; c++) value -= num(row + c) * num(mean + word(shared + c));
    put(z + a, value);
  }
  for (let i = k - 1; i >= 0; i--) {
    let value = num(z + i);
    for (let l = i + 1; l < k; l++) value -= num(factor + l * k + i) * num(z + l);
    put(z + i, value / num(factor + i * k + i));
  }
  for (let i = 0; i <= n; i++) put(delta + i, 0);
  for (let a = 0; a < k; a++) {
    const value = num(z + a);
    put(delta + word(word(e + at.SLOPE) + a), num(word(e + at.SD) + a) * value);
    if (word(word(e + at.PROPER) + a) == 1) quadratic += value * value;
  }
  for (let c = 0; c < count; c++) {
    add(delta + word(word(e + at.COORDINATE) + c), num(word(e + at.SHARED_SD) + c) * num(mean + word(shared + c)));
  }
  const scalars = word(e + at.SCALARS);
  let residual = num(scalars + at.FIT_MEAN) - num(scalars + at.INTERCEPT_LOCATION) - num(delta + n);
  let squares = num(scalars + at.FIT_SQUARES);
  const gap = word(e + at.GAP);
  for (let i = 0; i < n; i++) {
    const away = num(delta + i) - num(gap + i);
    residual -= num(word(e + at.MEAN_X) + i) * away;
    let row = -2 * num(word(e + at.RESIDUAL_XY) + i);
    for (let j = 0; j < n; j++) row += num(word(e + at.XX) + i * n + j) * (num(delta + j) - num(gap + j));
    squares += away * row;
  }
  put(scalars + at.RESIDUAL, residual);
  put(scalars + at.SQUARES, squares);
  quadratic += iv * squares + num(scalars + at.KAPPA) * residual * residual;
}
