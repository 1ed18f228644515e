// The corpus: models by index, each of one class, the same on every machine. Classes take turns, so that the first few models are of all.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLASSES } from './classes.mjs';
import { cellsOf, logistic, nameOfCell } from './density.mjs';
import { drawFrom, Random } from './random.mjs';

export const CLASS_NAMES = Object.keys(CLASSES);
/** Ten of each class. */
export const MODELS = 10 * CLASS_NAMES.length;

/**
 * The model of that index. A problem: { id, class, family, groups (names), group (of each row), x, y, trials, exposure, se, weights, terms, mask,
 * scale, nu, shape, truth, fromPriors }. Priors are texts as in a spec; "auto" ones are filled in by whoever reads the spec.
 */
export function modelOf(id) {
  const name = CLASS_NAMES[id % CLASS_NAMES.length];
  const variant = Math.floor(id / CLASS_NAMES.length);
  const rng = new Random(1000 + id, 7);
  return simulate(rng, { id, class: name, ...CLASSES[name](rng, variant) });
}

const call = (value, ...args) => (typeof value === 'function' ? value(...args) : value);

/** Turns a class's description into a problem with its data. */
function simulate(rng, o) {
  const groups = Array.from({ length: o.groups }, (_, g) => `g${g + 1}`);
  const pooling = o.pooling ?? 'none';
  const pooled = (t) => ({ ...t, pooling: t.pooling ?? pooling });
  const intercept = o.intercept === false ? [] : [pooled({ prior: 'normal(0, 5)', sd: 'half_normal(2)', ...o.intercept })];
  const covariates = (o.covariates ?? []).map((c) => pooled({ prior: 'normal(0, 2)', sd: 'half_normal(1)', ...c }));
  const terms = [...intercept.map((t) => term('intercept', 'alpha', t)), ...covariates.map((c, p) => term('slope', `x${p + 1}`, c))];
  const mask = drawMask(rng, groups.length, terms, o.masked ?? 0);
  const group = groups.flatMap((_, g) => new Array(call(o.rows, g)).fill(g));
  shuffle(rng, group);
  const x = {};
  covariates.forEach((c, p) => {
    const own = (c.make ?? (() => rng.normal())).bind(null);
    x[`x${p + 1}`] = group.map((g, i) => rounded(own(i, g, (q) => x[`x${q}`][i])));
  });
  const scaled = (o.family === 'gaussian' || o.family === 'student_t') && !o.se;
  const scale = scaled ? { prior: o.scale ?? 'half_normal(2)', by: o.scaleBy ?? 'all' } : null;
  const nu = o.family === 'student_t' ? (o.nu ?? 'gamma(2, 0.1)') : null;
  const shape = o.family === 'negative_binomial' ? (o.shape ?? 'exponential(1)') : null;
  const problem = {
    id: o.id,
    class: o.class,
    family: o.family,
    defaults: o.defaults ?? false,
    groups,
    group,
    x,
    terms,
    mask,
    scale,
    nu,
    shape,
  };
  problem.trials = o.trials ? group.map(() => o.trials(rng)) : null;
  problem.exposure = o.exposure ? group.map(() => rounded(o.exposure(rng))) : null;
  problem.se = o.se ? group.map(() => rounded(o.se(rng))) : null;
  problem.weights = o.weights ? group.map(() => o.weights(rng)) : null;
  const { truth, beta, sigma, extra } = drawTruth(rng, problem, o.truth ?? {});
  problem.truth = truth;
  problem.fromPriors = o.truth === undefined && !problem.weights && !o.respond;
  problem.y = group.map((g, i) => {
    let eta = problem.exposure ? Math.log(problem.exposure[i]) : 0;
    terms.forEach((t, k) => {
      if (mask[g][k] === 1) eta += beta(k, g) * (t.kind === 'intercept' ? 1 : x[t.name][i]);
    });
    const y = respond(rng, o.family, eta, { trials: problem.trials?.[i] ?? 1, scale: problem.se?.[i] ?? sigma(g), extra });
    return rounded(o.respond ? o.respond(y, i, g) : y, 10);
  });
  return problem;
}

/** A number as the data file will have it. */
const rounded = (v, digits = 8) => Number(v.toPrecision(digits));

const term = (kind, name, { prior, sd, pooling }) => ({ kind, name, pooling, prior, sd: pooling === 'partial' ? sd : null });

/** A group keeps one term at least. */
function drawMask(rng, groups, terms, share) {
  return Array.from({ length: groups }, () => {
    const row = terms.map((t) => (t.kind === 'slope' && rng.uniform() < share ? 0 : 1));
    if (!row.includes(1)) row[0] = 1;
    return row;
  });
}

function shuffle(rng, list) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = rng.integer(0, i);
    [list[i], list[j]] = [list[j], list[i]];
  }
}

