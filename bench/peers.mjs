// The peers, in a Python virtual environment that is made on first use in a cache folder outside the clone.
//   node bench/peers.mjs            makes it and says what is there
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lastLine, measureProcess, root } from './figures.mjs';

const PINS = {
  shared: ['setuptools<81', 'arviz==0.23.4', 'matplotlib==3.10.9'],
  numpyro: ['numpyro==0.22.0', 'jax==0.10.2', 'jaxlib==0.10.2'],
  nutpie: ['pymc==5.28.5', 'nutpie==0.16.8'],
  stan: ['pystan==3.10.0', 'httpstan==4.13.0'],
};
/** A run that takes longer is given up. */
const LONGEST_MS = 20 * 60_000;

const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hmask', 'bench-venv');
export const python = join(folder, 'bin', 'python');
const marker = join(folder, 'hmask-peers.json');

/** Of each peer: `null` when it is installed, else why not. Made once; delete the folder to try again. */
export function peers() {
  const pins = JSON.stringify(PINS);
  if (existsSync(marker)) {
    const made = JSON.parse(readFileSync(marker, 'utf8'));
    if (made.pins === pins) return made.found;
  }
  console.error(`Making ${folder} (some 2 GB; minutes) …`);
  mkdirSync(folder, { recursive: true });
  const run = (command, args) => spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  const venv = existsSync(python) ? { status: 0 } : run('python3', ['-m', 'venv', folder]);
  const constraints = join(folder, 'constraints.txt');
  writeFileSync(constraints, `${Object.values(PINS).flat().join('\n')}\n`);
  const install = (names) => run(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-c', constraints, ...names]);
  const base = venv.status === 0 ? install(PINS.shared) : venv;
  const found = {};
  for (const name of ['numpyro', 'nutpie', 'stan']) {
    const done = base.status === 0 ? install(PINS[name]) : base;
    found[name] = done.status === 0 ? null : lastLine(done.stderr ?? done.error?.message);
  }
  if (base.status === 0) writeFileSync(marker, JSON.stringify({ pins, found }));
  return found;
}

/**
 * Runs a peer's script on a problem's folder. Returns the process's wall and CPU seconds, its versions and its runs; `null`
 * when it cannot be installed or fails, which is said on standard error.
 */
export function runPeer(name, problem, { runs = 5, way, warmup = 200, draws = 300, seed = 1 } = {}) {
  const missing = peers()[name];
  if (missing !== null) return giveUp(name, missing);
  const args = [
    join(root, 'bench', 'peers', `${name}_fit.py`),
    problem,
    '--runs',
    runs,
    '--warmup',
    warmup,
    '--draws',
    draws,
    '--seed',
    seed,
  ];
  if (way) args.push('--way', way);
  try {
    const { wall, cpu, stdout } = measureProcess(python, args.map(String), {
      timeout: LONGEST_MS,
      // PyStan leaves a folder of its own where it is started.
      cwd: folder,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    return { name, wall, cpu, ...JSON.parse(lastLine(stdout)) };
  } catch (error) {
    return giveUp(name, error.message);
  }
}

function giveUp(name, why) {
  console.error(`${name} is left out: ${why}`);
  return null;
}

/** Two peers at least must have run for a figure to count. */
export function enough(found) {
  const ran = found.filter((p) => p !== null);
  if (ran.length < 2) throw new Error('Fewer than two peers ran: the figure does not count.');
  return ran;
}

/** The versions of several peers in one object. */
export const versionsOf = (ran) => Object.assign({}, ...ran.map((p) => p.versions));

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, missing] of Object.entries(peers())) console.log(`${name}: ${missing ?? 'installed'}`);
}
