// Builds everything into dist/: node scripts/build.mjs [--dev] [--watch] [--only NAME[,NAME]]
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';
import { packagesOf, writeLicences } from './licences.mjs';
import { buildSchema } from './schema.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const watch = process.argv.includes('--watch');
const dev = watch || process.argv.includes('--dev');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1].split(',') : null;

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: !dev,
  keepNames: false,
  sourcemap: dev ? 'linked' : false,
  logLevel: 'warning',
  metafile: true,
  legalComments: 'linked',
  define: { 'process.env.NODE_ENV': dev ? '"development"' : '"production"' },
  loader: { '.wasm': 'binary' },
};

/**
 * DuckDB's loader asks which libc there is before it picks its native part, which takes longer than loading it (100 ms);
 * where only one part is installed there is nothing to ask.
 */
const nativePart = {
  name: 'native-part',
  setup(builder) {
    builder.onResolve({ filter: /^@duckdb\/node-bindings$/ }, ({ namespace }) =>
      namespace === 'native-part' ? { external: true } : { path: 'duckdb', namespace: 'native-part' },
    );
    builder.onLoad({ filter: /.*/, namespace: 'native-part' }, () => ({
      resolveDir: root,
      contents: `
        const part = \`@duckdb/node-bindings-\${process.platform}-\${process.arch}/duckdb.node\`;
        try {
          module.exports = require(part);
        } catch {
          module.exports = require('@duckdb/node-bindings');
        }`,
    }));
  },
};

/** What runs in Node: the extension host, its workers, the language server, the command line. */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // The API of DuckDB goes into the bundle (as a package of hundreds of modules it takes 150 ms to load); its native part cannot.
  external: ['vscode'],
  plugins: [nativePart],
  // Without it the TensorFlow.js backends, side effects of an ES module, are dropped.
  mainFields: ['module', 'main'],
};

const browser = { ...common, platform: 'browser', format: 'iife', target: 'es2022' };

const bundles = {
  cli: [
    { ...node, entryPoints: ['cli/launch.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
    { ...node, entryPoints: ['cli/main.ts'], outfile: 'dist/program.js' },
  ],
  engine: { ...node, entryPoints: ['engine/threads/worker.ts'], outfile: 'dist/engine.js' },
  chain: { ...node, entryPoints: ['engine/threads/lane.ts'], outfile: 'dist/chain.js' },
  products: { ...node, entryPoints: ['engine/threads/products.ts'], outfile: 'dist/products.js' },
  server: { ...node, entryPoints: ['server/main.ts'], outfile: 'dist/server.js' },
  extension: { ...node, entryPoints: ['extension/extension.ts'], outfile: 'dist/extension.js' },
  panel: { ...browser, entryPoints: ['webview/panel/main.ts'], outfile: 'dist/webview/panel.js' },
  predictions: { ...browser, entryPoints: ['webview/predictions/main.ts'], outfile: 'dist/webview/predictions.js' },
  // What a page evaluates, or imports, when it needs it.
  charts: { ...browser, entryPoints: ['webview/libraries/charts.ts'], outfile: 'dist/webview/charts.js', globalName: 'hmaskCharts' },
  diagrams: { ...browser, entryPoints: ['webview/libraries/diagrams.ts'], outfile: 'dist/webview/diagrams.js', format: 'esm' },
};

/** The kernels are AssemblyScript: compiled once, before anything imports their bytes. */
async function buildKernels() {
  const script = join(root, 'scripts', 'kernels.mjs');
  if (existsSync(script)) await (await import(script)).buildKernels();
}

await mkdir(dist, { recursive: true });
await buildKernels();
await buildSchema();
const wanted = Object.entries(bundles).filter(([name, options]) =>
  only ? only.includes(name) : [options].flat().every((o) => existsSync(join(root, o.entryPoints[0]))),
);
const built = await Promise.all(wanted.flatMap(([, options]) => options).map((options) => build(options)));
if (only === null) {
  const packages = packagesOf(built.map(({ metafile }) => metafile));
  await writeLicences(join(dist, 'licences.txt'), packages);
}

/** Scripts and styles that stand in a page must not end it. */
for (const file of ['panel.js', 'panel.css', 'predictions.js', 'predictions.css', 'charts.js'].map((name) => join(dist, 'webview', name))) {
  const found = existsSync(file) && /<\/(script|style)|<!--/i.exec(await readFile(file, 'utf8'));
  if (found) throw new Error(`${file} has "${found[0]}" in it and cannot stand in a page.`);
}

const tfjs = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'));
await copyFile(join(tfjs, 'dist', 'tfjs-backend-wasm-simd.wasm'), join(dist, 'tfjs-backend-wasm-simd.wasm'));
if (existsSync(join(dist, 'cli.js'))) await chmod(join(dist, 'cli.js'), 0o755);

if (watch) {
  const contexts = await Promise.all(wanted.flatMap(([, options]) => options).map((o) => context({ ...o, logLevel: 'info' })));
  await Promise.all(contexts.map((c) => c.watch()));
  console.log('Watching; a change is built within a moment. Kernels and the schema are made by a new start. Ctrl+C ends it.');
}
