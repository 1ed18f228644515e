/** Drives the packed extension as a person would: VS Code served to a real browser, test/e2e. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../tools/places.mjs';
import { findBrowser } from '../vscode/browser.mjs';
import { installVSCode } from '../vscode/install.mjs';
import { runVitest } from './vitest.mjs';

/**
 * @param {(line: string) => void} say
 * @returns {Promise<import('./vitest.mjs').Counts>}
 */
export async function runUiTests(say) {
  const { version } = await installVSCode(say);
  say(`VS Code under test: ${version}, served to ${await findBrowser(say)}, with the packed extension installed`);
  const screenshots = join(root, 'screenshots');
  await rm(screenshots, { recursive: true, force: true });
  await mkdir(screenshots, { recursive: true });
  const counts = await runVitest('test/e2e/vitest.config.mts');
  for (const [line] of counts.output.matchAll(/^Once more: .*$/gm)) say(line); // A gesture that the window dropped, and that was made again.
  return counts;
}
