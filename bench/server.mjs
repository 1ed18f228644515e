// Times the language server as an editor feels it: the first profile of a large CSV against DuckDB's own SUMMARIZE of the same
// file, and the answer to a keystroke (didChange to diagnostics) with the profile cached.
//   node bench/server.mjs [--rows 1000000] [--groups 200] [--covariates 10] [--keystrokes 200]
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    groups: { type: 'string', default: '200' },
    covariates: { type: 'string', default: '10' },
    keystrokes: { type: 'string', default: '200' },
  },
});
const [rows, groups, covariates, keystrokes] = [values.rows, values.groups, values.covariates, values.keystrokes].map(Number);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'hmask-bench-'));
const csv = join(folder, 'data.csv');

async function writeData() {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const out = createWriteStream(csv);
  let block = [['g', ...Array.from({ length: covariates }, (_, i) => `x${i}`), 'y'].join(',')];
  for (let i = 0; i < rows; i++) {
    const x = Array.from({ length: covariates }, () => 10 * uniform());
    const y = x.reduce((a, b) => a + b, uniform());
    block.push([`group ${Math.floor(groups * uniform())}`, ...x.map((v) => v.toFixed(3)), y.toFixed(3)].join(','));
    if (block.length < 20_000 && i < rows - 1) continue;
    if (!out.write(`${block.join('\n')}\n`)) await new Promise((resolve) => out.once('drain', resolve));
    block = [];
  }
  await new Promise((resolve) => out.end(resolve));
}

/** Wall seconds of DuckDB's own summary of the file, from a new instance. */
async function summarize() {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const start = performance.now();
  await connection.runAndReadAll(`SUMMARIZE SELECT * FROM read_csv('${csv}')`);
  const seconds = (performance.now() - start) / 1000;
  connection.closeSync();
  return seconds;
}

const names = Array.from({ length: covariates }, (_, i) => `x${i}`);
const spec = (seed) => `{
  "data": "data.csv", "response": "y", "group": "g",
  "covariates": ${JSON.stringify(names)},
  "mask": {
${Array.from({ length: groups }, (_, g) => `    "group ${g}": [${names.map((_, p) => ((g * p) % 7 === 3 ? 0 : 1)).join(', ')}]`).join(',\n')}
  },
  "sampler": { "seed": ${seed} }
}
`;

async function serve() {
  const child = spawn(process.execPath, [join(root, 'dist', 'server.js'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const answers = [];
  let wake = null;
  connection.onNotification('textDocument/publishDiagnostics', (params) => {
    answers.push(params);
    wake?.();
  });
  let read = null;
  connection.onNotification('$/progress', ({ value }) => value.kind === 'end' && read?.());
  connection.onRequest(() => null);
  connection.listen();
  const uri = pathToFileURL(join(folder, 'spec.hmask.json')).href;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: { window: { workDoneProgress: true } },
  });
  await connection.sendNotification('initialized', {});
  const opened = performance.now();
  const done = new Promise((resolve) => (read = resolve));
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'hmask', version: 1, text: spec(1) } });
  await done;
  const profile = (performance.now() - opened) / 1000;
  const times = [];
  for (let version = 2; version < keystrokes + 2; version++) {
    const start = performance.now();
    const answered = new Promise((resolve) => {
      wake = () => answers.at(-1).version === version && resolve();
    });
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text: spec(version) }],
    });
    await answered;
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  connection.dispose();
  return { profile, times: times.sort((a, b) => a - b), problems: answers.at(-1).diagnostics.length };
}

try {
  await writeData();
  await summarize();
  const duckdb = [await summarize(), await summarize(), await summarize()].sort((a, b) => a - b)[1];
  const { profile, times, problems } = await serve();
  const at = (p) => times[Math.min(times.length - 1, Math.floor(p * times.length))].toFixed(1);
  console.log(`${rows} rows, ${groups} groups × ${covariates} covariates, ${problems} diagnostics`);
  console.log(
    `first profile ${profile.toFixed(2)} s, SUMMARIZE ${duckdb.toFixed(2)} s: ratio ${(profile / duckdb).toFixed(2)} (aim: 2 at most)`,
  );
  console.log(`keystroke to diagnostics: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms (aim: 100 at most), worst ${at(1)} ms`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