/** Parameters from their priors, or as `given` says: a number, or a function of the group, by name (`alpha`, `x1`, `tau_alpha`, `scale`, …). */
function drawTruth(rng, problem, given) {
  const { terms, groups, scale, nu, shape } = problem;
  const truth = {};
  const or = (value, make) => (value === undefined ? make() : value);
  const from = (prior, positive) => (prior === 'auto' ? (positive ? rng.exponential() : rng.normal()) : drawFrom(rng, prior, positive));
  const shared = terms.map((t) => {
    if (t.pooling === 'none') return null;
    const name = t.kind === 'intercept' ? 'alpha' : `w[${t.name}]`;
    if (t.pooling === 'complete') {
      truth[name] = or(call(given[t.name], 0), () => from(t.prior, false));
      return truth[name];
    }
    const mu = or(given[`mu_${t.name}`], () => from(t.prior, false));
    const tau = or(given[`tau_${t.name}`], () => from(t.sd, true));
    truth[`mu_${name}`] = mu;
    truth[`tau_${name}`] = tau;
    return { mu, tau };
  });
  const values = new Map();
  for (const cell of cellsOf(problem)) {
    const t = terms[cell.term];
    const s = shared[cell.term];
    const value =
      t.pooling === 'complete'
        ? s
        : or(call(given[t.name], cell.group), () => (s === null ? from(t.prior, false) : s.mu + s.tau * rng.normal()));
    values.set(cell.group * terms.length + cell.term, value);
    truth[nameOfCell(problem, cell)] = value;
  }
  const sigmas =
    scale === null ? [1] : (scale.by === 'group' ? groups : [0]).map((_, g) => or(call(given.scale, g), () => from(scale.prior, true)));
  if (scale !== null) {
    sigmas.forEach((v, g) => {
      truth[scale.by === 'group' ? `scale[${groups[g]}]` : 'scale'] = v;
    });
  }
  const extra = nu ? or(given.nu, () => from(nu, true)) : shape ? or(given.shape, () => from(shape, true)) : 1;
  if (nu) truth.nu = extra;
  if (shape) truth.shape = extra;
  const beta = (t, g) => values.get(g * terms.length + t);
  return { truth, beta, sigma: (g) => sigmas[scale?.by === 'group' ? g : 0], extra };
}

function respond(rng, family, eta, { trials, scale, extra }) {
  if (family === 'gaussian') return eta + scale * rng.normal();
  if (family === 'student_t') return eta + scale * rng.student(extra);
  if (family === 'bernoulli') return rng.uniform() < logistic(eta) ? 1 : 0;
  if (family === 'binomial') {
    let y = 0;
    for (let k = 0; k < trials; k++) y += rng.uniform() < logistic(eta) ? 1 : 0;
    return y;
  }
  const mean = Math.exp(Math.min(eta, 9));
  return rng.poisson(family === 'poisson' ? mean : (mean * rng.gamma(extra)) / extra);
}

/** What makes a problem what it is: two with the same key have the same posterior. */
export const keyOf = (problem) =>
  createHash('sha1')
    .update(JSON.stringify({ ...problem, truth: null }))
    .digest('hex')
    .slice(0, 12);

/** Writes the spec, its data and the problem itself; returns the spec's path. */
export function writeModel(problem, folder) {
  mkdirSync(folder, { recursive: true });
  const { terms, groups, group, mask, x, y } = problem;
  const extras = Object.entries({ trials: problem.trials, exposure: problem.exposure, se: problem.se, weights: problem.weights }).filter(
    ([, v]) => v,
  );
  const slopes = terms.flatMap((t, k) => (t.kind === 'slope' ? [{ ...t, k }] : []));
  const lines = [['group', ...slopes.map((t) => t.name), 'y', ...extras.map(([n]) => n)].join(',')];
  for (let i = 0; i < group.length; i++) {
    const cells = slopes.map((t) => (mask[group[i]][t.k] === 1 ? x[t.name][i] : ''));
    lines.push([groups[group[i]], ...cells, y[i], ...extras.map(([, v]) => v[i])].join(','));
  }
  writeFileSync(join(folder, 'data.csv'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'problem.json'), JSON.stringify(problem));
  const options = ({ pooling, prior, sd }) => ({ pooling, ...(prior === 'auto' ? {} : { prior }), ...(sd && sd !== 'auto' ? { sd } : {}) });
  const intercept = terms.find((t) => t.kind === 'intercept');
  const priors = {};
  if (problem.scale && problem.scale.prior !== 'auto')
    priors.scale = problem.scale.by === 'group' ? { prior: problem.scale.prior, by: 'group' } : problem.scale.prior;
  if (problem.nu && problem.nu !== 'auto') priors.nu = problem.nu;
  if (problem.shape && problem.shape !== 'auto') priors.shape = problem.shape;
  const spec = {
    data: 'data.csv',
    response: { column: 'y', ...Object.fromEntries(extras.map(([n]) => [n, n])) },
    group: 'group',
    family: problem.family,
    intercept: intercept ? options(intercept) : false,
    covariates: slopes.map((t) => ({ column: t.name, ...options(t) })),
    mask: Object.fromEntries(groups.map((g, i) => [g, slopes.map((t) => mask[i][t.k])])),
    priors,
  };
  const path = join(folder, 'model.hmask.json');
  writeFileSync(path, JSON.stringify(spec, null, 1));
  return path;
}
