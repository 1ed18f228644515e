// A model's log density and gradient, row by row, written anew: it shares nothing with the engine, not even special functions.
// Partially pooled coefficients are centred or non-centred, one parametrisation for all; covariates count from their means there.
import { parsePrior } from './random.mjs';

/** log Γ and its derivative by Stirling's series behind the recurrence. */
export function logGamma(x) {
  let shift = 0;
  let y = x;
  while (y < 10) shift += Math.log(y++);
  const i = 1 / (y * y);
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - i * (1 / 360 - i * (1 / 1260 - i / 1680))) / y - shift;
}

export function digamma(x) {
  let shift = 0;
  let y = x;
  while (y < 10) shift += 1 / y++;
  const i = 1 / (y * y);
  return Math.log(y) - 0.5 / y - i * (1 / 12 - i * (1 / 120 - i * (1 / 252 - i / 240))) - shift;
}

const student = (z, nu, scale) => [-0.5 * (nu + 1) * Math.log1p((z * z) / nu), (-(nu + 1) * z) / ((nu + z * z) * scale)];
const normal = (z, scale) => [-0.5 * z * z, -z / scale];

/** log p(x) up to a constant, and its derivative. */
const PRIORS = {
  normal: (x, [m, s]) => normal((x - m) / s, s),
  student_t: (x, [nu, m, s]) => student((x - m) / s, nu, s),
  cauchy: (x, [m, s]) => student((x - m) / s, 1, s),
  laplace: (x, [m, b]) => [-Math.abs(x - m) / b, -Math.sign(x - m) / b],
  uniform: () => [0, 0],
  flat: () => [0, 0],
  half_normal: (x, [s]) => normal(x / s, s),
  half_student_t: (x, [nu, s]) => student(x / s, nu, s),
  half_cauchy: (x, [s]) => student(x / s, 1, s),
  exponential: (x, [rate]) => [-rate * x, -rate],
  gamma: (x, [a, b]) => [(a - 1) * Math.log(x) - b * x, (a - 1) / x - b],
  inverse_gamma: (x, [a, b]) => [-(a + 1) * Math.log(x) - b / x, (b / x - a - 1) / x],
  lognormal: (x, [m, s]) => [-Math.log(x) - 0.5 * ((Math.log(x) - m) / s) ** 2, -(1 + (Math.log(x) - m) / (s * s)) / x],
};

/** log p(x) of a prior's text, up to a constant; −Infinity outside its support. */
export function logPriorOf(prior, x) {
  const { dist, args } = parsePrior(prior);
  if (dist === 'uniform' && !(x >= args[0] && x <= args[1])) return Number.NEGATIVE_INFINITY;
  return PRIORS[dist](x, args)[0];
}

export const logistic = (t) => (t >= 0 ? 1 / (1 + Math.exp(-t)) : Math.exp(t) / (1 + Math.exp(t)));
const softplus = (t) => (t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t)));

/** One scalar's unconstrained coordinate. */
function slotOf(prior, positive) {
  const { dist, args } = parsePrior(prior);
  const bounded = dist === 'uniform';
  const lower = bounded ? (positive ? Math.max(0, args[0]) : args[0]) : 0;
  const upper = bounded ? args[1] : Number.POSITIVE_INFINITY;
  const log = PRIORS[dist];
  const kind = bounded ? 'logit' : positive ? 'log' : 'identity';
  return {
    identity: kind === 'identity',
    value(u) {
      if (kind === 'identity') return u;
      return kind === 'log' ? Math.exp(u) : lower + (upper - lower) * logistic(u);
    },
    /** [log density of u, its derivative, dx/du] */
    density(u, x) {
      const [value, first] = log(x, args);
      if (kind === 'identity') return [value, first, 1];
      if (kind === 'log') return [value + u, first * x + 1, x];
      const p = logistic(u);
      const slope = (upper - lower) * p * (1 - p);
      return [value - softplus(u) - softplus(-u), first * slope + 1 - 2 * p, slope];
    },
  };
}

/** The cells that exist: [{ term, group }], group by group. */
export function cellsOf({ terms, mask }) {
  const cells = [];
  mask.forEach((row, group) => {
    row.forEach((on, term) => {
      if (on === 1) cells.push({ term, group });
    });
  });
  return terms.length === 0 ? [] : cells;
}

const termName = ({ kind, name }) => (kind === 'intercept' ? 'alpha' : `w[${name}]`);

/** Names of all scalars, as a fit lists them: a function of term and group for cells. */
export function nameOfCell({ terms, groups }, { term, group }) {
  const { kind, name, pooling } = terms[term];
  if (pooling === 'complete') return termName(terms[term]);
  return kind === 'intercept' ? `alpha[${groups[group]}]` : `w[${name}, ${groups[group]}]`;
}

