/** The built program, for tests of what is shipped: `npm run build` makes it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const example = join(root, 'examples', 'manufacturing', 'manufacturing.hmask.json');

export function built(name: string): string {
  const path = join(root, 'dist', name);
  if (!existsSync(path)) throw new Error(`dist/${name} is missing: run "npm run build" first.`);
  return path;
}

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line; `interruptAfter` milliseconds sends it an interrupt, as Ctrl-C does. */
export function runCli(
  args: readonly string[],
  options: { readonly cwd?: string; readonly interruptAfter?: number } = {},
): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [built('cli.js'), ...args], { cwd: options.cwd ?? root, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (d) => (stdout += d));
    child.stderr.on('data', (d) => (stderr += d));
    if (options.interruptAfter !== undefined) setTimeout(() => child.kill('SIGINT'), options.interruptAfter);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
