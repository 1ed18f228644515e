/** docs/mathematics.md names files and constants: both are as it says. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const page = read('docs/mathematics.md');

const cited = new Set([...page.matchAll(/`((?:core|engine|docs|test)\/[\w./-]+)`/g)].map((m) => m[1]));

/** Rows of the table of thresholds: `name`, `value`, `file`. */
const thresholds = [...page.matchAll(/^\| `(.+?)` \| `(.+?)` \| `(.+?)` \| .+ \|$/gm)].map(([, name, value, file]) => ({
  name,
  value,
  file,
}));

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether the file gives a constant or a key of that name this value, or has the expression as it stands. */
function stands(name: string, value: string, text: string): boolean {
  if (!/^\w+$/.test(name) && text.includes(name)) return name.includes(value);
  return new RegExp(`\\b${escaped(name)}(?:: [^=;\\n]+)?(?: =|:) ${escaped(value)}(?=[;,\\s])`).test(text);
}

describe('docs/mathematics.md', () => {
  it.each([...cited])('%s exists', (path) => {
    expect(existsSync(new URL(path, root))).toBe(true);
  });

  it('has a table of thresholds', () => {
    expect(thresholds.length).toBeGreaterThan(90);
  });

  it.each(thresholds)('$name is $value in $file', ({ name, value, file }) => {
    expect(stands(name, value, read(file))).toBe(true);
  });

  it('tells a value that has changed', () => {
    expect(stands('COUPLED', '0.2', 'const COUPLED = 0.2;\n')).toBe(true);
    expect(stands('COUPLED', '0.2', 'const COUPLED = 0.25;\n')).toBe(false);
    expect(stands('OUPLED', '0.2', 'const COUPLED = 0.2;\n')).toBe(false);
    expect(stands('share > 0.01', '0.01', 'if (share > 0.02) return;\n')).toBe(false);
  });

  it.each(['core/sampler', 'core/model/collapsed', 'core/families'])('names every file of %s that computes', (folder) => {
    const plain = ['core/families/index.ts', 'core/families/shared.ts'];
    const files = readdirSync(new URL(`${folder}/`, root)).map((file) => `${folder}/${file}`);
    expect(files.filter((file) => !plain.includes(file) && !cited.has(file))).toEqual([]);
  });

  it('numbers its equations in order, each once', () => {
    const tags = [...page.matchAll(/\\tag\{(\d+)\}/g)].map((m) => Number(m[1]));
    expect(tags).toEqual(tags.map((_, i) => i + 1));
  });
});
