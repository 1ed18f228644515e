// The problems, generated: data.csv, model.hmask.json for us and problem.json for the peers, in one folder.
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The reference problem: two product groups, one of which has no cutting step. */
export function writeReference({ simulateManufacturing }, folder, rows = 500, seed = 1) {
  writeFileSync(join(folder, 'data.csv'), simulateManufacturing(rows, seed));
  return writeProblem(folder, {
    family: 'gaussian',
    pooled: false,
    group: 'Product_Group',
    groups: ['Product_Group_1', 'Product_Group_2'],
    covariates: ['Feed_Speed', 'Pull_Acceleration', 'Cutting_Wait_Time'],
    response: 'Production_Speed',
    mask: [
      [1, 1, 0],
      [1, 1, 1],
    ],
    priors: { intercept: [0, 5], weights: [0, 5], scale: 5 },
  });
}

/** Each cell is there with that probability; one at least in every group. */
function drawMask(rng, groups, covariates, probability) {
  return Array.from({ length: groups }, () => {
    const row = Array.from({ length: covariates }, () => (rng.uniform() < probability ? 1 : 0));
    if (!row.includes(1)) row[Math.floor(rng.uniform() * covariates)] = 1;
    return row;
  });
}

/** Gaussian: 70 % of the slopes exist, w[p, g] ~ N(mu_p, 1), mu_p ~ N(0, 2), alpha[g] ~ N(1, 1), x ~ U(0.1, 5), noise 0.5. */
export function writeGaussian({ Rng }, folder, { rows, groups, covariates, seed = 1, pooled = true }) {
  const rng = Rng.of(seed, 0);
  const mask = drawMask(rng, groups, covariates, 0.7);
  const mu = Array.from({ length: covariates }, () => 2 * rng.normal());
  const w = mask.map((on) => on.map((m, p) => m * (mu[p] + rng.normal())));
  const alpha = mask.map(() => 1 + rng.normal());
  writeRows(folder, rows, covariates, (i) => {
    const g = i % groups;
    let y = alpha[g] + 0.5 * rng.normal();
    const cells = mask[g].map((m, p) => {
      const x = Number((0.1 + 4.9 * rng.uniform()).toPrecision(6));
      y += w[g][p] * x;
      return m === 1 ? x : '';
    });
    return [`g${g + 1}`, ...cells, y.toPrecision(8)];
  });
  const priors = { intercept: [0, 5], weights: [0, 5], scale: 5, ...(pooled ? { intercept_sd: 5, weights_sd: 2.5 } : {}) };
  return writeProblem(folder, { family: 'gaussian', pooled, ...namesOf(groups, covariates), mask, priors });
}

/** Bernoulli or Poisson: 75 % of the slopes exist, x ~ N(0, 1), coefficients ~ N(mu, 0.5), mu ~ N(0, 0.5), the Poisson intercept's 0.5. */
export function writeGlm({ Rng, drawPoisson }, folder, { family, rows, groups = 20, covariates = 4, seed = 1 }) {
  const truth = Rng.of(seed, 0);
  const rng = Rng.of(seed, 1);
  const mask = drawMask(truth, groups, covariates, 0.75);
  const mu = Array.from({ length: covariates + 1 }, () => 0.5 * truth.normal());
  if (family === 'poisson') mu[0] = 0.5;
  const b = mask.map((on) => [1, ...on].map((m, k) => m * (mu[k] + 0.5 * truth.normal())));
  writeRows(folder, rows, covariates, (i) => {
    const g = i % groups;
    let eta = b[g][0];
    const cells = mask[g].map((m, p) => {
      const x = Number(rng.normal().toFixed(5));
      eta += b[g][p + 1] * x;
      return m === 1 ? x : '';
    });
    const y = family === 'poisson' ? drawPoisson(rng, Math.exp(eta)) : Number(rng.uniform() < 1 / (1 + Math.exp(-eta)));
    return [`g${g + 1}`, ...cells, y];
  });
  const priors = { intercept: [0, 2.5], weights: [0, 2.5], intercept_sd: 1, weights_sd: 1 };
  return writeProblem(folder, { family, pooled: true, ...namesOf(groups, covariates), mask, priors });
}

