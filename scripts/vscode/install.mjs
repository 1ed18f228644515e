/**
 * A VS Code that needs no download site: its server and workbench from the npm package `code-server`, on a Node 24
 * from the npm package `node-<platform>`. The install lives in the cache, is made once for each pair of versions, and appears
 * there complete or not at all.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cache } from '../tools/places.mjs';
import { must, run } from '../tools/run.mjs';

const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';

/**
 * @typedef {object} Installed
 * @property {string} node The Node that runs the server.
 * @property {string} main The server's `server-main.js`.
 * @property {string} version VS Code's version.
 */

/**
 * The installed VS Code; installs it first when the cache lacks it (about a minute and half a gigabyte).
 * @param {(line: string) => void} [say]
 * @returns {Promise<Installed>}
 */
export async function installVSCode(say = console.log) {
  const home = join(cache, `vscode-${CODE_SERVER}-node-${NODE}`);
  if (!existsSync(home)) {
    say(`Installing VS Code (code-server ${CODE_SERVER} on Node ${NODE}) into ${home}; this happens once ...`);
    await mkdir(cache, { recursive: true });
    const unfinished = await mkdtemp(join(cache, 'unfinished-'));
    try {
      await build(unfinished);
      await rename(unfinished, home).catch((error) => {
        if (!existsSync(home)) throw error; // Another run was quicker; its install is as good.
      });
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
  const installed = place(home);
  const [version] = (await must(installed.node, [installed.main, '--version'])).split('\n');
  return { ...installed, version };
}

/** @param {string} home */
function place(home) {
  const node = join(home, 'node', 'node_modules', nodePackage(), 'bin', 'node');
  return { node, main: join(home, 'code-server', 'lib', 'vscode', 'out', 'server-main.js') };
}

function nodePackage() {
  if (process.platform === 'win32') throw new Error('VS Code cannot be served to the browser on Windows; install VS Code instead.');
  return `node-${process.platform}-${process.arch}`;
}

/** @param {string} home */
async function build(home) {
  const nodeHome = join(home, 'node');
  await mkdir(nodeHome);
  await must('npm', ['install', '--ignore-scripts', '--no-save', '--prefix', nodeHome, `${nodePackage()}@${NODE}`], { cwd: nodeHome });

  const { node, main } = place(home);
  const nodeRoot = join(node, '..', '..');
  const env = { ...process.env, PATH: join(nodeRoot, 'bin') + delimiter + process.env.PATH, npm_config_nodedir: nodeRoot };

  await must('npm', ['pack', '--silent', `code-server@${CODE_SERVER}`], { cwd: home });
  const packed = (await readdir(home)).find((name) => name.endsWith('.tgz')) ?? '';
  await must('tar', ['xzf', join(home, packed), '-C', home]);
  await rename(join(home, 'package'), join(home, 'code-server'));
  await rm(join(home, packed));

  const vscode = join(main, '..', '..');
  // Not `npm ci`: the shrinkwrap that code-server ships lacks tslib.
  await must('npm', ['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'], { cwd: vscode, env });
  // Without these two the server runs too, with noisier logs; a machine without a compiler keeps that.
  await run('npm', ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], { cwd: vscode, env });
  await must(node, [main, '--version']);
}

if (process.argv[1] === import.meta.filename) {
  const { version, main } = await installVSCode();
  console.log(`VS Code ${version}: ${main}`);
}
