/** What the packed extension holds, and under which licences. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { built, root } from '../built.ts';

const packed = execFileSync(process.execPath, [join(root, 'node_modules/@vscode/vsce/vsce'), 'ls'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((line) => line !== '');
const licences = readFileSync(built('licences.txt'), 'utf8');
const sections = licences.split(`\n${'='.repeat(80)}\n\n`).slice(1);

test('M9: the extension carries its own licence and those of what it bundles', () => {
  expect(packed).toEqual(expect.arrayContaining(['LICENSE', 'dist/licences.txt']));
});

test.each([
  ['@duckdb/node-api', /Permission is hereby granted/],
  ['@hpcc-js/wasm-graphviz', /Graphviz, under the Eclipse Public License/],
  ['@tensorflow/tfjs-core', /Apache License\s+Version 2\.0/],
  ['@tensorflow/tfjs-backend-wasm', /Apache License\s+Version 2\.0/],
  ['assemblyscript', /Apache License/],
  ['commander', /Permission is hereby granted/],
  ['fast-glob', /Permission is hereby granted/],
  ['jsonc-parser', /Permission is hereby granted/],
  ['lit', /Redistribution and use/],
  ['seedrandom', /Copyright \(c\) David Bau/],
  ['vega', /Redistribution and use/],
  ['vscode-languageserver', /Permission is hereby granted/],
])('M9: the text of %s', (name, text) => {
  const section = sections.find((s) => s.startsWith(`${name} `));
  expect(section).toMatch(text);
});

test('M9: every section is a package of node_modules with a text of some length', () => {
  expect(sections.length).toBeGreaterThan(50);
  for (const section of sections) {
    expect(section).toMatch(/^(@[\w.-]+\/)?[\w.-]+ \d+\.\d+\.\d+\S* \(.+\)\n/);
    expect(section.length, section.slice(0, 60)).toBeGreaterThan(500);
  }
});

test('M9: of packages that stand beside the bundles only the native part of DuckDB is there, each with its licence', () => {
  const beside = packed.filter((file) => file.startsWith('node_modules/'));
  const folders = [...new Set(beside.map((file) => file.split('/').slice(0, 3).join('/')))];
  expect(folders.every((folder) => folder.startsWith('node_modules/@duckdb/node-bindings'))).toBe(true);
  for (const folder of folders) expect(beside).toContain(`${folder}/LICENSE`);
  expect(beside.length).toBeLessThan(20);
});

test('M9: what the bundles ask for at run time is packed', () => {
  const natives = packed.filter((file) => file.endsWith('duckdb.node'));
  const installed = readdirSync(join(root, 'node_modules/@duckdb')).filter((name) => name.startsWith('node-bindings-'));
  expect(natives).toEqual(installed.map((name) => `node_modules/@duckdb/${name}/duckdb.node`));
});
