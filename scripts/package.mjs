/** Packs the built extension into one VSIX for this platform: `node scripts/package.mjs [FILE]`. */
import { join } from 'node:path';
import { root } from './tools/places.mjs';
import { must } from './tools/run.mjs';

/**
 * @param {string} file Where the VSIX goes.
 * @returns {Promise<string>} `file`.
 */
export async function packExtension(file) {
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  // The native part of DuckDB is the platform's, so the package is as well.
  const target = `${process.platform}-${process.arch}`;
  await must(
    process.execPath,
    [vsce, 'package', '--target', target, '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file],
    { cwd: root },
  );
  return file;
}

if (process.argv[1] === import.meta.filename) {
  console.log(await packExtension(process.argv[2] ?? join(root, 'dist', 'hmask.vsix')));
}