/** Means of the covariates over the rows in which they exist. */
function centresOf({ terms, mask, group, x }) {
  return terms.map((term, t) => {
    if (term.kind === 'intercept') return 0;
    let sum = 0;
    let n = 0;
    for (let i = 0; i < group.length; i++) {
      if (mask[group[i]][t] === 0) continue;
      sum += x[term.name][i];
      n++;
    }
    return n > 0 ? sum / n : 0;
  });
}

/** A group's rows as numbers side by side: x is rows × terms, row-major. */
function tableOf({ terms, group, x, y, trials, exposure, se, weights }, list, g, cell) {
  const members = group.flatMap((h, i) => (h === g ? [i] : []));
  const column = (values, missing) => Float64Array.from(members, (i) => (values ? values[i] : missing));
  return {
    rows: members.length,
    x: Float64Array.from(members.flatMap((i) => list.map((t) => (terms[t].kind === 'intercept' ? 1 : x[terms[t].name][i])))),
    y: column(y),
    offset: column(exposure, 1).map(Math.log),
    trials: column(trials, 1),
    se: column(se, 0),
    weight: column(weights, 1),
    cells: Int32Array.from(list, cell),
  };
}

/** Least squares of a group's rows on its columns by Gram and Schmidt, twice; `null` where rows are few or columns nearly dependent. */
function leastSquares({ terms, group, x, y, weights }, list, g) {
  const members = group.flatMap((h, i) => (h === g ? [i] : []));
  const k = list.length;
  if (members.length < 3 * k + 2) return null;
  const root = members.map((i) => Math.sqrt(weights ? weights[i] : 1));
  const columns = list.map((t) => members.map((i, m) => root[m] * (terms[t].kind === 'intercept' ? 1 : x[terms[t].name][i])));
  const dot = (a, b) => a.reduce((sum, v, m) => sum + v * b[m], 0);
  const basis = [];
  const upper = new Float64Array(k * k);
  const orthogonal = (column, j) => {
    const v = column.slice();
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((q, a) => {
        const along = dot(q, v);
        if (j !== null) upper[a * k + j] += along;
        else target[a] += along;
        for (let m = 0; m < v.length; m++) v[m] -= along * q[m];
      });
    }
    return v;
  };
  const target = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    const v = orthogonal(columns[j], j);
    const size = Math.sqrt(dot(v, v));
    if (!(size > 1e-6 * Math.sqrt(dot(columns[j], columns[j])))) return null;
    upper[j * k + j] = size;
    basis.push(v.map((e) => e / size));
  }
  const rest = orthogonal(
    members.map((i, m) => root[m] * y[i]),
    null,
  );
  const estimate = new Float64Array(k);
  for (let j = k - 1; j >= 0; j--) {
    let sum = target[j];
    for (let b = j + 1; b < k; b++) sum -= upper[j * k + b] * estimate[b];
    estimate[j] = sum / upper[j * k + j];
  }
  const information = new Float64Array(k * k);
  for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) information[a * k + b] = dot(columns[a], columns[b]);
  return { weight: members.reduce((sum, i) => sum + (weights ? weights[i] : 1), 0), rss: dot(rest, rest), estimate, information };
}

/**
 * { dimension, names, evaluate(position, gradient) → log density, constrain(position, out) }. `out` has one number a name.
 * @param centred whether a partially pooled coefficient is its own coordinate; else its distance from mu in units of tau is.
 */
