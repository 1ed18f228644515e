/** Mocha inside the extension host: runs every test file beside this one, and writes what came of it for the caller to count. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MochaOptions } from 'mocha';

/** Milliseconds for one test; a slow machine is no fault. */
const LONGEST = 240_000;

export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const options: MochaOptions = { ui: 'bdd', timeout: LONGEST, reporter: function quiet() {} as never };
  const mocha = new Mocha(options);
  for (const file of readdirSync(__dirname)) if (file.endsWith('.test.cjs')) mocha.addFile(join(__dirname, file));

  let passed = 0;
  const failures: string[] = [];
  await new Promise<void>((done) => {
    mocha
      .run(() => done())
      .on('pass', () => {
        passed++;
      })
      .on('fail', (test, error) => failures.push(`${test.fullTitle()}\n${error.stack ?? error.message}`));
  });
  const results = { passed, failed: failures.length, output: failures.join('\n\n') };
  if (process.env.HMASK_HOST_RESULTS) writeFileSync(process.env.HMASK_HOST_RESULTS, JSON.stringify(results));
  if (failures.length > 0) throw new Error(`${failures.length} tests failed`);
}
