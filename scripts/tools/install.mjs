/** Brings node_modules to what the lock file says, when it is not there already. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';
import { must } from './run.mjs';

/** @typedef {Record<string, { version?: string, optional?: boolean, link?: boolean }>} Packages */

/**
 * Runs `npm ci` unless every package of the lock file is installed in its version.
 * @param {(line: string) => void} [say]
 */
export async function installDependencies(say = console.log) {
  if (isInstalled()) return;
  say('Installing the packages of package-lock.json (npm ci) ...');
  await must('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
}

function isInstalled() {
  // npm writes this file last, so an interrupted install has none.
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readPackages(record);
  return Object.entries(readPackages(join(root, 'package-lock.json'))).every(
    // An optional package of another platform is in the lock file only.
    ([path, wanted]) => path === '' || wanted.optional || installed[path]?.version === wanted.version,
  );
}

/**
 * @param {string} file
 * @returns {Packages}
 */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
