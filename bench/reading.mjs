// Reads a CSV of 5,000,000 rows x 5 columns to a Gaussian model's statistics, against DuckDB's own scan and sum of the same columns.
//   node bench/reading.mjs [--rows 5000000] [--runs 5]
// Prints CPU seconds (the whole process, medians) and the ratio. Each figure comes from a process of its own, taken in turn.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const options = new Map(process.argv.slice(2).flatMap((a, i, all) => (a.startsWith('--') ? [[a.slice(2), all[i + 1]]] : [])));
const WORK = ['duckdb', 'statistics', 'profile and statistics'];

/** Columns: group (20 of them), three covariates, response. */
function writeData(path, rows) {
  const file = openSync(path, 'w');
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  let text = 'group,x1,x2,x3,y\n';
  for (let i = 0; i < rows; i++) {
    const [a, b, c] = [uniform() * 10, uniform() * 10, uniform() * 10];
    text += `g${i % 20},${a.toFixed(4)},${b.toFixed(4)},${c.toFixed(4)},${(a + 2 * b + 3 * c + uniform()).toFixed(4)}\n`;
    if (text.length > 4e6 || i === rows - 1) {
      writeSync(file, text);
      text = '';
    }
  }
  closeSync(file);
}

const spec = { data: 'data.csv', response: 'y', group: 'group', covariates: ['x1', 'x2', 'x3'] };

/** One measurement, in this process: prints CPU seconds, wall seconds and peak resident bytes. */
async function measure(what, folder) {
  const path = join(folder, 'data.csv');
  const sources = await import(pathToFileURL(join(folder, 'reading.bundle.mjs')).href);
  const request = { specPath: join(folder, 'bench.hmask.json'), roots: [folder] };
  const columns = ['x1', 'x2', 'x3', 'y'];
  const profile = async (source) => sources.profileData({ ...request, source, group: 'group', columns });
  const parsed = sources.parseSpec(JSON.stringify(spec)).spec;
  let work;
  if (what === 'duckdb') {
    work = async () => {
      const { DuckDBInstance } = createRequire(join(root, 'package.json'))('@duckdb/node-api');
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      await connection.runAndReadAll(`SELECT ${columns.map((c) => `sum(${c})`).join(', ')} FROM '${path}'`);
    };
  } else if (what === 'statistics') {
    // The design is that of the first rows: what is measured is one reading of all of them.
    const design = sources.resolveDesign(parsed, JSON.parse(process.env.BENCH_PROFILE));
    work = () => sources.loadData({ ...request, source: parsed.data, design });
  } else {
    work = async () => {
      const design = sources.resolveDesign(parsed, await profile(parsed.data));
      return sources.loadData({ ...request, source: parsed.data, design });
    };
  }
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify([(used.user + used.system) / 1e6, (performance.now() - start) / 1e3, process.resourceUsage().maxRSS * 1024]));
}

const median = (x) => [...x].sort((a, b) => a - b)[Math.floor(x.length / 2)];

async function main() {
  const rows = Number(options.get('rows') ?? 5_000_000);
  const runs = Number(options.get('runs') ?? 5);
  const folder = mkdtempSync(join(tmpdir(), 'hmask-bench-'));
  try {
    writeData(join(folder, 'data.csv'), rows);
    const { build } = await import('esbuild');
    const lines = ['sources/duckdb', 'core/spec/parse', 'core/model/resolve'].map((m) => `export * from './${m}.ts';`);
    await build({
      stdin: { contents: lines.join('\n'), resolveDir: root, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      outfile: join(folder, 'reading.bundle.mjs'),
      plugins: [
        {
          name: 'native',
          setup: (b) =>
            b.onResolve({ filter: /^@duckdb/ }, () => ({
              path: pathToFileURL(createRequire(join(root, 'package.json')).resolve('@duckdb/node-api')).href,
              external: true,
            })),
        },
      ],
    });
    const sources = await import(pathToFileURL(join(folder, 'reading.bundle.mjs')).href);
    const source = { kind: 'file', file: 'data.csv', where: null, delimiter: null };
    const profile = await sources.profileData({ specPath: join(folder, 'bench.hmask.json'), roots: [folder], source, group: 'group' });
    const found = new Map(WORK.map((w) => [w, []]));
    for (let run = 0; run < runs; run++) {
      for (const what of WORK) {
        const env = {
          ...process.env,
          BENCH_PROFILE: JSON.stringify({ ...profile, groups: profile.groups.map((g) => ({ ...g, correlations: [] })) }),
        };
        const out = execFileSync(process.execPath, [fileURLToPath(import.meta.url), '--measure', what, '--folder', folder], {
          env,
          encoding: 'utf8',
        });
        found.get(what).push(JSON.parse(out));
      }
    }
    const base = median(found.get('duckdb').map((f) => f[0]));
    console.log(`${rows.toLocaleString('en')} rows x 5 columns, medians of ${runs} runs`);
    for (const [what, figures] of found) {
      const [cpu, wall, peak] = [0, 1, 2].map((k) => median(figures.map((f) => f[k])));
      const label = what === 'duckdb' ? 'DuckDB scan and sum' : `hmask ${what}`;
      console.log(
        `${label.padEnd(32)} CPU ${cpu.toFixed(2)} s  wall ${wall.toFixed(2)} s  peak ${(peak / 1e6).toFixed(0)} MB  ratio ${(cpu / base).toFixed(2)}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await (options.has('measure') ? measure(options.get('measure'), options.get('folder')) : main());
