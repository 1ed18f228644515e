import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FeatureContext } from '../context.ts';

/** Absolute path of a `file:` document; `null` for others, such as one never saved. */
export function pathOfUri(uri: string): string | null {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : null;
  } catch {
    return null;
  }
}

/** Absolute path of a data file, when it lies below the workspace or the spec's own folder. */
function pathOf({ document, roots }: FeatureContext, file: string): string | null {
  const specPath = pathOfUri(document.uri);
  if (specPath === null) return null;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file) || file.includes('\0')) return null;
  const path = resolve(dirname(specPath), file);
  return foldersOf(specPath, roots).some((root) => isBelow(path, root)) ? path : null;
}

/** The folders below which a spec may reach files. */
export const foldersOf = (specPath: string, roots: readonly string[]): readonly string[] => [dirname(specPath), ...roots];

/** Whether an absolute path lies within a folder. */
export function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === path;
}

/** The address of a data file as the spec names it; `null` for one that no spec may reach. */
export function dataUri(context: FeatureContext, file: string): string | null {
  const path = pathOf(context, file);
  return path === null ? null : pathToFileURL(path).href;
}
