/** Runs other programs. Plain Node, so that it works in a clone where nothing is installed yet. */
import { spawn } from 'node:child_process';

/**
 * @typedef {object} Outcome
 * @property {number} code Exit code; 1 when a signal ended it, 127 when it could not be started.
 * @property {string} output Standard output and standard error, interleaved.
 */

/**
 * Runs `command` to its end and keeps its output; with `live`, shows the output as well. Never throws.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, live?: boolean }} [options]
 * @returns {Promise<Outcome>}
 */
export function run(command, args, { cwd, env = process.env, live = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let output = '';
    for (const [stream, target] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        if (live) target.write(text);
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: output + error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * As `run`, but a failure throws an error whose message ends with the last lines of the output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 * @returns {Promise<string>} The output.
 */
export async function must(command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) {
    const tail = output.trim().split('\n').slice(-20).join('\n');
    throw new Error(`"${command} ${args.join(' ')}" failed with exit code ${code}:\n${tail}`);
  }
  return output;
}

/**
 * Runs a script's work; an error ends the process with its message, without a stack.
 * @param {() => Promise<void>} work
 */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/**
 * Whether a program of this name is on the PATH.
 * @param {string} command
 */
export async function onPath(command) {
  const { code } = await run(process.platform === 'win32' ? 'where' : 'which', [command]);
  return code === 0;
}
