// The reference of a Gaussian model whose coefficients have normal priors. Everything linear is integrated out given the scales, and the scales, few as
// they are, are drawn by importance sampling from a Student-t fitted to them in rounds: draws are independent, and their weights say how good
// they are. Dense matrices, group by group; none of the engine's code.
import { cellsOf, logPriorOf, nameOfCell } from './density.mjs';
import { cholesky } from './nuts.mjs';
import { parsePrior, Random } from './random.mjs';

/** Degrees of freedom of the proposal, draws of the rounds that fit it, and of the last. */
const NU = 5;
const ROUNDS = [1000, 2000, 4000];
const DRAWS = 40_000;
const MOST_SCALES = 8;

/** Whether a problem is such a model, with few enough scales. */
export function isCollapsible({ family, terms, scale, mask }) {
  if (family !== 'gaussian' || !terms.every((t) => t.prior.startsWith('normal('))) return false;
  const scales = terms.filter((t) => t.pooling === 'partial').length + (scale === null ? 0 : scale.by === 'group' ? mask.length : 1);
  return scales > 0 && scales <= MOST_SCALES;
}

/** L x = b in place, or Lᵀ x = b. */
function solve(l, d, x, transposed = false) {
  for (let step = 0; step < d; step++) {
    const i = transposed ? d - 1 - step : step;
    let sum = x[i];
    if (transposed) for (let j = i + 1; j < d; j++) sum -= l[j * d + i] * x[j];
    else for (let j = 0; j < i; j++) sum -= l[i * d + j] * x[j];
    x[i] = sum / l[i * d + i];
  }
  return x;
}

/** A⁻¹ from its Cholesky factor. */
function inverseOf(l, d) {
  const out = new Float64Array(d * d);
  for (let j = 0; j < d; j++) {
    const e = new Float64Array(d);
    e[j] = 1;
    out.set(solve(l, d, solve(l, d, e), true), j * d);
  }
  return out;
}

const logDiagonal = (l, d) => {
  let sum = 0;
  for (let i = 0; i < d; i++) sum += Math.log(l[i * (d + 1)]);
  return sum;
};

/** A group's rows about a fit β₀ with a ridge: r₀ᵀWr₀, XᵀWr₀, XᵀWX. */
function statisticsOf({ terms, group, x, y, weights, se }, list, g) {
  const members = group.flatMap((h, i) => (h === g ? [i] : []));
  const k = list.length;
  const w = members.map((i) => (weights ? weights[i] : 1) / (se ? se[i] ** 2 : 1));
  const column = (t, i) => (terms[t].kind === 'intercept' ? 1 : x[terms[t].name][i]);
  const information = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      information[a * k + b] = members.reduce((sum, i, m) => sum + w[m] * column(list[a], i) * column(list[b], i), 0);
    }
  }
  const base = new Float64Array(k);
  const residuals = members.map((i) => y[i]);
  const ridged = information.map((v, at) => (at % (k + 1) === 0 ? v * (1 + 1e-9) + 1e-12 : v));
  const factor = k > 0 && members.length >= k ? cholesky(ridged, k) : null;
  // Twice: the second pass takes off what rounding left.
  for (let pass = 0; pass < 2 && factor; pass++) {
    const pull = Float64Array.from(list, (t) => members.reduce((s, i, m) => s + w[m] * column(t, i) * residuals[m], 0));
    const step = solve(factor, k, solve(factor, k, pull), true);
    list.forEach((t, a) => {
      base[a] += step[a];
      for (let m = 0; m < members.length; m++) residuals[m] -= step[a] * column(t, members[m]);
    });
  }
  return {
    list,
    weight: se ? 0 : members.reduce((s, i) => s + (weights ? weights[i] : 1), 0),
    squares: residuals.reduce((s, r, m) => s + w[m] * r * r, 0),
    pull: Float64Array.from(list, (t) => members.reduce((s, i, m) => s + w[m] * column(t, i) * residuals[m], 0)),
    information,
    base,
  };
}

