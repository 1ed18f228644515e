/** The walls of the house: which floor of core may import which, no circles among files, and that families are told apart by their records alone. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAMILIES } from '../core/spec/types.ts';

const root = join(import.meta.dirname, '..');
const ROOMS = ['core', 'sources', 'engine', 'protocol', 'server', 'extension', 'webview', 'cli'];

/** From the ground up: a folder of core imports its own and those before it. */
const FLOORS = ['math', 'kernels', 'spec', 'data', 'families', 'design', 'sampler', 'model', 'posterior', 'export', 'rules', 'init'];

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'assembly' ? [] : filesIn(path);
    return name.endsWith('.ts') ? [path] : [];
  });
}

const files = ROOMS.flatMap((room) => filesIn(join(root, room)));
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const imports = new Map(
  files.map((file) => {
    const found = [...texts.get(file)!.matchAll(/^(?:import|export)\s[^;]*?from '(\.[^']+)'/gm)];
    return [file, found.map(([, path]) => resolve(dirname(file), path)).filter((path) => texts.has(path))] as const;
  }),
);
const name = (file: string): string => relative(root, file).split(sep).join('/');

describe('imports', () => {
  it('within core go downwards', () => {
    const floorOf = (file: string): number => FLOORS.indexOf(name(file).split('/')[1]);
    const upwards = files
      .filter((file) => name(file).startsWith('core/'))
      .flatMap((file) => imports.get(file)!.map((to) => [file, to] as const))
      .filter(([file, to]) => floorOf(to) > floorOf(file) || floorOf(file) < 0)
      .map(([file, to]) => `${name(file)} → ${name(to)}`);
    expect(upwards).toEqual([]);
  });

  it('have no circle', () => {
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        circles.push([...path.slice(path.indexOf(file)), file].map(name).join(' → '));
        return;
      }
      state.set(file, 'open');
      for (const to of imports.get(file)!) visit(to, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});

it('no one but core/families compares the name of a family', () => {
  // `student_t` is a prior's name, too.
  const names = FAMILIES.filter((f) => f !== 'student_t').join('|');
  const comparison = new RegExp(`family\\w*\\)?\\s*[!=]==?\\s*['"\`]|[!=]==?\\s*['"](?:${names})['"]|case ['"](?:${names})['"]:`, 'i');
  const found = files
    .filter((file) => !name(file).startsWith('core/families/'))
    .flatMap((file) =>
      texts
        .get(file)!
        .split('\n')
        .map((line, i) => [`${name(file)}:${i + 1}`, line] as const),
    )
    .filter(([, line]) => comparison.test(line))
    .map(([place]) => place);
  expect(found).toEqual([]);
});
