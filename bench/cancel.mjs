// How soon a cancel is answered, whatever the fit is doing: cancels at random moments, in the engine's own thread as the editor runs it.
//   node bench/cancel.mjs [--runs 40] [--only small,rows,groups,draws]
// small: the reference problem with 20,000 draws a chain. rows: Bernoulli, 100,000 rows. groups: 2,000 groups × 6. draws: the reference problem with 1,000,000 draws a chain.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { writeGaussian, writeGlm, writeReference } from './data.mjs';
import { inFolder, median, options, print, root, short } from './figures.mjs';
import { bundleOurs } from './ours.mjs';

const { runs, only } = options({ runs: 40, only: 'small,rows,groups,draws' });
const wanted = only.split(',');

/** One engine with its answers and progress. */
class Engine {
  #worker = new Worker(join(root, 'dist', 'engine.js'));
  #waiting = new Map();
  #last = 0;

  constructor() {
    this.#worker.on('message', (answer) => this.#waiting.get(answer.id)?.(answer));
  }

  /** Cancelled after so many milliseconds: the answer, what was being done then, and how long the answer took. `null`: never. */
  fit(path, overrides, after) {
    const id = ++this.#last;
    return new Promise((resolve) => {
      const start = performance.now();
      let phase = 'reading';
      let cancelled = null;
      const timer =
        after === null
          ? null
          : setTimeout(() => {
              cancelled = { at: performance.now(), phase };
              this.#worker.postMessage({ kind: 'cancel', id });
            }, after);
      this.#waiting.set(id, (answer) => {
        if (answer.kind === 'progress') {
          phase = answer.phase === 'sampling' && answer.chains.some((c) => c.phase === 'warmup') ? 'warming up' : answer.phase;
          return;
        }
        clearTimeout(timer);
        this.#waiting.delete(id);
        if (answer.kind === 'fitted') this.#worker.postMessage({ kind: 'forget', id: ++this.#last, fit: answer.fit });
        const now = performance.now();
        resolve({ answer, wall: now - start, phase: cancelled?.phase ?? null, latency: cancelled && now - cancelled.at });
      });
      const source = { path, text: readFileSync(path, 'utf8'), roots: [dirname(path)] };
      this.#worker.postMessage({ kind: 'fit', id, source, overrides, priorOnly: false });
    });
  }

  end() {
    return this.#worker.terminate();
  }
}

async function measure(name, path, overrides) {
  const engine = new Engine();
  const { wall } = await engine.fit(path, overrides, null);
  const found = new Map();
  const add = (phase, latency) => found.set(phase, [...(found.get(phase) ?? []), latency]);
  for (let i = 0; i < runs; i++) {
    // Evenly over the fit, in an order that has nothing to do with it.
    const { phase, latency } = await engine.fit(path, overrides, (((i * 0.618034) % 1) + 0.5 / runs) * wall);
    if (latency !== null) add(phase, latency);
  }
  await engine.end();
  const all = [...found.values()].flat();
  print(`cancel, ${name} (${short(wall / 1000)} s uncancelled)`, [
    `${all.length} cancels: median ${short(median(all))} ms, largest ${short(Math.max(...all))} ms (goal < 100 ms)`,
    ...[...found].map(([phase, l]) => `${phase} ${short(median(l))}, at most ${short(Math.max(...l))} (${l.length})`),
  ]);
}

const bundle = await bundleOurs();
const problems = {
  small: ['the reference problem, 4 × 20,000 draws', (folder) => writeReference(bundle, folder), { draws: 20_000 }],
  rows: [
    'Bernoulli, 100,000 rows',
    (folder) => writeGlm(bundle, folder, { family: 'bernoulli', rows: 100_000 }),
    { warmup: 200, draws: 300 },
  ],
  groups: [
    '2,000 groups × 6',
    (folder) => writeGaussian(bundle, folder, { rows: 100_000, groups: 2000, covariates: 6 }),
    { warmup: 200, draws: 300 },
  ],
  draws: ['the reference problem, 4 × 1,000,000 draws', (folder) => writeReference(bundle, folder), { draws: 1_000_000 }],
};
for (const [key, [name, write, overrides]] of Object.entries(problems)) {
  if (wanted.includes(key)) await inFolder((folder) => measure(name, write(folder), overrides));
}
