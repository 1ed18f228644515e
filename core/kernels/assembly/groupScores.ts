/** The collapsed Gaussian's gradient by Fisher's identity: expectations of the joint score over the coefficients' exact posterior. */
import * as at from '../groupWords';
import { add, num, put, word } from './memory';

let frame: i32 = 0;

/** The scores at the last solution: of every group's log σ, and (added to what is there) of the terms' log tau. */
export function scoreGroups(address: i32): void {
  frame = address;
  const entries = word(frame + at.ENTRIES);
  const groups = word(frame + at.GROUPS);
  const variances = word(frame + at.INVERSE_VARIANCE);
  const scores = word(frame + at.SCALE_SCORE);
  for (let g = 0; g < groups; g++) put(scores + g, score(entries + g * at.ENTRY, num(variances + g)));
}

/** The score in the group's log σ; adds to the taus'. */
function score(e: i32, iv: f64): f64 {
  gatherCovariance(e);
  const trace = localTrace(e) + sharedTrace(e);
  const spread = residualVariance(e);
  const scalars = word(e + at.SCALARS);
  const residual = num(scalars + at.RESIDUAL);
  const squared = residual * residual + spread;
  const weight = num(scalars + at.WEIGHT) * iv;
  const f = num(scalars + at.INTERCEPT_FACTOR);
  const sd = num(scalars + at.INTERCEPT_SD);
  const role = word(e + at.ROLE);
  if (role != at.ROLE_NONE && isNaN(num(scalars + at.INTERCEPT_OWN_SD))) {
    const pull = (sd * weight) / f;
    add(word(frame + at.TAU_SCORE) + word(frame + at.INTERCEPT_TERM), pull * pull * squared + 1 / f - 1);
  }
  const local = role == at.ROLE_FLAT ? 1.0 : (weight * squared) / (f * f) + (weight * sd * sd) / f;
  return iv * num(scalars + at.SQUARES) + trace - num(scalars + at.KAPPA) * spread + local - num(scalars + at.WEIGHT);
}

/** Cov(v) of the group's shared coefficients, lower triangle, off-diagonal entries doubled. */
function gatherCovariance(e: i32): void {
  const count = word(e + at.S);
  const shared = word(e + at.SHARED);
  for (let c = 0; c < count; c++) {
    const from = word(frame + at.SHARED_COVARIANCE) + word(shared + c) * word(frame + at.SHARED_COUNT);
    const to = word(frame + at.DOUBLED) + c * count;
    for (let b = 0; b < c; b++) put(to + b, 2 * num(from + word(shared + b)));
    put(to + c, num(from + word(shared + c)));
  }
}

/** k − Σ Var z over the locals with proper priors, local and shared uncertainty together; adds to the taus' scores. */
function localTrace(e: i32): f64 {
  const k = word(e + at.K);
  const count = word(e + at.S);
  const inverse = word(frame + at.INVERSE);
  const vector = word(frame + at.VECTOR);
  invert(word(e + at.FACTOR), k, inverse);
  let trace: f64 = k;
  for (let a = 0; a < k; a++) {
    if (word(word(e + at.PROPER) + a) == 0) continue;
    let variance: f64 = 0;
    for (let c = 0; c < count; c++) put(vector + c, 0);
    // Row a of M⁻¹ = L⁻ᵀ L⁻¹ and of M⁻¹B.
    for (let i = a; i < k; i++) {
      const weight = num(inverse + i * k + a);
      variance += weight * weight;
      const from = word(e + at.BORDER) + i * count;
      for (let c = 0; c < count; c++) add(vector + c, weight * num(from + c));
    }
    variance += quadraticForm(count, vector);
    trace -= variance;
    const z = num(word(e + at.Z) + a);
    if (isNaN(num(word(e + at.OWN_SD) + a))) add(word(frame + at.TAU_SCORE) + word(word(e + at.TERM) + a), z * z + variance - 1);
  }
  return trace;
}

/** The lower triangle of L⁻¹. */
export function invert(factor: i32, k: i32, out: i32): void {
  for (let j = 0; j < k; j++) {
    put(out + j * k + j, 1 / num(factor + j * k + j));
    for (let i = j + 1; i < k; i++) {
      let sum: f64 = 0;
      for (let l = j; l < i; l++) sum += num(factor + i * k + l) * num(out + l * k + j);
      put(out + i * k + j, -sum / num(factor + i * k + i));
    }
  }
}

/** eᵀ Cov(v) e for a vector over the group's shared coefficients. */
function quadraticForm(count: i32, vector: i32): f64 {
  const doubled = word(frame + at.DOUBLED);
  let sum: f64 = 0;
  for (let c = 0; c < count; c++) {
    let inner: f64 = 0;
    for (let b = 0; b <= c; b++) inner += num(doubled + c * count + b) * num(vector + b);
    sum += num(vector + c) * inner;
  }
  return sum;
}

/** tr(Schur share · Cov v). */
function sharedTrace(e: i32): f64 {
  const count = word(e + at.S);
  const schur = word(e + at.SCHUR);
  const doubled = word(frame + at.DOUBLED);
  let trace: f64 = 0;
  for (let c = 0; c < count; c++) {
    for (let b = 0; b <= c; b++) trace += num(schur + c * count + b) * num(doubled + c * count + b);
  }
  return trace;
}

/** Var(x̄·w + m). */
function residualVariance(e: i32): f64 {
  const n = word(e + at.N);
  const k = word(e + at.K);
  const count = word(e + at.S);
  const meanX = word(e + at.MEAN_X);
  const factor = word(e + at.FACTOR);
  const local = word(frame + at.LOCAL);
  const vector = word(frame + at.VECTOR);
  for (let c = 0; c < count; c++) {
    const i = word(word(e + at.COORDINATE) + c);
    put(vector + c, num(word(e + at.SHARED_SD) + c) * (i == n ? 1 : num(meanX + i)));
  }
  let variance: f64 = 0;
  for (let a = 0; a < k; a++) {
    let value = num(word(e + at.SD) + a) * num(meanX + word(word(e + at.SLOPE) + a));
    for (let b = 0; b < a; b++) value -= num(factor + a * k + b) * num(local + b);
    value /= num(factor + a * k + a);
    put(local + a, value);
    variance += value * value;
    const from = word(e + at.BORDER) + a * count;
    for (let c = 0; c < count; c++) add(vector + c, -value * num(from + c));
  }
  return count == 0 ? variance : variance + quadraticForm(count, vector);
}
