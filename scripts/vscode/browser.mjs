/** A browser of the Chromium family for VS Code to be looked at with. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { must, onPath } from '../tools/run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable'];

const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The path or name of an installed browser. As root on Debian, installs Chromium when there is none.
 * @param {(line: string) => void} [say]
 * @returns {Promise<string>}
 */
export async function findBrowser(say = console.log) {
  const installed = process.env.CHROME_PATH || (await lookAround());
  if (installed) return installed;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    say('Installing Chromium with apt-get; this happens once ...');
    await must('apt-get', ['update', '-qq']);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await must('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], { env });
    const installed = await lookAround();
    if (installed !== null) return installed;
  }
  throw new Error('The UI tests need Chrome, Edge or Chromium. Install one of them, or set CHROME_PATH to its executable.');
}

/** @returns {Promise<string | null>} */
async function lookAround() {
  for (const path of APPLICATIONS) if (existsSync(path)) return path;
  for (const name of NAMES) if (await onPath(name)) return (await must('which', [name])).trim();
  return null;
}

/**
 * Starts the browser, headless.
 * @param {(line: string) => void} [say]
 */
export async function launchBrowser(say) {
  return chromium.launch({
    executablePath: await findBrowser(say),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
