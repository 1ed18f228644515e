/** VS Code served to the browser on the loopback interface, with folders of its own that vanish with it. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../tools/run.mjs';
import { installVSCode } from './install.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {string} [extensions] The folder of installed extensions; a new, empty one by default.
 * @property {boolean} [testDriver] Honour `extensionTestsPath` in the page's address. It suppresses notification toasts.
 * @property {boolean} [trust] Ask whether to trust a folder. By default every folder is trusted.
 * @property {Record<string, unknown>} [settings] The machine's settings.
 * @property {NodeJS.ProcessEnv} [env]
 */

/**
 * @typedef {object} Server
 * @property {number} port
 * @property {string} home The folder that holds the server's data, `runtime/` and `tmp/`.
 * @property {(folder: string, payload?: readonly (readonly [string, string])[]) => string} url The page of a folder.
 * @property {(path: string) => string} remote A path as the page names it.
 * @property {() => Promise<void>} stop Ends the server with its extension hosts, and removes its folders.
 */

/**
 * Starts a server and waits until it listens.
 * @param {ServerOptions} [options]
 * @returns {Promise<Server>}
 */
export async function startServer({ extensions, testDriver = false, trust = false, settings = {}, env = process.env } = {}) {
  const { node, main } = await installVSCode();
  const home = await mkdtemp(join(tmpdir(), 'hmask-vscode-'));
  const [data, runtime, tmp] = ['data', 'runtime', 'tmp'].map((name) => join(home, name));
  await Promise.all([mkdir(join(data, 'data', 'Machine'), { recursive: true }), mkdir(runtime, { mode: 0o700 }), mkdir(tmp)]);
  await writeFile(join(data, 'data', 'Machine', 'settings.json'), JSON.stringify(settings));

  const args = [
    main,
    ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
    ...['--disable-telemetry', '--disable-experiments', '--telemetry-level', 'off'],
    ...['--server-data-dir', data, '--extensions-dir', extensions ?? join(home, 'extensions')],
    ...(testDriver ? ['--enable-smoke-test-driver'] : []),
    ...(trust ? [] : ['--disable-workspace-trust']),
  ];
  const child = spawn(node, args, {
    env: { ...env, EXTENSIONS_GALLERY: '{}', TMPDIR: tmp, XDG_RUNTIME_DIR: runtime },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // A process group of its own, so that its extension hosts end with it.
  });
  const kill = () => killGroup(child);
  const abandon = () => {
    kill();
    rmSync(home, { recursive: true, force: true });
  };
  process.once('exit', abandon);

  const stop = async () => {
    process.removeListener('exit', abandon);
    const closed = new Promise((resolve) => (child.exitCode === null ? child.once('close', resolve) : resolve(undefined)));
    kill();
    await closed;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const port = await listening(child);
    const authority = `127.0.0.1:${port}`;
    const remote = (/** @type {string} */ path) => `vscode-remote://${authority}${path}`;
    const url = (/** @type {string} */ folder, /** @type {readonly (readonly [string, string])[] | undefined} */ payload) =>
      `http://${authority}/?${new URLSearchParams({ folder, ...(payload ? { payload: JSON.stringify(payload) } : {}) })}`;
    return { port, home, url, remote, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Installs a packed extension into a folder of extensions.
 * @param {string} vsix
 * @param {string} extensions
 */
export async function installExtension(vsix, extensions) {
  const { node, main } = await installVSCode();
  const home = await mkdtemp(join(tmpdir(), 'hmask-install-'));
  const args = [main, '--install-extension', vsix, '--force', '--extensions-dir', extensions, '--server-data-dir', home];
  try {
    await must(node, args, { env: { ...process.env, EXTENSIONS_GALLERY: '{}' } });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * The port that the server announces.
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 * @returns {Promise<number>}
 */
function listening(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (/** @type {Buffer} */ text) => {
      output += text;
      const port = /agent listening on (\d+)/.exec(output)?.[1];
      if (port) resolve(Number(port));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`The VS Code server ended with code ${code} before it listened:\n${output}`)));
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function killGroup(child) {
  if (child.pid === undefined) return; // It never started.
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
