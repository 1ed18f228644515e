/** A temporary folder with files in it, for tests of sources. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataProfile } from '../../core/data/profile.ts';
import { type ProfileRequest, profileData } from '../../sources/duckdb.ts';

export class Folder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'hmask-data-')));
  readonly specPath = join(this.path, 'spec', 'case.hmask.json');

  constructor() {
    mkdirSync(join(this.path, 'spec'));
  }

  /** Writes a file beside the spec; returns its absolute path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, 'spec', name);
    writeFileSync(path, content);
    return path;
  }

  profile(file: string, options: Partial<ProfileRequest> & { where?: string; delimiter?: string } = {}): Promise<DataProfile> {
    const { where = null, delimiter = null, ...rest } = options;
    return profileData({
      specPath: this.specPath,
      source: { kind: 'file', file, where, delimiter },
      group: 'group',
      roots: [join(this.path, 'spec')],
      ...rest,
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
