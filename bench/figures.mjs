// What every measurement shares: medians with their spread, CPU seconds of a process tree, the line that is printed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { arch, cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** `--name value` of the command line, with defaults. */
export function options(defaults) {
  const given = process.argv.slice(2).flatMap((a, i, all) => (a.startsWith('--') ? [[a.slice(2), all[i + 1]]] : []));
  for (const [name] of given)
    if (!(name in defaults)) throw new Error(`--${name}: only --${Object.keys(defaults).join(', --')} are known.`);
  return { ...defaults, ...Object.fromEntries(given.map(([k, v]) => [k, typeof defaults[k] === 'number' ? Number(v) : v])) };
}

/** Runs `work` with a temporary folder that is gone afterwards. */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'hmask-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ticks of 10 ms: user and system time of the children waited for, with their own children. Linux only. */
function childSeconds() {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** One process from its start to its end: wall and CPU seconds of its whole tree, and what it printed. Throws when it fails. */
export function measureProcess(command, args, settings = {}) {
  const cpu = childSeconds();
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1e9, ...settings });
  const wall = (performance.now() - start) / 1000;
  if (error || status !== 0) throw new Error(`${args[0]}: ${(error?.message ?? lastLine(stderr)).slice(0, 300)}`);
  return { wall, cpu: childSeconds() - cpu, stdout };
}

export const lastLine = (text) => (text ?? '').trim().split('\n').at(-1);

export const median = (x) => {
  const sorted = [...x].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Three digits, thousands apart. */
export function short(x) {
  if (!Number.isFinite(x)) return String(x);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(x) || 1)));
  return Number(x.toFixed(digits)).toLocaleString('en', { maximumFractionDigits: digits });
}

/** Median and, of more than one run, min–max. */
export function spread(x, unit = '') {
  const of = x.length === 1 ? 'one run' : `${short(Math.min(...x))}–${short(Math.max(...x))}, ${x.length} runs`;
  return `${short(median(x))}${unit} (${of})`;
}

/** The smaller of bulk and tail ESS: what means and intervals can both rely on. */
export const leastEss = (r) => Math.min(r.bulk, r.tail);

/** min(bulk, tail) ESS per CPU second of each run. */
export const essPerSecond = (runs) => runs.map((r) => leastEss(r) / r.cpu);

/** The same with bulk ESS alone, for comparison with what is published elsewhere. */
export const bulkPerSecond = (runs) => runs.map((r) => r.bulk / r.cpu);

/** Prints one line, and on standard error what a run of it needs to be judged. */
export function print(name, parts, versions = {}) {
  const given = Object.entries(versions).map(([k, v]) => `${k} ${v}`);
  const machine = `${cpus().length} × ${cpus()[0].model.trim()} (${arch()}), load ${loadavg()[0].toFixed(1)}`;
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${name}: ${parts.join(' · ')} | ${[`node ${process.versions.node}`, ...given, machine, date].join(', ')}`);
}

/** "12.3 × PEER (goal 5 ×)", with what falls short said so. */
export function ratio(ours, theirs, goal, name) {
  const value = ours / theirs;
  return `${short(value)} × ${name} (goal ${goal} ×${value < goal ? ', FALLS SHORT' : ''})`;
}

/** A figure that must stay below its goal. */
export function atMost(value, goal, unit) {
  return `${short(value)}${unit} (goal ≤ ${goal}${unit}${value > goal ? ', FALLS SHORT' : ''})`;
}
