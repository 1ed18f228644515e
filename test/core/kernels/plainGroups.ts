/**
 * The collapsed Gaussian's kernels in plain TypeScript, one matrix after another: the twin that the compiled ones are held against.
 * With δ = D z + C v (D and C pick slopes and scale them), H the information about δ, and proper priors on z: the local precision is
 * M = DᵀHD + 1 = LLᵀ, the border B = DᵀHC, and what a group leaves for v is CᵀHC − BᵀM⁻¹B.
 */

import type { GroupKernels } from '../../../core/kernels/groups.ts';
import * as at from '../../../core/kernels/groupWords.ts';
import { sqrt } from '../../../core/math/elementary.ts';
import { choleskyInPlace, invertLower, solveLower, solveLowerTransposed } from '../../../core/math/linalg.ts';
import { asColumn, column, dot, type Matrix, pick, plus, sum, times, transposed } from './plainMatrix.ts';

const RANGE = 2 ** 500;

/** The same calls over the same memory; `fillNormals` has a twin of its own in plainNormals.ts. */
export function plainGroupKernels(buffer: ArrayBuffer): Omit<GroupKernels, 'buffer' | 'fillNormals'> {
  const numbers = new Float64Array(buffer);
  const words = new Int32Array(buffer);
  const groupsOf = (frame: number): PlainGroup[] =>
    Array.from({ length: words[frame + at.GROUPS] }, (_, g) => new PlainGroup(numbers, words, frame, g));
  return {
    eliminateGroups(frame) {
      const results = words[frame + at.RESULTS];
      let determinant = 1;
      let exponent = 0;
      for (const group of groupsOf(frame)) {
        const factors = group.eliminate();
        if (factors === null) return 0;
        for (const factor of factors) {
          determinant *= factor;
          if (determinant > RANGE) [determinant, exponent] = [determinant / RANGE, exponent + 500];
          else if (determinant < 1 / RANGE) [determinant, exponent] = [determinant * RANGE, exponent - 500];
        }
      }
      numbers[results + at.DETERMINANT] = determinant;
      numbers[results + at.EXPONENT] = exponent;
      return 1;
    },
    substituteGroups(frame) {
      const quadratic = groupsOf(frame).reduce((sum, group) => sum + group.substitute(), 0);
      numbers[words[frame + at.RESULTS] + at.QUADRATIC] = quadratic;
    },
    scoreGroups(frame) {
      groupsOf(frame).forEach((group, g) => {
        numbers[words[frame + at.SCALE_SCORE] + g] = group.score();
      });
    },
    drawGroups(frame) {
      let noise = words[frame + at.NOISE] + words[frame + at.SHARED_COUNT];
      let drawn = words[frame + at.DRAWN];
      for (const group of groupsOf(frame)) {
        group.draw(noise, drawn);
        noise += group.k + 1;
        drawn += group.n + 1;
      }
    },
  };
}

class PlainGroup {
  readonly n: number;
  readonly k: number;
  readonly #s: number;
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;
  readonly #frame: number;
  readonly #entry: number;
  readonly #inverseVariance: number;

  constructor(numbers: Float64Array, words: Int32Array, frame: number, index: number) {
    this.#numbers = numbers;
    this.#words = words;
    this.#frame = frame;
    this.#entry = words[frame + at.ENTRIES] + index * at.ENTRY;
    [this.n, this.k, this.#s] = words.subarray(this.#entry, this.#entry + 3);
    this.#inverseVariance = numbers[words[frame + at.INVERSE_VARIANCE] + index];
  }

  /** Room of the group, or a list of words. */
  #room(address: number, length: number): Float64Array {
    const start = this.#words[this.#entry + address];
    return this.#numbers.subarray(start, start + length);
  }

