/** An exact draw of the collapsed Gaussian's coefficients, group by group, given the shared ones. */
import * as at from '../groupWords';
import { add, num, put, word } from './memory';

/** Writes every group's slopes and intercept at DRAWN, from the deviations of the shared coefficients and normals at NOISE. */
export function drawGroups(frame: i32): void {
  const entries = word(frame + at.ENTRIES);
  const groups = word(frame + at.GROUPS);
  const variances = word(frame + at.INVERSE_VARIANCE);
  let noise = word(frame + at.NOISE) + word(frame + at.SHARED_COUNT);
  let drawn = word(frame + at.DRAWN);
  for (let g = 0; g < groups; g++) {
    const e = entries + g * at.ENTRY;
    drawGroup(frame, e, num(variances + g), noise, drawn);
    noise += word(e + at.K) + 1;
    drawn += word(e + at.N) + 1;
  }
}

function drawGroup(frame: i32, e: i32, iv: f64, noise: i32, drawn: i32): void {
  const n = word(e + at.N);
  const k = word(e + at.K);
  const count = word(e + at.S);
  const shared = word(e + at.SHARED);
  const deviation = word(frame + at.DEVIATION);
  const mean = word(frame + at.SHARED_MEAN);
  const local = word(frame + at.LOCAL);
  const factor = word(e + at.FACTOR);
  // z given v: mean z̃ − M⁻¹B (v − ṽ), covariance M⁻¹ = L⁻ᵀ L⁻¹.
  for (let a = 0; a < k; a++) {
    const row = word(e + at.BORDER) + a * count;
    let value = num(noise + a);
    for (let c = 0; c < count; c++) value -= num(row + c) * num(deviation + word(shared + c));
    put(local + a, value);
  }
  for (let i = k - 1; i >= 0; i--) {
    let value = num(local + i);
    for (let l = i + 1; l < k; l++) value -= num(factor + l * k + i) * num(local + l);
    put(local + i, value / num(factor + i * k + i));
  }
  for (let i = 0; i <= n; i++) put(drawn + i, 0);
  for (let a = 0; a < k; a++) {
    put(drawn + word(word(e + at.SLOPE) + a), num(word(e + at.SD) + a) * (num(word(e + at.Z) + a) + num(local + a)));
  }
  for (let c = 0; c < count; c++) {
    const i = word(shared + c);
    add(drawn + word(word(e + at.COORDINATE) + c), num(word(e + at.SHARED_SD) + c) * (num(mean + i) + num(deviation + i)));
  }
  const scalars = word(e + at.SCALARS);
  let centre = num(scalars + at.FIT_MEAN);
  const location = num(scalars + at.INTERCEPT_LOCATION) + num(drawn + n);
  for (let i = 0; i < n; i++) {
    centre -= num(word(e + at.MEAN_X) + i) * (num(drawn + i) - num(word(e + at.GAP) + i));
    add(drawn + i, num(word(e + at.LOCATION) + i));
  }
  const role = word(e + at.ROLE);
  if (role == at.ROLE_NONE) return;
  const weight = num(scalars + at.WEIGHT) * iv;
  const sd = num(scalars + at.INTERCEPT_SD);
  const f = num(scalars + at.INTERCEPT_FACTOR);
  const proper = role == at.ROLE_PROPER;
  // Between its location and what the data say, reckoned from the nearer of the two.
  const residual = centre - location;
  const middle = !proper ? centre : f > 2 ? centre - residual / f : location + ((sd * sd * weight) / f) * residual;
  const spread = proper ? sd / sqrt(f) : 1 / sqrt(weight);
  put(drawn + n, middle + spread * num(noise + k));
}
