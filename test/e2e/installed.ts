/** Packs the built extension and installs it, once for all UI tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packExtension } from '../../scripts/package.mjs';
import { installExtension } from '../../scripts/vscode/server.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of installed extensions, with hmask as the one. */
    extensions: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hmask-ui-'));
  const extensions = join(folder, 'extensions');
  await installExtension(await packExtension(join(folder, 'hmask.vsix')), extensions);
  project.provide('extensions', extensions);
  return () => rm(folder, { recursive: true, force: true });
}