/** Eight groups of one row each, every row with a standard error of its own, the intercepts partially pooled. */
export function writeEightGroups({ Rng }, folder, seed = 1) {
  const rng = Rng.of(seed, 0);
  const lines = ['school,effect,se'];
  for (let g = 0; g < 8; g++) {
    const se = 9 + Math.floor(10 * rng.uniform());
    lines.push(`s${g + 1},${(6 + 5 * rng.normal() + se * rng.normal()).toFixed(1)},${se}`);
  }
  writeFileSync(join(folder, 'data.csv'), `${lines.join('\n')}\n`);
  return writeSpec(folder, {
    data: 'data.csv',
    response: { column: 'effect', se: 'se' },
    group: 'school',
    intercept: { pooling: 'partial', prior: 'normal(0, 5)', sd: 'half_cauchy(5)' },
  });
}

/** Twelve rows of two groups, one covariate masked in one of them, priors that show. */
export function writeTwelveRows({ Rng }, folder, seed = 1) {
  const rng = Rng.of(seed, 0);
  const lines = ['group,a,b,y'];
  for (let i = 0; i < 12; i++) {
    const a = rng.normal();
    const b = rng.normal();
    lines.push(i % 2 === 0 ? `one,${a},,${1 + 2 * a + rng.normal()}` : `two,${a},${b},${a - b + rng.normal()}`);
  }
  writeFileSync(join(folder, 'data.csv'), `${lines.join('\n')}\n`);
  return writeSpec(folder, {
    data: 'data.csv',
    response: 'y',
    group: 'group',
    covariates: ['a', 'b'],
    priors: { intercept: 'student_t(3, 0, 2)', weights: 'laplace(0, 1)', scale: 'exponential(1)' },
  });
}

const namesOf = (groups, covariates) => ({
  group: 'group',
  groups: Array.from({ length: groups }, (_, g) => `g${g + 1}`),
  covariates: Array.from({ length: covariates }, (_, p) => `x${p + 1}`),
  response: 'y',
});

/** Large files are written in pieces. */
function writeRows(folder, rows, covariates, row) {
  const file = openSync(join(folder, 'data.csv'), 'w');
  let text = `${['group', ...Array.from({ length: covariates }, (_, p) => `x${p + 1}`), 'y'].join(',')}\n`;
  for (let i = 0; i < rows; i++) {
    text += `${row(i).join(',')}\n`;
    if (text.length > 4e6) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
}

/** Writes both descriptions; returns the spec's path. */
function writeProblem(folder, problem) {
  writeFileSync(join(folder, 'problem.json'), JSON.stringify(problem));
  const { family, pooled, group, groups, covariates, response, mask } = problem;
  const { intercept, weights, scale, intercept_sd, weights_sd } = problem.priors;
  return writeSpec(folder, {
    data: 'data.csv',
    response,
    group,
    covariates,
    mask: Object.fromEntries(groups.map((g, i) => [g, mask[i]])),
    family,
    pooling: pooled ? 'partial' : 'none',
    priors: {
      intercept: `normal(${intercept.join(', ')})`,
      weights: `normal(${weights.join(', ')})`,
      ...(family === 'gaussian' ? { scale: `half_normal(${scale})` } : {}),
      ...(pooled ? { intercept_sd: `half_normal(${intercept_sd})`, weights_sd: `half_normal(${weights_sd})` } : {}),
    },
  });
}

function writeSpec(folder, spec) {
  const path = join(folder, 'model.hmask.json');
  writeFileSync(path, JSON.stringify(spec, null, 1));
  return path;
}
