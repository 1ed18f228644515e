/** Runs test/host with mocha inside VS Code's extension host, and counts. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron';
import { build } from 'esbuild';
import { cache, root } from '../tools/places.mjs';
import { installVSCode } from '../vscode/install.mjs';

/**
 * @param {(line: string) => void} say
 * @returns {Promise<import('./vitest.mjs').Counts>} A host that breaks counts as one failure. The tests print as they run.
 */
export async function runHostTests(say) {
  const vscodeExecutablePath = await chooseVSCode(say);
  const extensionTestsPath = await bundleTests();
  const folder = await mkdtemp(join(tmpdir(), 'hmask-host-'));
  const results = join(folder, 'results.json');
  const workspace = join(folder, 'workspace');
  await cp(join(root, 'examples', 'manufacturing'), workspace, { recursive: true });
  try {
    const ending = await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath,
      extensionTestsEnv: { HMASK_HOST_RESULTS: results, HMASK_ROOT: root },
      launchArgs: [
        workspace,
        '--user-data-dir',
        join(folder, 'user'),
        '--extensions-dir',
        join(folder, 'extensions'),
        '--disable-extensions',
      ],
    }).catch((error) => error.message); // When tests fail, the results say which.
    if (!existsSync(results)) return { passed: 0, failed: 1, output: `The extension host ended before the tests did: ${ending}.` };
    return JSON.parse(await readFile(results, 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The executable of the VS Code under test, which it announces.
 * @param {(line: string) => void} say
 */
async function chooseVSCode(say) {
  const given = process.env.VSCODE_EXECUTABLE_PATH;
  if (given) {
    say(`VS Code under test: ${given} (VSCODE_EXECUTABLE_PATH)`);
    return given;
  }
  const reason = await downloadVSCode();
  if ('path' in reason) {
    say(`VS Code under test: desktop VS Code ${reason.path}`);
    return reason.path;
  }
  const { version } = await installVSCode(say);
  say(`VS Code under test: ${version}, served to a headless browser (no desktop VS Code: ${reason.why})`);
  return join(root, 'scripts', 'vscode', 'shim.mjs');
}

/** @returns {Promise<{ path: string } | { why: string }>} */
async function downloadVSCode() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return { why: 'this machine has no display' };
  try {
    return { path: await downloadAndUnzipVSCode({ cachePath: join(cache, 'desktop'), reporter: new SilentReporter() }) };
  } catch (error) {
    return { why: `its download failed, ${error instanceof Error ? error.message : error}` };
  }
}

/** Bundles the runner and every test file as CommonJS; the bundle's entry. */
async function bundleTests() {
  const source = join(root, 'test', 'host');
  const tests = (await readdir(source)).filter((name) => name.endsWith('.test.ts'));
  const outdir = join(root, 'out', 'host');
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: ['index.ts', ...tests].map((name) => join(source, name)),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha', '@duckdb/node-api'],
    // As the extension is bundled.
    mainFields: ['module', 'main'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return join(outdir, 'index.cjs');
}
