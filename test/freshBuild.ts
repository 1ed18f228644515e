/** Before unit tests: builds `dist`, which tests of the command line and of threads run, when a source is newer than it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const SOURCES = ['cli', 'core', 'engine', 'extension', 'protocol', 'schemas', 'server', 'sources', 'webview', 'scripts', 'package.json'];

function newest(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

export default function build(): void {
  const built = join(root, 'dist', 'licences.txt');
  if (existsSync(built) && SOURCES.every((name) => newest(join(root, name)) <= statSync(built).mtimeMs)) return;
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('The build failed.');
}
