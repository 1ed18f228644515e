import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**', 'test/e2e/**'],
    // A slow machine is no fault: the longest test takes 8 s on two idle cores and half a minute on a third of one.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    globalSetup: ['test/freshBuild.ts'],
    setupFiles: ['test/propertySeed.ts'],
    maxWorkers: 2,
  },
});
