/**
 * `npm test`: everything that has to hold before a commit, on a machine with Node and npm alone. `npm test -- types unit` runs only the
 * steps of these names. The last line sums up every check and test of every step.
 */
import { installDependencies } from './tools/install.mjs';
import { root } from './tools/places.mjs';
import { main, run } from './tools/run.mjs';

/** @typedef {import('./testing/vitest.mjs').Counts} Counts */

/** @type {[name: string, title: string, step: () => Promise<Counts>][]} */
const steps = [
  ['lint', 'Formatting, lint and layer walls', () => check('node_modules/@biomejs/biome/bin/biome', ['ci', '--error-on-warnings'])],
  ['types', 'Types', () => check('node_modules/typescript/bin/tsc', ['-b'])],
  ['build', 'Build', () => check('scripts/build.mjs', [])],
  ['unit', 'Unit tests', async () => (await import('./testing/vitest.mjs')).runVitest('vitest.config.mts')],
  ['host', 'Extension-host tests', async () => (await import('./testing/host.mjs')).runHostTests(console.log)],
  ['ui', 'UI tests', async () => (await import('./testing/ui.mjs')).runUiTests(console.log)],
];

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !steps.some((step) => step[0] === name));
if (unknown) {
  console.error(`There is no step "${unknown}"; the steps are ${steps.map((step) => step[0]).join(', ')}.`);
  process.exit(2);
}

await main(installDependencies);
const total = { passed: 0, failed: 0 };
for (const [name, title, step] of steps) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const start = performance.now();
  const { passed, failed, skipped = 0, output } = await step().catch(broken);
  if (failed > 0) console.log(output.trim());
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${title}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (${seconds} s)`);
  total.passed += passed;
  total.failed += failed;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/**
 * A tool that passes or fails as a whole.
 * @param {string} script From the clone's root.
 * @param {readonly string[]} args
 * @returns {Promise<Counts>}
 */
async function check(script, args) {
  const { code, output } = await run(process.execPath, [script, ...args], { cwd: root });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
}

/**
 * @param {unknown} error
 * @returns {Counts}
 */
function broken(error) {
  return { passed: 0, failed: 1, output: error instanceof Error ? error.message : String(error) };
}
