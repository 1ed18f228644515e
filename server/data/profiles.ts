/** Data profiles, each made once for a version of its file, group and columns; the last good one stays until a newer is there. */
import type { DataProfile } from '../../core/data/profile.ts';
import type { Spec } from '../../core/spec/types.ts';
import type { ProfileRequest } from '../../sources/duckdb.ts';

/** What the profiles need of the world; a test passes its own. */
export interface ProfileIo {
  /** Reads the data; never rejects for a fault of theirs. */
  profile(request: ProfileRequest): Promise<DataProfile>;
  /** Size and modification time of the data file, `null` when there is none; cheap. */
  version(request: ProfileRequest): Promise<string | null>;
}

export interface Held {
  readonly profile: DataProfile | null;
  /** Whether it is of exactly this request, or of an earlier one of the same document. */
  readonly current: boolean;
}

interface Entry {
  readonly key: string;
  readonly version: string | null;
  readonly profile: DataProfile;
}

/** Profiles kept over all documents. */
const MOST = 6;

export class Profiles {
  /** The latest of each document. */
  private readonly latest = new Map<string, Entry>();
  /** By key, the least recently used first. */
  private readonly kept = new Map<string, Entry>();
  private readonly running = new Map<string, Promise<Entry>>();

  constructor(private readonly io: ProfileIo) {}

  /** What is known now, without waiting. */
  held(uri: string, request: ProfileRequest | null): Held {
    if (request === null) return { profile: this.latest.get(uri)?.profile ?? null, current: false };
    const key = keyOf(request);
    const entry = this.kept.get(key);
    if (entry !== undefined) {
      this.latest.set(uri, entry);
      return { profile: entry.profile, current: true };
    }
    return { profile: this.latest.get(uri)?.profile ?? null, current: false };
  }

  /** Makes what is held current: reads the data unless the same version was read for the same request. True when that changed it. */
  async refresh(uri: string, request: ProfileRequest, around: <T>(work: () => Promise<T>) => Promise<T>): Promise<boolean> {
    const key = keyOf(request);
    const version = await this.io.version(request);
    const known = this.kept.get(key);
    if (known !== undefined && known.version === version) {
      const changed = this.latest.get(uri) !== known;
      this.latest.set(uri, known);
      return changed;
    }
    let work = this.running.get(`${key} ${version}`);
    if (work === undefined) {
      work = around(() => this.io.profile(request)).then((profile) => ({ key, version, profile }));
      this.running.set(`${key} ${version}`, work);
    }
    try {
      const entry = await work;
      this.keep(entry);
      this.latest.set(uri, entry);
      return true;
    } finally {
      this.running.delete(`${key} ${version}`);
    }
  }

  forget(uri: string): void {
    this.latest.delete(uri);
  }

  private keep(entry: Entry): void {
    this.kept.delete(entry.key);
    this.kept.set(entry.key, entry);
    for (const key of this.kept.keys()) {
      if (this.kept.size <= MOST) break;
      this.kept.delete(key);
    }
  }
}

/** What a profile depends on beside the file's version. */
const keyOf = ({ specPath, source, group, columns }: ProfileRequest): string => JSON.stringify([specPath, source, group, columns]);

/** What to read for a spec. */
export function requestOf(spec: Spec, specPath: string, roots: readonly string[]): ProfileRequest {
  const { response } = spec;
  const parts = [
    response.column,
    response.exposure,
    response.se,
    response.weights,
    typeof response.trials === 'string' ? response.trials : null,
  ];
  const columns = [...new Set([...spec.covariates.flatMap((c) => c.columns), ...parts.filter((c) => c !== null)])].sort();
  return { specPath, source: spec.data, group: spec.group, columns, roots };
}
