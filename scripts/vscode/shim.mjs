#!/usr/bin/env node
/**
 * Stands in for VS Code's executable where it cannot be downloaded: takes the arguments that @vscode/test-electron gives it, runs the tests in
 * the extension host of a VS Code served to a headless browser, and exits with their result.
 */
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** Milliseconds after which the extension host is given up. */
const LONGEST = 15 * 60 * 1000;

const options = new Map(process.argv.filter((a) => a.startsWith('--')).map((a) => /** @type {[string, string]} */ (split(a))));
const folder = resolve(process.argv.slice(2).find((a) => !a.startsWith('-')) ?? '.');
const extension = resolve(options.get('--extensionDevelopmentPath') ?? '.');
const tests = resolve(options.get('--extensionTestsPath') ?? '.');

/** @param {string} argument */
function split(argument) {
  const at = argument.indexOf('=');
  return at < 0 ? [argument, ''] : [argument.slice(0, at), argument.slice(at + 1)];
}

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const server = await startServer({ testDriver: true });
const browser = await launchBrowser();
let code = 1;
/** What the window logged as errors; of interest only when the tests fail.
 * @type {string[]} */
const lines = [];
try {
  const page = await browser.newPage();
  const ended = new Promise((done) => page.exposeFunction('codeAutomationExit', done));
  await page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
    if (type === 'error') lines.push(args.join(' ').trimEnd());
  });
  await page.goto(
    server.url(folder, [
      ['extensionDevelopmentPath', server.remote(extension)],
      ['extensionTestsPath', server.remote(tests)],
    ]),
  );
  code = Number(await Promise.race([ended, sleep(LONGEST, 1)]));
} finally {
  await browser.close();
  await server.stop();
}
if (code !== 0) console.error(lines.join('\n'));
process.exit(code);
