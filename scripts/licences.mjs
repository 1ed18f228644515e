/** The licence texts of all that the bundles hold, in one file beside them. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './tools/places.mjs';

/** What has no modules of its own in a bundle: the kernels' runtime is compiled from this package. */
const COMPILED = ['node_modules/assemblyscript'];

/** What a package holds beside its own code, and says so nowhere. */
const HELD = new Map([
  [
    '@hpcc-js/wasm-graphviz',
    'It holds Graphviz, under the Eclipse Public License 2.0 (https://www.eclipse.org/legal/epl-2.0), whose source is at https://graphviz.org, and Expat, under the MIT licence.',
  ],
]);

/** A package's folder, from the clone, out of a module's path. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/**
 * The folders of the packages whose modules went into bundles.
 * @param {readonly import('esbuild').Metafile[]} metafiles
 * @returns {string[]} Sorted, from the clone.
 */
export function packagesOf(metafiles) {
  const found = metafiles.flatMap(({ inputs }) => Object.keys(inputs).flatMap((path) => PACKAGE.exec(path)?.[0] ?? []));
  return [...new Set([...found, ...COMPILED])].sort();
}

/**
 * Writes the texts.
 * @param {string} file
 * @param {readonly string[]} packages As `packagesOf` gives them.
 */
export async function writeLicences(file, packages) {
  const sections = await Promise.all(packages.map(sectionOf));
  const head = 'hmask holds the following packages, each under the licence below its name.\n';
  await writeFile(file, [head, ...sections].join(`\n${'='.repeat(80)}\n\n`));
}

/** @param {string} folder */
async function sectionOf(folder) {
  /** @type {{ name: string, version: string, license: string, author?: string | { name: string } }} */
  const { name, version, license, author } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
  const files = (await readdir(join(root, folder))).filter((entry) => /^(licen[cs]e|copying|notice)/i.test(entry)).sort();
  const own = await Promise.all(files.map((entry) => readFile(join(root, folder, entry), 'utf8')));
  const texts = own.length > 0 ? own : [await usualText(name, license, typeof author === 'string' ? author : (author?.name ?? name))];
  return [`${name} ${version} (${license})`, HELD.get(name) ?? [], texts.map((text) => text.trim())].flat(2).join('\n\n').concat('\n');
}

/**
 * The text of a licence that a package names and does not carry.
 * @param {string} name
 * @param {string} license
 * @param {string} holder
 */
async function usualText(name, license, holder) {
  if (license === 'MIT') return MIT.replace('HOLDER', holder);
  if (license === 'Apache-2.0') return readFile(join(root, 'node_modules', 'long', 'LICENSE'), 'utf8');
  throw new Error(`The package ${name} carries no text of its licence (${license}); put one into scripts/licences.mjs.`);
}

const MIT = `Copyright (c) HOLDER

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
