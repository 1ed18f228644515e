// The compiled row kernels (AssemblyScript, SIMD) against loops over typed arrays, in one process: log density and gradient of
// 100,000 rows, 20 groups × 4 covariates (a quarter masked).
//   node bench/kernels.mjs [--runs 5] [--rows 100000]
// "loops" are the plainest fast code: columns of each group, Math.exp and Math.log1p. "twin" is the kernels' row-by-row twin that tests hold them against.
import { readFileSync } from 'node:fs';
import { writeGlm } from './data.mjs';
import { inFolder, median, options, print, short, spread } from './figures.mjs';
import { bundleOurs } from './ours.mjs';

const { runs, rows } = options({ runs: 5, rows: 100_000 });
/** CPU milliseconds that one timing fills. */
const FILL = 400;

/** The log likelihood without its constant, and its gradient, by the plainest loops. */
function loops(family, groups, cells, linear, beta, gradient) {
  let value = 0;
  for (let g = 0; g < groups.length; g++) {
    const { x, rows: n } = groups[g];
    const start = cells.start[g];
    const k = x.length;
    for (let j = 0; j <= k; j++) gradient[start + j] = linear[start + j];
    let total = 0;
    for (let i = 0; i < n; i++) {
      let eta = beta[start];
      for (let j = 0; j < k; j++) eta += beta[start + 1 + j] * x[j][i];
      let mean;
      if (family === 'poisson') {
        mean = Math.exp(eta);
        value -= mean;
      } else {
        const e = Math.exp(-Math.abs(eta));
        value -= Math.max(0, eta) + Math.log1p(e);
        mean = (eta >= 0 ? 1 : e) / (1 + e);
      }
      total += mean;
      for (let j = 0; j < k; j++) gradient[start + 1 + j] -= mean * x[j][i];
    }
    gradient[start] -= total;
  }
  for (let c = 0; c < beta.length; c++) value += linear[c] * beta[c];
  return value;
}

/** CPU milliseconds of one call, each of `runs` timings over as many calls as fill it. */
function time(call) {
  const once = (calls) => {
    const start = process.cpuUsage();
    for (let i = 0; i < calls; i++) call();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000 / calls;
  };
  const calls = Math.max(3, Math.ceil(FILL / once(5)));
  once(calls);
  return Array.from({ length: runs }, () => once(calls));
}

/** Σ y x by cell. */
function linearPart(design, cells, rows) {
  const linear = new Float64Array(cells.count);
  for (let i = 0; i < rows.n; i++) {
    const g = rows.group[i];
    for (let c = cells.start[g]; c < cells.start[g + 1]; c++) {
      const term = cells.term[c];
      linear[c] += rows.y[i] * (design.terms[term].kind === 'intercept' ? 1 : rows.x[term][i]);
    }
  }
  return linear;
}

async function measure(bundle, family, folder) {
  const spec = writeGlm(bundle, folder, { family, rows });
  const source = { path: spec, text: readFileSync(spec, 'utf8'), roots: [folder] };
  const { design, data } = await new bundle.Preparer().prepare(source, {});
  const cells = bundle.cellsOf(design);
  const form = bundle.familyOf(design.family).likelihood;
  const compiled = new bundle.RowLikelihood(design, cells, data.rows, form, bundle.compiledMemory);
  const plain = new bundle.RowLikelihood(design, cells, data.rows, form, bundle.plainMemory);
  const groups = bundle.groupRows(design, form, data.rows, cells);
  const linear = linearPart(design, cells, data.rows);
  const beta = Float64Array.from({ length: cells.count }, (_, i) => Math.sin(i) / 2);
  const gradients = [0, 1, 2].map(() => new Float64Array(cells.count));
  const parameters = bundle.familyParameters(design.groups.length, 0);
  const out = bundle.familyGradient(design.groups.length, 0);
  const ways = {
    kernels: (at = beta) => compiled.evaluate(at, parameters, gradients[0], out),
    loops: (at = beta) => loops(family, groups, cells, linear, at, gradients[1]),
    twin: (at = beta) => plain.evaluate(at, parameters, gradients[2], out),
  };
  // Without the constant, which the loops leave out.
  const values = Object.fromEntries(Object.entries(ways).map(([name, call]) => [name, -call(new Float64Array(beta.length)) + call()]));
  const relative = (a, b) => Math.abs(a - b) / Math.max(1, Math.abs(b));
  const apart = Math.max(relative(values.kernels, values.loops), ...gradients[0].map((v, i) => relative(v, gradients[1][i])));
  if (!(apart < 1e-10)) throw new Error(`${family}: the kernels and the loops disagree by ${apart}.`);
  const timed = Object.fromEntries(Object.entries(ways).map(([name, call]) => [name, time(call)]));
  print(`${family} kernel, ${rows.toLocaleString('en')} rows × 4 columns`, [
    `${short(median(timed.loops) / median(timed.kernels))} × faster than loops`,
    `${short(median(timed.twin) / median(timed.kernels))} × than its twin`,
    ...Object.entries(timed).map(([name, t]) => `${name} ${spread(t, ' CPU ms')}`),
    `equal to ${apart.toExponential(0)}`,
  ]);
}

const bundle = await bundleOurs();
for (const family of ['poisson', 'bernoulli']) await inFolder((folder) => measure(bundle, family, folder));
