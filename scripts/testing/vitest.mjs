/** Runs test files under vitest and counts. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../tools/places.mjs';
import { run } from '../tools/run.mjs';

/** @typedef {{ passed: number, failed: number, skipped?: number, output: string }} Counts */

/**
 * @param {string} config The vitest configuration, from the clone's root.
 * @returns {Promise<Counts>} `output` is what vitest printed. A file that does not load, or a run that breaks, counts as one failure.
 */
export async function runVitest(config) {
  const first = await runOnce(config);
  if (!NODE_ABORTED.test(first.output)) return first;
  console.log(`Node itself aborted a test's process; all of ${config} runs once more. What it printed:\n${first.output.trim()}`);
  return runOnce(config);
}

/** A race in Node before 24 when a thread ends while its functions are being compiled: no fault of what the test tests. */
const NODE_ABORTED = /Assertion failed: \(data\.first\) != nullptr/;

/** @param {string} config @returns {Promise<Counts>} */
async function runOnce(config) {
  const folder = await mkdtemp(join(tmpdir(), 'hmask-vitest-'));
  const file = join(folder, 'results.json');
  try {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const args = ['run', '--config', config, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
    const { code, output } = await run(process.execPath, [vitest, ...args], { cwd: root });
    if (!existsSync(file)) return { passed: 0, failed: 1, output };
    const results = JSON.parse(await readFile(file, 'utf8'));
    const passed = results.numPassedTests;
    const skipped = results.numPendingTests + results.numTodoTests;
    const unloaded = results.testResults.filter(
      (/** @type {{ status: string, assertionResults: { status: string }[] }} */ r) =>
        r.status === 'failed' && !r.assertionResults.some((a) => a.status === 'failed'),
    ).length;
    const failed = results.numFailedTests + unloaded;
    return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