  #list(address: number, length: number): Int32Array {
    const start = this.#words[this.#entry + address];
    return this.#words.subarray(start, start + length);
  }

  #ofFrame(address: number, length: number): Float64Array {
    const start = this.#words[this.#frame + address];
    return this.#numbers.subarray(start, start + length);
  }

  get #scalars(): Float64Array {
    return this.#room(at.SCALARS, at.SCALARS_LENGTH);
  }

  get #role(): number {
    return this.#words[this.#entry + at.ROLE];
  }

  get #factor(): Float64Array {
    return this.#room(at.FACTOR, this.k * this.k);
  }

  /** tau of the local's term, of those whose sd is no constant. */
  #tauOf(term: number): Float64Array {
    return this.#ofFrame(at.TAU, term + 1).subarray(term);
  }

  /** x̄ and 1: what δ adds to the group's mean response. */
  get #meanRow(): number[] {
    return [...this.#room(at.MEAN_X, this.n), 1];
  }

  /** (n + 1) × (n + 1): X'X / σ² + κ x̄x̄ᵀ, the intercept's location last. */
  get #information(): Matrix {
    const xx = this.#room(at.XX, this.n * this.n);
    const mean = this.#meanRow;
    const kappa = this.#scalars[at.KAPPA];
    const inside = (i: number, j: number): number => (i < this.n && j < this.n ? this.#inverseVariance * xx[i * this.n + j] : 0);
    return mean.map((a, i) => mean.map((b, j) => inside(i, j) + kappa * a * b));
  }

  /** H (δ̂ of the data alone): the score at δ = 0. */
  get #score(): number[] {
    const xy = this.#room(at.XY, this.n);
    const pull = this.#scalars[at.KAPPA] * this.#scalars[at.RESIDUAL_MEAN];
    return this.#meanRow.map((m, i) => (i < this.n ? this.#inverseVariance * xy[i] : 0) + pull * m);
  }

  /** D, (n + 1) × k. */
  get #local(): Matrix {
    return pick(this.n + 1, this.#list(at.SLOPE, this.k), this.#room(at.SD, this.k));
  }

  /** C, (n + 1) × s. */
  get #shared(): Matrix {
    return pick(this.n + 1, this.#list(at.COORDINATE, this.#s), this.#room(at.SHARED_SD, this.#s));
  }

  /** The factors of the determinant; `null` where a precision is not positive definite. */
  eliminate(): number[] | null {
    const intercept = this.#eliminateIntercept();
    if (intercept === null) return null;
    const [k, s] = [this.k, this.#s];
    this.#list(at.TERM, k).forEach((term, a) => {
      const own = this.#room(at.OWN_SD, k)[a];
      this.#room(at.SD, k)[a] = Number.isNaN(own) ? this.#tauOf(term)[0] : own;
    });
    const [h, d, c, score] = [this.#information, this.#local, this.#shared, this.#score];
    const proper = this.#list(at.PROPER, k);
    const factor = this.#factor;
    const m = times(transposed(d), times(h, d));
    for (let a = 0; a < k; a++) for (let b = 0; b <= a; b++) factor[a * k + b] = m[a][b] + (a === b ? proper[a] : 0);
    if (!choleskyInPlace(factor, k)) return null;
    const z = this.#room(at.Z, k);
    z.set(column(times(transposed(d), asColumn(score))));
    solveLower(factor, k, z);
    const border = this.#room(at.BORDER, k * s);
    const b = times(transposed(d), times(h, c));
    for (let j = 0; j < s; j++) {
      const solved = Float64Array.from({ length: k }, (_, a) => b[a][j]);
      solveLower(factor, k, solved);
      solved.forEach((value, a) => {
        border[a * s + j] = value;
      });
    }
    if (s > 0) this.#leaveShared(times(transposed(c), times(h, c)), column(times(transposed(c), asColumn(score))));
    return [...intercept, ...Array.from({ length: k }, (_, a) => factor[a * (k + 1)] ** 2)];
  }

  /** A local intercept is integrated out by hand; what it multiplies the determinant by. */
  #eliminateIntercept(): number[] | null {
    const scalars = this.#scalars;
    const weight = scalars[at.WEIGHT] * this.#inverseVariance;
    const own = scalars[at.INTERCEPT_OWN_SD];
    const proper = this.#role === at.ROLE_PROPER;
    const sd = !proper ? 0 : Number.isNaN(own) ? this.#tauOf(this.#words[this.#frame + at.INTERCEPT_TERM])[0] : own;
    scalars[at.INTERCEPT_SD] = sd;
    scalars[at.INTERCEPT_FACTOR] = 1 + sd * sd * weight;
    scalars[at.KAPPA] = this.#role === at.ROLE_FLAT ? 0 : weight / (1 + sd * sd * weight);
    if (this.#role === at.ROLE_FLAT) return weight > 0 ? [weight] : null;
    return proper ? [scalars[at.INTERCEPT_FACTOR]] : [];
  }

  /** The Schur share and its right-hand side, and both added to the whole's. */
  #leaveShared(chc: Matrix, score: number[]): void {
    const [k, s] = [this.k, this.#s];
    const size = this.#words[this.#frame + at.SHARED_COUNT];
    const border = this.#room(at.BORDER, k * s);
    const z = this.#room(at.Z, k);
    const share = this.#room(at.SCHUR, s * s);
    const right = this.#room(at.RIGHT, s);
    const shared = this.#list(at.SHARED, s);
    const overLocals = (value: (a: number) => number): number => Array.from({ length: k }, (_, a) => value(a)).reduce((x, y) => x + y, 0);
    for (let i = 0; i < s; i++) {
      right[i] = score[i] - overLocals((a) => border[a * s + i] * z[a]);
      this.#ofFrame(at.SHARED_MEAN, size)[shared[i]] += right[i];
      for (let j = 0; j < s; j++) {
        share[i * s + j] = chc[i][j] - overLocals((a) => border[a * s + i] * border[a * s + j]);
        if (shared[j] <= shared[i] && (i !== j || shared[i] === shared[j]))
          this.#ofFrame(at.SHARED_PRECISION, size * size)[shared[i] * size + shared[j]] += share[i * s + j];
      }
    }
  }

  /** The means given the shared ones; the group's part of the quadratic form. */
  substitute(): number {
    const [n, k, s] = [this.n, this.k, this.#s];
    const shared = this.#means(at.SHARED_MEAN);
    const z = this.#room(at.Z, k);
    const border = this.#room(at.BORDER, k * s);
    for (let a = 0; a < k; a++) for (let j = 0; j < s; j++) z[a] -= border[a * s + j] * shared[j];
    solveLowerTransposed(this.#factor, k, z);
    const delta = this.#room(at.DELTA, n + 1);
    delta.set(plus(column(times(this.#local, asColumn([...z]))), column(times(this.#shared, asColumn(shared)))));
    const scalars = this.#scalars;
    const xx = this.#room(at.XX, n * n);
    const xy = this.#room(at.RESIDUAL_XY, n);
    const away = this.#awayFromFit(delta);
    scalars[at.RESIDUAL] = this.#meanRow.reduce((left, m, i) => left - m * away[i], scalars[at.FIT_MEAN] - scalars[at.INTERCEPT_LOCATION]);
    let squares = scalars[at.FIT_SQUARES];
    for (let i = 0; i < n; i++) {
      squares -= 2 * xy[i] * away[i];
      for (let j = 0; j < n; j++) squares += away[i] * xx[i * n + j] * away[j];
    }
    scalars[at.SQUARES] = squares;
    const proper = this.#list(at.PROPER, k);
    const prior = z.reduce((sum, value, a) => sum + proper[a] * value * value, 0);
    return prior + this.#inverseVariance * squares + scalars[at.KAPPA] * scalars[at.RESIDUAL] ** 2;
  }

  /** d log p(y | scales) / d log σ; adds to the taus' scores. */
  score(): number {
    const scalars = this.#scalars;
    const [k, s] = [this.k, this.#s];
    const size = this.#words[this.#frame + at.SHARED_COUNT];
    const shared = this.#list(at.SHARED, s);
    const whole = this.#ofFrame(at.SHARED_COVARIANCE, size * size);
    const covV = Array.from(shared, (i) => Array.from(shared, (j) => whole[i * size + j]));
    const inverse = new Float64Array(k * k);
    invertLower(this.#factor, k, inverse);
    const lower = Array.from({ length: k }, (_, a) => [...inverse.subarray(a * k, a * k + k)]);
    const border = Array.from({ length: k }, (_, a) => [...this.#room(at.BORDER, k * s).subarray(a * s, a * s + s)]);
    // z = z̃ − G (v − ṽ) + noise with G = M⁻¹B.
    const gain = times(transposed(lower), border);
    const covZ = sum(times(transposed(lower), lower), times(gain, times(covV, transposed(gain))));
    const tauScore = this.#words[this.#frame + at.TAU_SCORE];
    this.#list(at.TERM, k).forEach((term, a) => {
      if (this.#list(at.PROPER, k)[a] === 1 && Number.isNaN(this.#room(at.OWN_SD, k)[a]))
        this.#numbers[tauScore + term] += this.#room(at.Z, k)[a] ** 2 + covZ[a][a] - 1;
    });
    // δ = D z + C v: the part that moves with v, and the part that is the locals' own.
    const withV = sum(this.#shared, times(this.#local, gain), -1);
    const own = times(this.#local, transposed(lower));
    const mean = this.#meanRow;
    const cov = mean.map((_, i) => mean.map((_, j) => dot(own[i], own[j]) + dot(withV[i], column(times(covV, asColumn(withV[j]))))));
    const spread = times([mean], times(cov, asColumn(mean)))[0][0];
    const h = this.#information;
    const trace = h.reduce((total, row, i) => total + row.reduce((t, value, j) => t + value * cov[i][j], 0), 0);
    const squared = scalars[at.RESIDUAL] ** 2 + spread;
    const weight = scalars[at.WEIGHT] * this.#inverseVariance;
    const sd = scalars[at.INTERCEPT_SD];
    const f = scalars[at.INTERCEPT_FACTOR];
    if (this.#role !== at.ROLE_NONE && Number.isNaN(scalars[at.INTERCEPT_OWN_SD]))
      this.#numbers[tauScore + this.#words[this.#frame + at.INTERCEPT_TERM]] += ((sd * weight) / f) ** 2 * squared + 1 / f - 1;
    const local = this.#role === at.ROLE_FLAT ? 1 : (weight * squared) / (f * f) + (weight * sd * sd) / f;
    return this.#inverseVariance * scalars[at.SQUARES] + trace - scalars[at.KAPPA] * spread + local - scalars[at.WEIGHT];
  }

  /** Writes n slopes and an intercept at `drawn`, from k + 1 normals at `noise`. */
  draw(noise: number, drawn: number): void {
    const [n, k, s] = [this.n, this.k, this.#s];
    const deviation = this.#means(at.DEVIATION);
    const border = this.#room(at.BORDER, k * s);
    const z = this.#numbers.slice(noise, noise + k);
    for (let a = 0; a < k; a++) for (let j = 0; j < s; j++) z[a] -= border[a * s + j] * deviation[j];
    solveLowerTransposed(this.#factor, k, z);
    const local = plus([...z], [...this.#room(at.Z, k)]);
    const shared = plus(deviation, this.#means(at.SHARED_MEAN));
    const delta = plus(column(times(this.#local, asColumn(local))), column(times(this.#shared, asColumn(shared))));
    const out = this.#numbers.subarray(drawn, drawn + n + 1);
    out.set(plus(delta, [...this.#room(at.LOCATION, n), 0]));
    if (this.#role === at.ROLE_NONE) return;
    const scalars = this.#scalars;
    const away = this.#awayFromFit(delta);
    const residual = this.#meanRow.reduce((left, m, i) => left - m * away[i], scalars[at.FIT_MEAN] - scalars[at.INTERCEPT_LOCATION]);
    const weight = scalars[at.WEIGHT] * this.#inverseVariance;
    const prior = this.#role === at.ROLE_PROPER ? 1 / scalars[at.INTERCEPT_SD] ** 2 : 0;
    const mean = (weight * residual) / (weight + prior);
    out[n] += scalars[at.INTERCEPT_LOCATION] + mean + this.#numbers[noise + k] / sqrt(weight + prior);
  }

  /** δ about the group's first fit. */
  #awayFromFit(delta: ArrayLike<number>): number[] {
    const gap = this.#room(at.GAP, this.n);
    return Array.from({ length: this.n + 1 }, (_, i) => delta[i] - (i < this.n ? gap[i] : 0));
  }

  /** Of this group's shared coefficients. */
  #means(address: number): number[] {
    const all = this.#ofFrame(address, this.#words[this.#frame + at.SHARED_COUNT]);
    return Array.from(this.#list(at.SHARED, this.#s), (c) => all[c]);
  }
}
