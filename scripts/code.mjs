/**
 * `npm run code`: the example in VS Code with the extension. Uses the desktop's `code` when it is on the PATH; else serves VS Code to the
 * browser, and prints the address. Ctrl+C ends it.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packExtension } from './package.mjs';
import { installDependencies } from './tools/install.mjs';
import { example, root } from './tools/places.mjs';
import { main, must, onPath, run } from './tools/run.mjs';
import { installVSCode } from './vscode/install.mjs';
import { installExtension, startServer } from './vscode/server.mjs';
import { quiet } from './vscode/settings.mjs';

await main(async () => {
  await installDependencies();
  console.log('Building ...');
  await must(process.execPath, ['scripts/build.mjs'], { cwd: root });
  await ((await onPath('code')) ? openOnDesktop() : serve());
});

async function openOnDesktop() {
  await must('code', [`--extensionDevelopmentPath=${root}`, dirname(example), example]);
  console.log('The example opens in VS Code; run "Fit Hierarchical Model" from the command palette (F1).');
}

async function serve() {
  const vscode = await installVSCode();
  const folder = await mkdtemp(join(tmpdir(), 'hmask-code-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const extensions = join(folder, 'extensions');
  await installExtension(await packExtension(join(folder, 'hmask.vsix')), extensions);
  const server = await startServer({ extensions, settings: quiet });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));

  const address = server.url(dirname(example));
  console.log(`\nVS Code is served at\n\n    ${address}\n
Open manufacturing.hmask.json there and run "Fit Hierarchical Model" from the command palette (F1). Ctrl+C ends the server.`);
  showInBrowser(address);
  await openExample(vscode, join(server.home, 'runtime'));
}

/**
 * Opens the example once a window is connected: the window's command line then listens on a new socket.
 * @param {import('./vscode/install.mjs').Installed} vscode
 * @param {string} runtime The server's folder of sockets.
 */
async function openExample({ node, main: server }, runtime) {
  const tried = new Set();
  for (;;) {
    const sockets = (await readdir(runtime)).filter((name) => name.startsWith('vscode-ipc-'));
    for (const socket of sockets.filter((name) => !tried.has(name))) {
      tried.add(socket); // The server has one as well, which refuses.
      const env = { ...process.env, VSCODE_IPC_HOOK_CLI: join(runtime, socket) };
      const { code } = await run(node, [join(dirname(server), 'server-cli.js'), 'hmask', '', '', '', example], { env });
      if (code === 0) return;
    }
    await sleep(500);
  }
}

/** @param {string} address */
function showInBrowser(address) {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