export function densityOf(problem, centred) {
  const { terms, family, mask, se } = problem;
  const cells = cellsOf(problem);
  const cellAt = new Int32Array(mask.length * terms.length).fill(-1);
  cells.forEach((c, i) => {
    cellAt[c.group * terms.length + c.term] = i;
  });
  const names = [];
  const outputs = [];
  let dimension = 0;
  const place = (prior, positive) => ({ at: dimension++, ...slotOf(prior, positive) });
  const output = (name, read) => {
    names.push(name);
    outputs.push(read);
  };
  // Coefficients by cell at the last position, and the likelihood's gradient in them.
  const beta = new Float64Array(cells.length);
  const betaGradient = new Float64Array(cells.length);
  const shared = terms.map((term, t) => {
    const members = cells.flatMap((c, i) => (c.term === t ? [i] : []));
    const own = { mu: 0, tau: 1, value: 0 };
    if (term.pooling === 'partial') {
      const mu = place(term.prior, false);
      const tau = place(term.sd, true);
      output(term.kind === 'intercept' ? 'mu_alpha' : `mu_w[${term.name}]`, () => own.mu);
      output(term.kind === 'intercept' ? 'tau_alpha' : `tau_w[${term.name}]`, () => own.tau);
      const at = members.map(() => dimension++);
      return { term, members, own, mu, tau, at };
    }
    if (term.pooling === 'complete') {
      if (members.length === 0) return { term, members, own };
      const slot = place(term.prior, false);
      output(termName(term), () => own.value);
      return { term, members, own, slot };
    }
    return { term, members, own, slots: members.map(() => place(term.prior, false)) };
  });
  cells.forEach((c, i) => {
    if (terms[c.term].pooling !== 'complete') output(nameOfCell(problem, c), () => beta[i]);
  });
  const byGroup = problem.scale?.by === 'group';
  const scale = new Float64Array(mask.length).fill(1);
  const scaleGradient = new Float64Array(mask.length);
  const scales = problem.scale === null ? [] : (byGroup ? mask : [0]).map(() => place(problem.scale.prior, true));
  scales.forEach((_, g) => {
    output(byGroup ? `scale[${problem.groups[g]}]` : 'scale', () => scale[g]);
  });
  let extra = 1;
  const extraName = family === 'student_t' ? 'nu' : family === 'negative_binomial' ? 'shape' : null;
  const extraSlot = extraName === null ? null : place(problem[extraName], true);
  if (extraSlot) output(extraName, () => extra);

  const active = mask.map((row) => row.flatMap((on, t) => (on === 1 ? [t] : [])));
  const fits = family === 'gaussian' && !se ? active.map((list, g) => leastSquares(problem, list, g)) : active.map(() => null);
  /** The rows of a group that are gone through one by one. */
  const tables = active.map((list, g) => tableOf(problem, list, fits[g] === null ? g : -1, (t) => cellAt[g * terms.length + t]));
  const coefficients = new Float64Array(terms.length);
  const slopes = new Float64Array(terms.length);
  /** A Gaussian group by its least-squares fit: Σ w (y − Xβ)² = RSS + (β − β̂)ᵀ XᵀWX (β − β̂). */
  function fromFit({ weight, rss, estimate, information }, g) {
    const list = active[g];
    const base = g * terms.length;
    const s = scale[byGroup ? g : 0];
    let squares = rss;
    for (let a = 0; a < list.length; a++) {
      let pull = 0;
      for (let b = 0; b < list.length; b++) pull += information[a * list.length + b] * (beta[cellAt[base + list[b]]] - estimate[b]);
      squares += pull * (beta[cellAt[base + list[a]]] - estimate[a]);
      betaGradient[cellAt[base + list[a]]] = -pull / (s * s);
    }
    scaleGradient[byGroup ? g : 0] += squares / (s * s * s) - weight / s;
    return -weight * Math.log(s) - (0.5 * squares) / (s * s);
  }

  function rows() {
    betaGradient.fill(0);
    scaleGradient.fill(0);
    let extraGradient = 0;
    let total = 0;
    for (let g = 0; g < fits.length; g++) if (fits[g] !== null) total += fromFit(fits[g], g);
    const half = family === 'student_t' ? logGamma((extra + 1) / 2) - logGamma(extra / 2) - 0.5 * Math.log(extra) : 0;
    const halfSlope = family === 'student_t' ? 0.5 * (digamma((extra + 1) / 2) - digamma(extra / 2) - 1 / extra) : 0;
    const shapeConstants = family === 'negative_binomial' ? [logGamma(extra), digamma(extra)] : null;
    for (let g = 0; g < tables.length; g++) {
      const { rows: count, x, y, offset, trials, se, weight, cells: own } = tables[g];
      const k = own.length;
      for (let j = 0; j < k; j++) {
        coefficients[j] = beta[own[j]];
        slopes[j] = 0;
      }
      const groupScale = scale[byGroup ? g : 0];
      for (let i = 0; i < count; i++) {
        let eta = offset[i];
        for (let j = 0; j < k; j++) eta += coefficients[j] * x[i * k + j];
        const w = weight[i];
        let slope = 0;
        if (family === 'gaussian' || family === 'student_t') {
          const s = se[i] > 0 ? se[i] : groupScale;
          const z = (y[i] - eta) / s;
          let pull = z;
          if (family === 'gaussian') total += w * (-0.5 * z * z - Math.log(s));
          else {
            const q = Math.log1p((z * z) / extra);
            pull = ((extra + 1) * z) / (extra + z * z);
            total += w * (half - Math.log(s) - 0.5 * (extra + 1) * q);
            extraGradient += w * (halfSlope - 0.5 * q + (0.5 * (extra + 1) * z * z) / (extra * (extra + z * z)));
          }
          slope = pull / s;
          scaleGradient[byGroup ? g : 0] += w * ((pull * z - 1) / s);
        } else if (family === 'poisson') {
          const mean = Math.exp(eta);
          total += w * (y[i] * eta - mean);
          slope = y[i] - mean;
        } else {
          const t = shapeConstants === null ? eta : eta - Math.log(extra);
          const e = Math.exp(-Math.abs(t));
          const softplus = Math.max(t, 0) + Math.log1p(e);
          const chance = t >= 0 ? 1 / (1 + e) : e / (1 + e);
          const all = shapeConstants === null ? trials[i] : y[i] + extra;
          total += w * (y[i] * t - all * softplus);
          slope = y[i] - all * chance;
          if (shapeConstants !== null) {
            total += w * (logGamma(all) - shapeConstants[0]);
            extraGradient += w * (digamma(all) - shapeConstants[1] - softplus - slope / extra);
          }
        }
        slope *= w;
        for (let j = 0; j < k; j++) slopes[j] += slope * x[i * k + j];
      }
      for (let j = 0; j < k; j++) betaGradient[own[j]] += slopes[j];
    }
    return { total, extraGradient };
  }

  function put(q) {
    for (const s of shared) {
      if (s.mu) {
        s.own.mu = s.mu.value(q[s.mu.at]);
        s.own.tau = s.tau.value(q[s.tau.at]);
        s.members.forEach((c, k) => {
          beta[c] = centred ? q[s.at[k]] : s.own.mu + s.own.tau * q[s.at[k]];
        });
      } else if (s.slot) {
        s.own.value = s.slot.value(q[s.slot.at]);
        for (const c of s.members) beta[c] = s.own.value;
      } else if (s.slots) {
        s.members.forEach((c, k) => {
          beta[c] = s.slots[k].value(q[s.slots[k].at]);
        });
      }
    }
    scales.forEach((slot, g) => {
      scale[g] = slot.value(q[slot.at]);
    });
    if (extraSlot) extra = extraSlot.value(q[extraSlot.at]);
  }

  function evaluate(q, gradient) {
    put(q);
    const { total, extraGradient } = rows();
    let value = total;
    const add = (slot, x, inX) => {
      const [p, first, slope] = slot.density(q[slot.at], x);
      value += p;
      gradient[slot.at] = first + inX * slope;
    };
    for (const s of shared) {
      if (s.mu) {
        const { mu, tau } = s.own;
        let inMu = 0;
        let inTau = 0;
        s.members.forEach((c, k) => {
          const z = centred ? (beta[c] - mu) / tau : q[s.at[k]];
          value -= 0.5 * z * z;
          if (centred) {
            value -= Math.log(tau);
            gradient[s.at[k]] = betaGradient[c] - z / tau;
            inMu += z / tau;
            inTau += (z * z - 1) / tau;
          } else {
            gradient[s.at[k]] = betaGradient[c] * tau - z;
            inMu += betaGradient[c];
            inTau += betaGradient[c] * z;
          }
        });
        add(s.mu, mu, inMu);
        add(s.tau, tau, inTau);
      } else if (s.slot) {
        let sum = 0;
        for (const c of s.members) sum += betaGradient[c];
        add(s.slot, s.own.value, sum);
      } else if (s.slots) {
        s.members.forEach((c, k) => {
          add(s.slots[k], beta[c], betaGradient[c]);
        });
      }
    }
    scales.forEach((slot, g) => {
      add(slot, scale[g], scaleGradient[g]);
    });
    if (extraSlot) add(extraSlot, extra, extraGradient);
    return value;
  }

  // Coordinates count covariates from their means where intercept and slope are free lines: a shear, of determinant 1.
  const shears = [];
  const shear = (base, slope, centre) => {
    if (base?.identity && slope?.identity && centre !== 0) shears.push([base.at, slope.at, centre]);
  };
  const centres = centresOf(problem);
  const from = terms.findIndex((t) => t.kind === 'intercept');
  shared.forEach((s, t) => {
    if (from < 0 || t === from) return;
    const base = shared[from];
    shear(base.mu ?? base.slot, s.mu ?? s.slot, centres[t]);
    s.members.forEach((c, k) => {
      const place = base.members.indexOf(cellAt[cells[c].group * terms.length + from]);
      if (place < 0) return;
      if (base.slots && s.slots) shear(base.slots[place], s.slots[k], centres[t]);
      if (base.at && s.at && centred) shears.push([base.at[place], s.at[k], centres[t]]);
    });
  });
  const plain = new Float64Array(dimension);
  const unshear = (q) => {
    plain.set(q);
    for (const [base, slope, centre] of shears) plain[base] -= centre * q[slope];
    return plain;
  };

  return {
    dimension,
    names,
    evaluate(q, gradient) {
      const value = evaluate(unshear(q), gradient);
      for (const [base, slope, centre] of shears) gradient[slope] -= centre * gradient[base];
      return value;
    },
    constrain(q, out) {
      put(unshear(q));
      outputs.forEach((read, i) => {
        out[i] = read();
      });
    },
  };
}
