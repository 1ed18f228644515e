/** A temporary folder with files in it, for tests of sources. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataProfile } from '../../core/data/profile.ts';
import type { Design, ModelData } from '../../core/design/design.ts';
import { resolveDesign } from '../../core/design/resolve.ts';
import { levelsDeclared } from '../../core/spec/columns.ts';
import { parseSpec } from '../../core/spec/parse.ts';
import type { DataSource, Spec } from '../../core/spec/types.ts';
import { type LoadRequest, loadData, type ProfileRequest, profileData } from '../../sources/duckdb/index.ts';

function readSpec(spec: Readonly<Record<string, unknown>>): Spec {
  const parsed = parseSpec(JSON.stringify(spec));
  if (parsed.spec === null || parsed.problems.length > 0) throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

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

  /** The profile of the data of a spec given as an object. */
  profileOf(spec: Readonly<Record<string, unknown>>): Promise<DataProfile> {
    const parsed = readSpec(spec);
    const { data: source, group } = parsed;
    return profileData({ specPath: this.specPath, source, group, levels: levelsDeclared(parsed), roots: [this.path] });
  }

  /** The design of a spec given as an object, and where its data are. */
  async design(spec: Readonly<Record<string, unknown>>): Promise<{ design: Design; source: DataSource }> {
    const profile = await this.profileOf(spec);
    if (profile.faults.length > 0) throw new Error(profile.faults[0].message);
    const parsed = readSpec(spec);
    return { design: resolveDesign(parsed, profile), source: parsed.data };
  }

  async load(spec: Readonly<Record<string, unknown>>, options: Partial<LoadRequest> = {}): Promise<ModelData> {
    const { design, source } = await this.design(spec);
    return loadData({ specPath: this.specPath, source, roots: [this.path], design, ...options });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