/** The log scales' density, and exact draws of the coefficients given them. */
function modelOf(problem) {
  const { terms, mask, scale, groups } = problem;
  const priors = terms.map((t) => parsePrior(t.prior).args);
  const shared = terms.flatMap((t, at) => (t.pooling === 'none' ? [] : [at]));
  const placeOf = terms.map((_, at) => shared.indexOf(at));
  const s = shared.length;
  const statistics = mask.map((row, g) =>
    statisticsOf(
      problem,
      row.flatMap((on, t) => (on === 1 ? [t] : [])),
      g,
    ),
  );
  const scales = [];
  terms.forEach((t, at) => {
    if (t.pooling === 'partial') scales.push({ prior: t.sd, term: at, name: t.kind === 'intercept' ? 'tau_alpha' : `tau_w[${t.name}]` });
  });
  const noises = scale === null ? [] : scale.by === 'group' ? groups.map((g) => `scale[${g}]`) : ['scale'];
  noises.forEach((name, group) => {
    scales.push({ prior: scale.prior, group, name });
  });
  const tau = terms.map(() => 0);
  const sigma = groups.map(() => 1);
  const parts = statistics.map(() => null);
  let sharedFactor = null;
  let sharedMean = null;

  function put(u) {
    scales.forEach(({ term, group }, i) => {
      const value = Math.exp(u[i]);
      if (term !== undefined) tau[term] = value;
      else if (scale.by === 'group') sigma[group] = value;
      else sigma.fill(value);
    });
  }

  /** log p(u | y) up to a constant. */
  function logDensity(u) {
    put(u);
    let value = 0;
    scales.forEach(({ prior }, i) => {
      value += logPriorOf(prior, Math.exp(u[i])) + u[i];
    });
    if (!(value > Number.NEGATIVE_INFINITY)) return Number.NEGATIVE_INFINITY;
    const a = new Float64Array(s * s);
    const b = new Float64Array(s);
    shared.forEach((t, i) => {
      const [m, sd] = priors[t];
      a[i * (s + 1)] = 1 / (sd * sd);
      b[i] = m / (sd * sd);
    });
    for (let g = 0; g < statistics.length; g++) {
      const st = statistics[g];
      const k = st.list.length;
      const variance = sigma[g] * sigma[g];
      value -= st.weight * Math.log(sigma[g]) + (0.5 * st.squares) / variance;
      if (k === 0) continue;
      const root = st.list.map((t) => (terms[t].pooling === 'none' ? priors[t][1] : terms[t].pooling === 'partial' ? tau[t] : 0));
      const c = st.list.map((t, i) => (terms[t].pooling === 'none' ? priors[t][0] : 0) - st.base[i]);
      const p = st.information.map((v) => v / variance);
      const h = st.pull.map((v) => v / variance);
      const inner = new Float64Array(k * k);
      for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) inner[i * k + j] = root[i] * p[i * k + j] * root[j] + (i === j ? 1 : 0);
      const factor = cholesky(inner, k);
      if (factor === null) return Number.NEGATIVE_INFINITY;
      const inverse = inverseOf(factor, k);
      // W = P − P R G⁻¹ R P, as R⁻¹ (1 − G⁻¹) R⁻¹ where that loses fewer digits; w = h − P R G⁻¹ R h.
      const strong = root.every((r, i) => r * r * p[i * (k + 1)] > 1);
      const rh = h.map((v, i) => v * root[i]);
      const solved = new Float64Array(k);
      for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) solved[i] += inverse[i * k + j] * rh[j];
      const w = new Float64Array(k);
      const big = new Float64Array(k * k);
      const prg = new Float64Array(k * k);
      for (let i = 0; i < k; i++) {
        w[i] = h[i];
        for (let j = 0; j < k; j++) w[i] -= p[i * k + j] * root[j] * solved[j];
        for (let j = 0; j < k; j++) for (let m = 0; m < k; m++) prg[i * k + j] += p[i * k + m] * root[m] * inverse[m * k + j];
      }
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < k; j++) {
          if (strong) big[i * k + j] = ((i === j ? 1 : 0) - inverse[i * k + j]) / (root[i] * root[j]);
          else {
            let sum = p[i * k + j];
            for (let m = 0; m < k; m++) sum -= prg[i * k + m] * root[m] * p[m * k + j];
            big[i * k + j] = sum;
          }
        }
      }
      value -= logDiagonal(factor, k);
      for (let i = 0; i < k; i++) {
        value += 0.5 * rh[i] * solved[i] + w[i] * c[i];
        for (let j = 0; j < k; j++) value -= 0.5 * c[i] * big[i * k + j] * c[j];
      }
      for (let i = 0; i < k; i++) {
        const row = placeOf[st.list[i]];
        if (row < 0) continue;
        b[row] += w[i];
        for (let j = 0; j < k; j++) {
          b[row] -= big[i * k + j] * c[j];
          const other = placeOf[st.list[j]];
          if (other >= 0) a[row * s + other] += big[i * k + j];
        }
      }
      parts[g] = { root, c, p, h, factor };
    }
    if (s === 0) return value;
    sharedFactor = cholesky(a, s);
    if (sharedFactor === null) return Number.NEGATIVE_INFINITY;
    const half = solve(sharedFactor, s, b.slice());
    for (let i = 0; i < s; i++) value += 0.5 * half[i] * half[i];
    sharedMean = solve(sharedFactor, s, half, true);
    return value - logDiagonal(sharedFactor, s);
  }

  const cells = cellsOf(problem);
  const names = [];
  for (const t of shared) {
    const kind = terms[t].kind === 'intercept' ? 'alpha' : `w[${terms[t].name}]`;
    names.push(terms[t].pooling === 'partial' ? `mu_${kind}` : kind);
  }
  const own = cells.filter((c) => terms[c.term].pooling !== 'complete');
  names.push(...own.map((c) => nameOfCell(problem, c)), ...scales.map((f) => f.name));

  /** Every scalar at u, the coefficients drawn; in the order of `names`. */
  function draw(rng, u) {
    logDensity(u);
    const theta = Float64Array.from({ length: s }, () => rng.normal());
    if (s > 0) solve(sharedFactor, s, theta, true);
    for (let i = 0; i < s; i++) theta[i] += sharedMean[i];
    const out = [...theta];
    for (let g = 0; g < statistics.length; g++) {
      const { list, base } = statistics[g];
      const k = list.length;
      if (k === 0) continue;
      const { root, c, p, h, factor } = parts[g];
      const at = list.map((t, i) => c[i] + (placeOf[t] < 0 ? 0 : theta[placeOf[t]]));
      const v = new Float64Array(k);
      for (let i = 0; i < k; i++) {
        let sum = h[i];
        for (let j = 0; j < k; j++) sum -= p[i * k + j] * at[j];
        v[i] = root[i] * sum;
      }
      solve(factor, k, v);
      for (let i = 0; i < k; i++) v[i] += rng.normal();
      solve(factor, k, v, true);
      list.forEach((t, i) => {
        if (terms[t].pooling !== 'complete') out.push(base[i] + at[i] + root[i] * v[i]);
      });
    }
    out.push(...u.map(Math.exp));
    return out;
  }

  const guess = scales.map(() => Math.log(0.3));
  const total = statistics.reduce((sum, st) => sum + st.squares, 0);
  const weight = statistics.reduce((sum, st) => sum + st.weight, 0);
  scales.forEach((f, i) => {
    if (f.term === undefined) guess[i] = 0.5 * Math.log(Math.max(1e-12, total / Math.max(1, weight)) + 1e-14);
  });
  return { dimension: scales.length, logDensity, draw, names, guess };
}

