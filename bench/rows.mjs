// A Gaussian model against its number of rows.
//   node bench/rows.mjs [--runs 5] [--most 5000000] [--only sampling,reading]
// sampling: CPU seconds of a fit's sampling, warm, from 500 to 5,000,000 rows; the slope of its logarithm against that of the rows.
// reading: the CSV of the most rows to a model's statistics, against DuckDB's own scan of the file and sum of its columns; each figure
// from a process of its own, taken in turn, with its peak resident memory.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeGaussian } from './data.mjs';
import { atMost, inFolder, measureProcess, median, options, print, root, short, spread } from './figures.mjs';
import { bundleOurs, runOurs } from './ours.mjs';

const { runs, most, only, read, spec: specToRead } = options({ runs: 5, most: 5_000_000, only: 'sampling,reading', read: '', spec: '' });
const STEPS = [500, 5_000, 50_000, 500_000, 5_000_000];
/** Two groups of three covariates, one of them masked once, as in the reference problem. */
const write = (bundle, folder, rows) => writeGaussian(bundle, folder, { rows, groups: 2, covariates: 3, seed: 3, pooled: false });

/** Least squares. */
function slopeOf(x, y) {
  const mean = (v) => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f) => x.reduce((total, _, i) => total + f(i), 0);
  return sum((i) => (x[i] - mx) * (y[i] - my)) / sum((i) => (x[i] - mx) ** 2);
}

async function sampling(bundle) {
  const found = [];
  for (const rows of STEPS.filter((r) => r <= most)) {
    await inFolder((folder) => {
      found.push({ rows, cpu: runOurs(write(bundle, folder, rows), { runs }).map((r) => 1000 * r.cpu) });
    });
  }
  const slope = slopeOf(
    found.map((f) => Math.log(f.rows)),
    found.map((f) => Math.log(median(f.cpu))),
  );
  print('sampling time against rows, 4 × (200 + 300)', [
    `log-log slope ${slope.toFixed(3)} (goal < 0.05${slope < 0.05 ? '' : ', FALLS SHORT'})`,
    ...found.map((f) => `${f.rows.toLocaleString('en')} rows ${spread(f.cpu, ' CPU ms')}`),
  ]);
}

/** What is timed in a process of its own. */
const READERS = {
  duckdb: async (folder) => {
    const { DuckDBInstance } = createRequire(join(root, 'package.json'))('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.runAndReadAll(`SELECT sum(x1), sum(x2), sum(x3), sum(y) FROM '${join(folder, 'data.csv')}'`);
  },
  statistics: async (folder, ours, spec) => {
    const source = JSON.parse(process.env.HMASK_BENCH_SOURCE);
    const design = JSON.parse(process.env.HMASK_BENCH_DESIGN);
    design.mask = Uint8Array.from(Object.values(design.mask));
    await ours.loadData({ specPath: spec, source, roots: [folder], design });
  },
  'check and statistics': async (folder, ours, spec) => {
    const source = { path: spec, text: readFileSync(spec, 'utf8'), roots: [folder] };
    const prepared = await new ours.Preparer().prepare(source, {});
    if (!('design' in prepared)) throw new Error(prepared.map((p) => p.message).join(' '));
  },
};

async function readOnce(what, spec) {
  const ours = createRequire(import.meta.url)(join(root, 'out', 'bench', 'ours.js'));
  const cpu = process.cpuUsage();
  const start = performance.now();
  await READERS[what](join(spec, '..'), ours, spec);
  const wall = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({ cpu: (used.user + used.system) / 1e6, wall, peak: process.resourceUsage().maxRSS / 1000 }));
}

/** The design of a model whose data was read, as the processes that read again take it. */
async function designOf(bundle, spec) {
  const source = { path: spec, text: readFileSync(spec, 'utf8'), roots: [join(spec, '..')] };
  const { design, spec: parsed } = await new bundle.Preparer().prepare(source, {});
  return { ...process.env, HMASK_BENCH_SOURCE: JSON.stringify(parsed.data), HMASK_BENCH_DESIGN: JSON.stringify(design) };
}

async function reading(bundle) {
  await inFolder(async (folder) => {
    const spec = write(bundle, folder, most);
    const env = await designOf(bundle, spec);
    const found = Object.fromEntries(Object.keys(READERS).map((what) => [what, []]));
    for (let run = 0; run < runs; run++) {
      for (const what of Object.keys(READERS)) {
        const args = [join(root, 'bench', 'rows.mjs'), '--read', what, '--spec', spec];
        found[what].push(JSON.parse(measureProcess(process.execPath, args, { env }).stdout));
      }
    }
    const cpu = (what) => found[what].map((f) => f.cpu);
    const peak = Math.max(...Object.entries(found).flatMap(([what, f]) => (what === 'duckdb' ? [] : f.map((r) => r.peak))));
    const against = (what) => `${what} ${atMost(median(cpu(what)) / median(cpu('duckdb')), 1.5, " × DuckDB's scan and sum")}`;
    print(`reading ${most.toLocaleString('en')} rows × 5 columns of CSV`, [
      against('statistics'),
      against('check and statistics'),
      `peak ${atMost(peak, 1000, ' MB')}`,
      ...Object.keys(found).map(
        (what) =>
          `${what} CPU ${spread(cpu(what), ' s')}, wall ${short(median(found[what].map((f) => f.wall)))} s, peak ${short(median(found[what].map((f) => f.peak)))} MB`,
      ),
    ]);
  });
}

if (read !== '') await readOnce(read, specToRead);
else {
  const bundle = await bundleOurs();
  if (only.includes('sampling')) await sampling(bundle);
  if (only.includes('reading')) await reading(bundle);
}
