// The No-U-Turn Sampler as in Stan: multinomial, leapfrog, dual averaging, a metric learnt in windows (dense in few dimensions), starts
// uniform in (−2, 2) of every unconstrained coordinate. Slow and simple on purpose: it is what the sampler under test is judged by.
import { Random } from './random.mjs';

const DENSE = 80;
const MAX_ERROR = 1000;

/** Lower Cholesky factor of a d × d matrix; `null` when it is not positive definite. */
export function cholesky(a, d) {
  const l = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * d + j];
      for (let k = 0; k < j; k++) sum -= l[i * d + k] * l[j * d + k];
      if (i === j && !(sum > 0)) return null;
      l[i * d + j] = i === j ? Math.sqrt(sum) : sum / l[j * d + j];
    }
  }
  return l;
}

/** A metric M⁻¹ = A Aᵀ: sampling happens in z with q = A z. */
class Metric {
  constructor(d) {
    this.d = d;
    this.scale = new Float64Array(d).fill(1);
    this.factor = null;
  }

  toPosition(z, q) {
    const { d, factor, scale } = this;
    if (factor === null) for (let i = 0; i < d; i++) q[i] = scale[i] * z[i];
    else {
      for (let i = 0; i < d; i++) {
        let sum = 0;
        for (let j = 0; j <= i; j++) sum += factor[i * d + j] * z[j];
        q[i] = sum;
      }
    }
  }

  toZ(q, z) {
    const { d, factor, scale } = this;
    for (let i = 0; i < d; i++) {
      let sum = q[i];
      if (factor !== null) for (let j = 0; j < i; j++) sum -= factor[i * d + j] * z[j];
      z[i] = sum / (factor === null ? scale[i] : factor[i * d + i]);
    }
  }

  gradient(g, out) {
    const { d, factor, scale } = this;
    if (factor === null) for (let i = 0; i < d; i++) out[i] = scale[i] * g[i];
    else {
      out.fill(0);
      for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) out[j] += factor[i * d + j] * g[i];
    }
  }
}

/** Running covariance, regularised as Stan's. */
class Learner {
  constructor(d) {
    this.d = d;
    this.dense = d <= DENSE;
    this.reset();
  }

  reset() {
    this.n = 0;
    this.mean = new Float64Array(this.d);
    this.products = new Float64Array(this.dense ? this.d * this.d : this.d);
  }

  add(q) {
    const { d, mean, products } = this;
    this.n++;
    const change = q.map((v, i) => v - mean[i]);
    for (let i = 0; i < d; i++) mean[i] += change[i] / this.n;
    for (let i = 0; i < d; i++) {
      const left = q[i] - mean[i];
      if (this.dense) for (let j = 0; j < d; j++) products[i * d + j] += left * change[j];
      else products[i] += left * change[i];
    }
  }

  apply(metric) {
    const { d, n, products } = this;
    const weight = n / (n + 5);
    if (!this.dense) metric.scale = products.map((p) => Math.sqrt((weight * p) / (n - 1) + (1 - weight) * 1e-3));
    else {
      const covariance = products.map((p, k) => (weight * p) / (n - 1) + (k % (d + 1) === 0 ? (1 - weight) * 1e-3 : 0));
      metric.factor = cholesky(covariance, d) ?? metric.factor;
    }
  }
}

/** The iterations after which the metric is learnt: Stan's doubling windows between 75 and 50 iterations at the ends. */
function windowsOf(warmup) {
  const [first, last] = warmup >= 150 ? [75, 50] : [Math.floor(0.15 * warmup), Math.floor(0.1 * warmup)];
  const ends = [];
  let size = 25;
  for (let at = first; at < warmup - last; ) {
    let end = at + size;
    if (end + 2 * size > warmup - last) end = warmup - last;
    ends.push(end);
    at = end;
    size *= 2;
  }
  return { first, ends };
}

const point = (d) => ({ z: new Float64Array(d), p: new Float64Array(d), g: new Float64Array(d), value: Number.NaN });
const copy = (a, b) => {
  b.z.set(a.z);
  b.p.set(a.p);
  b.g.set(a.g);
  b.value = a.value;
};
const logSum = (a, b) => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));

