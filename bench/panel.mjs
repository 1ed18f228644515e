// What the panel is sent as draws grow: bytes of the answers behind each section, and how long the engine takes over them.
//   node bench/panel.mjs [--runs 5]
// CPU is the whole process's over the answers asked again, so that other work on the machine counts less.
// The engine's worker of dist/ is what is measured, on the reference problem. The times in the editor are printed by test/e2e/panelMany.test.ts.
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { inFolder, median, options, print, root, short } from './figures.mjs';

const { runs } = options({ runs: 5 });
const CHAINS = 4;
const DRAWS = [1_000, 10_000, 100_000, 1_000_000];
/** Bytes may grow by this share from the fewest to the most draws. */
const FLAT = 0.2;

const parameter = 'scale';
const [first, second] = ['Product_Group_1', 'Product_Group_2'];
const at = [
  ['Feed_Speed', 3],
  ['Pull_Acceleration', 2],
  ['Cutting_Wait_Time', 2],
];
const scenario = (group) => ({ name: null, group, at });
/** What each section asks for when it is opened. */
const SECTIONS = {
  Data: [{ kind: 'response_histogram', width: 1, groups: null }, { kind: 'pair_plot', columns: null, groups: null }, { kind: 'data_map' }],
  Diagnostics: [
    ...['trace', 'ranks', 'autocorrelation', 'ess_growth'].map((kind) => ({ kind, parameter })),
    { kind: 'pair', x: parameter, y: `alpha[${first}]` },
    { kind: 'energy' },
    { kind: 'tree_depth' },
  ],
  Posterior: [
    { kind: 'densities', parameters: [parameter, `alpha[${first}]`, `alpha[${second}]`] },
    { kind: 'contrast', a: `w[Feed_Speed, ${first}]`, b: `w[Feed_Speed, ${second}]` },
    { kind: 'pair', x: `alpha[${first}]`, y: `alpha[${second}]` },
  ],
  Predictive: [
    { kind: 'observed_predicted', width: null, group: null },
    ...['density_overlay', 'row_intervals', 'residuals', 'pit', 'loo'].map((kind) => ({ kind, group: null })),
  ],
  'What-if': [
    { kind: 'whatif', group: first, at, bins: 50 },
    { kind: 'scenarios', a: scenario(first), b: scenario(second), bins: 50 },
    { kind: 'conditional', covariate: 'Feed_Speed', groups: [first, second], at: [] },
  ],
};

const worker = new Worker(join(root, 'dist', 'engine.js'));
let last = 0;
function ask(request) {
  const id = ++last;
  return new Promise((resolve, reject) => {
    const read = (answer) => {
      if (answer.id !== id || answer.kind === 'progress') return;
      worker.off('message', read);
      if (answer.kind === 'failed' || answer.kind === 'refused') reject(new Error(JSON.stringify(answer)));
      else resolve(answer);
    };
    worker.on('message', read);
    worker.postMessage({ ...request, id });
  });
}

await inFolder(async (folder) => {
  cpSync(join(root, 'examples', 'manufacturing'), folder, { recursive: true });
  const path = join(folder, 'manufacturing.hmask.json');
  const source = { path, text: readFileSync(path, 'utf8'), roots: [folder] };
  const found = [];
  for (const draws of DRAWS) {
    const { fit } = await ask({ kind: 'fit', source, overrides: { chains: CHAINS, draws: draws / CHAINS }, priorOnly: false });
    const sections = {};
    for (const [section, views] of Object.entries(SECTIONS)) {
      let bytes = 0;
      const once = async () => {
        bytes = 0;
        const start = performance.now();
        const used = process.cpuUsage();
        for (const view of views) bytes += serialize((await ask({ kind: 'view', fit, view })).view).byteLength;
        const { user, system } = process.cpuUsage(used);
        return { wall: performance.now() - start, cpu: (user + system) / 1000 };
      };
      const cold = await once();
      const times = [];
      for (let i = 0; i < runs; i++) times.push(await once());
      sections[section] = { bytes, cold: cold.wall, warm: median(times.map((t) => t.wall)), cpu: median(times.map((t) => t.cpu)) };
    }
    found.push(sections);
    await ask({ kind: 'forget', fit });
  }
  for (const section of Object.keys(SECTIONS)) {
    const of = found.map((sections) => sections[section]);
    const growth = of.at(-1).bytes / of[0].bytes - 1;
    print(`${section}, ${DRAWS.map((d) => d.toLocaleString('en')).join(' / ')} draws`, [
      `${of.map((s) => short(s.bytes / 1024)).join(' / ')} KiB (${growth > 0 ? '+' : ''}${short(100 * growth)} %${Math.abs(growth) > FLAT ? ', NOT FLAT' : ''})`,
      `first answers ${of.map((s) => short(s.cold)).join(' / ')} ms`,
      `again ${of.map((s) => short(s.warm)).join(' / ')} ms`,
      `CPU ${of.map((s) => short(s.cpu)).join(' / ')} ms`,
    ]);
  }
});
await worker.terminate();
