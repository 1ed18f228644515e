// Our side of a measurement: the engine bundled once into out/bench, run warm in one process, or the command line as a user runs it.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { measureProcess, root } from './figures.mjs';

const out = join(root, 'out', 'bench');
const PARTS = [
  'engine/read/prepare',
  'engine/sample/work',
  'engine/sample/turns',
  'engine/sample/draws',
  'sources/duckdb/index',
  'core/spec/parse',
  'core/design/resolve',
  'core/design/parameters',
  'core/design/cells',
  'core/model/likelihood/kernel',
  'core/model/likelihood/rows',
  'core/model/likelihood/likelihood',
  'core/families/index',
  'test/core/kernels/plain',
  'core/math/random',
  'core/posterior/diagnose/diagnostics',
  'core/posterior/diagnose/summary',
  'core/posterior/verdict/verdict',
  'core/math/rng',
  'core/data/simulate',
  'core/kernels/kernels',
];
/** CPU seconds that one run fills with fits of different seeds, so that a fit of milliseconds can be timed. */
const FILL = 0.4;

const load = () => createRequire(import.meta.url)(join(out, 'ours.js'));

/** Bundles the engine as the product does, and loads it. */
export async function bundleOurs() {
  const { build } = await import('esbuild');
  const common = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['@duckdb/node-api'],
    mainFields: ['module', 'main'],
    loader: { '.wasm': 'binary' },
    absWorkingDir: root,
  };
  const contents = PARTS.map((m) => `export * from './${m}.ts';`).join('\n');
  await build({ ...common, stdin: { contents, resolveDir: root, loader: 'ts' }, outfile: join(out, 'ours.js') });
  return load();
}

/**
 * Samples a spec in a process of its own, compiled and warm: data in memory, fits before that make the code hot, then `runs` that count,
 * each from the data to the draws (finding the mode, warm-up and all chains, one after another in one thread). A run: mean minimum bulk and tail ESS, mean CPU and
 * wall seconds a fit, the largest R-hat, divergences and gradients a fit.
 */
export function runOurs(spec, { runs = 5, warmup = 200, draws = 300, seed = 1 } = {}) {
  const { stdout } = measureProcess(process.execPath, [
    join(root, 'bench', 'ours.mjs'),
    JSON.stringify({ spec, runs, warmup, draws, seed }),
  ]);
  return JSON.parse(stdout);
}

/** `hmask fit SPEC --json` from start to summary; the build in dist/ is what is measured. */
export function runCommandLine(spec, { warmup = 200, draws = 300, seed = 1 } = {}) {
  const args = ['fit', spec, '--json', '--warmup', warmup, '--draws', draws, '--seed', seed].map(String);
  const { wall, cpu, stdout } = measureProcess(process.execPath, [join(root, 'dist', 'cli.js'), ...args]);
  return { wall, cpu, report: JSON.parse(stdout) };
}

function toEnd(run) {
  let step = run.next();
  while (!step.done) step = run.next();
  return step.value;
}

function fitOnce(ours, { design, data }, sampler) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const work = toEnd(ours.workFor(design, data));
  const target = ours.targetOf(work);
  const orders = Array.from({ length: sampler.chains }, (_, chain) => ({
    settings: { seed: sampler.seed, chain, warmup: sampler.warmup, targetAccept: 0.8, maxDepth: 10 },
    draws: sampler.draws,
    resume: null,
  }));
  const chains = orders.map((order) => toEnd(ours.runChain(target, order, () => false)));
  const used = process.cpuUsage(cpu);
  const wall = (performance.now() - start) / 1000;
  const draws = ours.joinChains(chains, target.width);
  const { summaries } = ours.assess(draws, ours.listParameters(design), { kind: 'eti', prob: 0.9 });
  const kept = summaries.filter((s) => !s.masked);
  return {
    cpu: (used.user + used.system) / 1e6,
    wall,
    bulk: Math.min(...kept.map((s) => s.ess_bulk)),
    tail: Math.min(...kept.map((s) => s.ess_tail)),
    r_hat: Math.max(...kept.map((s) => s.r_hat)),
    divergences: draws.statistics.diverging.reduce((a, b) => a + b, 0),
    gradients: draws.gradientEvaluations,
    method: work.method,
  };
}

function average(fits) {
  const mean = (key) => fits.reduce((sum, f) => sum + f[key], 0) / fits.length;
  const averaged = Object.fromEntries(['cpu', 'wall', 'bulk', 'tail', 'divergences', 'gradients'].map((key) => [key, mean(key)]));
  return { ...averaged, r_hat: Math.max(...fits.map((f) => f.r_hat)), method: fits[0].method, fits: fits.length };
}

async function main({ spec, runs, warmup, draws, seed }) {
  const ours = load();
  const { readFile } = await import('node:fs/promises');
  const source = { path: spec, text: await readFile(spec, 'utf8'), roots: [join(spec, '..')] };
  const prepared = await new ours.Preparer().prepare(source, {});
  if (!('design' in prepared)) throw new Error(prepared.map((p) => p.message).join(' '));
  let next = seed;
  const run = () => {
    const fits = [];
    for (let cpu = 0; cpu < FILL; ) {
      const fit = fitOnce(ours, prepared, { chains: 4, warmup, draws, seed: next++ });
      fits.push(fit);
      cpu += fit.cpu;
    }
    return average(fits);
  };
  run();
  const found = [];
  for (let i = 0; i < runs; i++) found.push(run());
  console.log(JSON.stringify(found));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(JSON.parse(process.argv[2]));