/** One chain. `each(position)` is called for every draw kept; returns { divergences, gradients, depthHits, energies }. */
export function sampleChain(density, { warmup, draws, seed, stream, maxDepth = 10, targetAccept = 0.8, until = null }, each) {
  const d = density.dimension;
  const rng = new Random(seed, stream);
  const metric = new Metric(d);
  const learner = new Learner(d);
  const q = new Float64Array(d);
  const gradient = new Float64Array(d);
  let gradients = 0;
  const evaluate = (s) => {
    metric.toPosition(s.z, q);
    const value = density.evaluate(q, gradient);
    gradients++;
    s.value = Number.isFinite(value) && gradient.every(Number.isFinite) ? value : Number.NEGATIVE_INFINITY;
    metric.gradient(gradient, s.g);
  };
  const energy = (s) => {
    let k = 0;
    for (let i = 0; i < d; i++) k += s.p[i] * s.p[i];
    return 0.5 * k - s.value;
  };
  const leap = (s, step) => {
    for (let i = 0; i < d; i++) {
      s.p[i] += 0.5 * step * s.g[i];
      s.z[i] += step * s.p[i];
    }
    evaluate(s);
    for (let i = 0; i < d; i++) s.p[i] += 0.5 * step * s.g[i];
  };
  const state = point(d);
  for (let attempt = 0; attempt < 100 && !Number.isFinite(state.value); attempt++) {
    for (let i = 0; i < d; i++) state.z[i] = 4 * rng.uniform() - 2;
    evaluate(state);
  }

  let step = 1;
  /** Doubles or halves until one leapfrog is accepted with a chance of about 0.8. */
  const findStep = () => {
    const trial = point(d);
    let direction = 0;
    for (let k = 0; k < 60; k++) {
      copy(state, trial);
      for (let i = 0; i < d; i++) trial.p[i] = rng.normal();
      const before = energy(trial);
      leap(trial, step);
      const sign = before - energy(trial) > Math.log(0.8) ? 1 : -1;
      if (direction === 0) direction = sign;
      else if (sign !== direction) return;
      step *= 2 ** direction;
    }
  };
  let mu = 0;
  let count = 0;
  let bar = 0;
  let logAverage = 0;
  const restart = () => {
    mu = Math.log(10 * step);
    count = 0;
    bar = 0;
    logAverage = 0;
  };
  findStep();
  restart();

  const left = point(d);
  const right = point(d);
  const sample = point(d);
  const info = { divergences: 0, gradients: 0, depthHits: 0, energies: [], depths: [], diverging: [] };
  let start = 0;
  let acceptSum = 0;
  let leaps = 0;
  let diverged = false;
  const turned = (rho, a, b) => {
    let x = 0;
    let y = 0;
    for (let i = 0; i < d; i++) {
      x += rho[i] * a[i];
      y += rho[i] * b[i];
    }
    return !(x > 0 && y > 0);
  };
  const plus = (a, b) => a.map((v, i) => v + b[i]);
  /** Grows 2^depth states from `edge`, which moves along; `null` when it diverges or turns. */
  const build = (edge, depth, sign) => {
    if (depth === 0) {
      leap(edge, sign * step);
      leaps++;
      const gain = start - energy(edge);
      if (!(gain > -MAX_ERROR)) {
        diverged = true;
        return null;
      }
      acceptSum += Math.min(1, Math.exp(gain));
      const kept = point(d);
      copy(edge, kept);
      return { weight: gain, sample: kept, rho: edge.p.slice(), first: edge.p.slice(), last: edge.p.slice() };
    }
    const a = build(edge, depth - 1, sign);
    if (a === null) return null;
    const b = build(edge, depth - 1, sign);
    if (b === null) return null;
    const weight = logSum(a.weight, b.weight);
    const rho = plus(a.rho, b.rho);
    if (turned(rho, a.first, b.last) || turned(plus(a.rho, b.first), a.first, b.first) || turned(plus(b.rho, a.last), a.last, b.last))
      return null;
    const chosen = Math.log(rng.uniform()) < b.weight - weight ? b.sample : a.sample;
    return { weight, sample: chosen, rho, first: a.first, last: b.last };
  };
  const iterate = (deepest) => {
    for (let i = 0; i < d; i++) state.p[i] = rng.normal();
    start = energy(state);
    acceptSum = 0;
    leaps = 0;
    diverged = false;
    copy(state, left);
    copy(state, right);
    copy(state, sample);
    let rho = state.p.slice();
    let leftP = state.p.slice();
    let rightP = state.p.slice();
    let weight = 0;
    let depth = 0;
    for (; depth < deepest; depth++) {
      const forward = rng.uniform() < 0.5;
      const grown = build(forward ? right : left, depth, forward ? 1 : -1);
      if (grown === null) break;
      if (Math.log(rng.uniform()) < grown.weight - weight) copy(grown.sample, sample);
      weight = logSum(weight, grown.weight);
      const [aRho, bRho] = forward ? [rho, grown.rho] : [grown.rho, rho];
      const innerLeft = forward ? rightP : grown.first;
      const innerRight = forward ? grown.first : leftP;
      rho = plus(rho, grown.rho);
      if (forward) rightP = grown.last;
      else leftP = grown.last;
      if (
        turned(rho, leftP, rightP) ||
        turned(plus(aRho, innerRight), leftP, innerRight) ||
        turned(plus(bRho, innerLeft), innerLeft, rightP)
      ) {
        depth++;
        break;
      }
    }
    copy(sample, state);
    return depth;
  };
  const { first, ends } = windowsOf(warmup);
  for (let i = 0; i < warmup + draws; i++) {
    // On the way to the posterior long trajectories are of no use.
    const depth = iterate(i < first ? Math.min(6, maxDepth) : maxDepth);
    metric.toPosition(state.z, q);
    if (i >= warmup) {
      info.divergences += diverged ? 1 : 0;
      info.depthHits += depth >= maxDepth ? 1 : 0;
      info.energies.push(energy(state));
      info.depths.push(depth);
      info.diverging.push(diverged ? 1 : 0);
      each(q, state.value);
      if (until !== null && (i & 63) === 0 && until()) break;
      continue;
    }
    count++;
    const rate = 1 / (count + 10);
    bar = (1 - rate) * bar + rate * (targetAccept - (leaps > 0 ? acceptSum / leaps : 0));
    const logStep = mu - (Math.sqrt(count) / 0.05) * bar;
    const eta = count ** -0.75;
    logAverage = eta * logStep + (1 - eta) * logAverage;
    step = Math.exp(logStep);
    if (i + 1 > first && i + 1 <= ends.at(-1)) learner.add(q.slice());
    if (ends.includes(i + 1)) {
      const here = q.slice();
      learner.apply(metric);
      learner.reset();
      metric.toZ(here, state.z);
      evaluate(state);
      findStep();
      restart();
    }
    if (i + 1 === warmup) step = Math.exp(logAverage);
  }
  return { ...info, gradients, stepSize: step };
}