/** The mode by Newton steps along one coordinate after another. */
function modeFrom(logDensity, start) {
  const u = [...start];
  let value = logDensity(u);
  for (let sweep = 0; sweep < 60; sweep++) {
    const before = value;
    for (let i = 0; i < u.length; i++) {
      const at = (step) => {
        const there = [...u];
        there[i] += step;
        return logDensity(there);
      };
      const [up, down] = [at(0.1), at(-0.1)];
      const curvature = (up - 2 * value + down) / 0.01;
      const slope = (up - down) / 0.2;
      const step = curvature < -1e-3 ? Math.max(-1, Math.min(1, -slope / curvature)) : Math.sign(slope) * 0.5;
      for (let scale = 1; scale > 1e-3; scale /= 2) {
        const moved = at(scale * step);
        if (moved > value) {
          u[i] += scale * step;
          value = moved;
          break;
        }
      }
    }
    if (value - before < 1e-6) break;
  }
  return u;
}

/** { names, draws: [scalars], weights (sum 1), share: effective share of the draws }. */
export function sampleCollapsed(problem, seed) {
  const rng = new Random(seed, 77);
  const model = modelOf(problem);
  const d = model.dimension;
  let centre = modeFrom(model.logDensity, model.guess);
  let covariance = new Float64Array(d * d);
  for (let i = 0; i < d; i++) covariance[i * (d + 1)] = 0.5;
  const propose = (factor) => {
    const z = Float64Array.from({ length: d }, () => rng.normal());
    const stretch = Math.sqrt(NU / (2 * rng.gamma(NU / 2)));
    const u = centre.map((m, i) => {
      let sum = m;
      for (let j = 0; j <= i; j++) sum += stretch * factor[i * d + j] * z[j];
      return sum;
    });
    const square = z.reduce((s, v) => s + v * v, 0) * stretch * stretch;
    return { u, logProposal: -0.5 * (NU + d) * Math.log1p(square / NU) - logDiagonal(factor, d) };
  };
  const round = (n) => {
    const factor = cholesky(covariance, d);
    const found = Array.from({ length: n }, () => {
      const { u, logProposal } = propose(factor);
      return { u, log: model.logDensity(u) - logProposal };
    });
    const most = Math.max(...found.map((f) => f.log));
    for (const f of found) f.weight = Math.exp(f.log - most);
    const sum = found.reduce((total, f) => total + f.weight, 0);
    for (const f of found) f.weight /= sum;
    return found;
  };
  for (const n of ROUNDS) {
    const found = round(n);
    const mean = centre.map((_, i) => found.reduce((sum, f) => sum + f.weight * f.u[i], 0));
    const next = new Float64Array(d * d);
    for (const f of found) {
      for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) next[i * d + j] += f.weight * (f.u[i] - mean[i]) * (f.u[j] - mean[j]);
    }
    for (let i = 0; i < d; i++) next[i * (d + 1)] += 1e-4;
    centre = mean;
    covariance = next;
  }
  const found = round(DRAWS).filter((f) => f.weight > 0);
  return {
    names: model.names,
    draws: found.map((f) => model.draw(rng, f.u)),
    weights: Float64Array.from(found, (f) => f.weight),
    share: 1 / found.reduce((sum, f) => sum + f.weight * f.weight, 0) / DRAWS,
    heaviest: Math.max(...found.map((f) => f.weight)),
  };
}
