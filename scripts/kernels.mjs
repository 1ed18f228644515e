// Compiles core/kernels/assembly (AssemblyScript) into core/kernels/bytes.ts: node scripts/kernels.mjs [--check]
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'core', 'kernels', 'bytes.ts');

const HEADER = `/** The compiled kernels of core/kernels/assembly, in base 64. Made by scripts/kernels.mjs; do not edit. */
// biome-ignore format: one long line
export const KERNEL_BYTES =
`;

/** The text of bytes.ts for the sources as they are. */
export async function compileKernels() {
  const outputs = new Map();
  const { error, stderr } = await asc.main(
    [
      'core/kernels/assembly/index.ts',
      ...['--outFile', 'kernels.wasm', '--optimizeLevel', '3', '--shrinkLevel', '0', '--runtime', 'stub', '--noAssert'],
      ...['--importMemory', '--enable', 'simd', '--converge'],
    ],
    {
      readFile: (name) => readFile(join(root, name), 'utf8').catch(() => null),
      writeFile: (name, contents) => outputs.set(name, contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`AssemblyScript: ${error.message}\n${stderr.toString()}`);
  const base64 = Buffer.from(outputs.get('kernels.wasm')).toString('base64');
  return `${HEADER}  '${base64}';\n`;
}

/** Writes bytes.ts when the sources say something new; returns whether it did. */
export async function buildKernels() {
  const text = await compileKernels();
  const old = await readFile(target, 'utf8').catch(() => '');
  if (old === text) return false;
  await writeFile(target, text);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    if ((await readFile(target, 'utf8').catch(() => '')) !== (await compileKernels())) {
      console.error('core/kernels/bytes.ts is not what its sources compile to: run node scripts/kernels.mjs');
      process.exitCode = 1;
    }
  } else console.log((await buildKernels()) ? 'core/kernels/bytes.ts written' : 'core/kernels/bytes.ts is up to date');
}
