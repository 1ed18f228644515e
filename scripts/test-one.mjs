/** `npm run test:one -- PATTERN [vitest's options]`: the test files whose path has the pattern, unit or UI, on a fresh build. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './tools/places.mjs';

const [pattern, ...options] = process.argv.slice(2);
if (pattern === undefined) {
  console.error('Which test? npm run test:one -- test/core/math/fft.test.ts, or a part of a path; -t NAME for one test of a file.');
  process.exit(2);
}
const isUi = /e2e/.test(pattern);
const config = isUi ? ['--config', 'test/e2e/vitest.config.mts'] : [];
const steps = [
  ...(isUi ? [[join(root, 'scripts', 'build.mjs')]] : []),
  [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...config, pattern, ...options],
];
for (const args of steps) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
