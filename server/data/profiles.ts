/** Data profiles, each made once for a version of its file, group and columns; the last good one stays until a newer is there. */

import type { DataProfile } from '../../core/data/profile.ts';
import { isPlain, slopeKey } from '../../core/design/derived.ts';
import { slopesOf } from '../../core/design/slopes.ts';
import { columnsOf, levelsDeclared } from '../../core/spec/columns.ts';
import type { Spec } from '../../core/spec/types.ts';
import type { ProfileRequest } from '../../sources/index.ts';

/** What the profiles need of the world; a test passes its own. */
export interface ProfileIo {
  /** Reads the data; never rejects for a fault of theirs. */
  profile(request: ProfileRequest): Promise<DataProfile>;
  /** Size and modification time of the data file, `null` when there is none; cheap. */
  version(request: ProfileRequest): Promise<string | null>;
}

export interface Held {
  readonly profile: DataProfile | null;
  /** Whether it is of this request's file, rows and group and has read its columns, or else of an earlier request of the same document. */
  readonly current: boolean;
}

interface Entry {
  readonly key: string;
  readonly version: string | null;
  /** The columns asked for. */
  readonly asked: ReadonlySet<string>;
  /** The covariates that were worked out. */
  readonly covariates: string;
  readonly profile: DataProfile;
}

/** Profiles kept over all documents. */
const MOST = 6;

export class Profiles {
  /** The latest of each document. */
  readonly #latest = new Map<string, Entry>();
  /** By key, the least recently used first. */
  readonly #kept = new Map<string, Entry>();
  readonly #running = new Map<string, Promise<Entry>>();

  readonly #io: ProfileIo;

  constructor(io: ProfileIo) {
    this.#io = io;
  }

  /** What is known now, without waiting. */
  held(uri: string, request: ProfileRequest | null): Held {
    const last = this.#latest.get(uri);
    const entry = request === null ? undefined : this.#known(uri, keyOf(request));
    if (request === null || entry === undefined || !hasRead(entry, request)) return { profile: last?.profile ?? null, current: false };
    this.#latest.set(uri, entry);
    return { profile: entry.profile, current: true };
  }

  /**
   * Makes what is held current: reads the data unless the same version was read for as much as this request asks. True when that changed it.
   * `around` is called about a reading; `again`: whether to look once more for a file that was not there.
   */
  async refresh(uri: string, request: ProfileRequest, around: <T>(work: () => Promise<T>) => Promise<T>, again = false): Promise<boolean> {
    const key = keyOf(request);
    const version = await this.#io.version(request);
    const known = this.#known(uri, key);
    if (
      known !== undefined &&
      known.version === version &&
      hasAll(known, request) &&
      hasWorkedOut(known, request) &&
      !(again && version === null)
    ) {
      const changed = this.#latest.get(uri) !== known;
      this.#latest.set(uri, known);
      return changed;
    }
    const task = JSON.stringify([key, version, request.columns, covariatesOf(request)]);
    let work = this.#running.get(task);
    if (work === undefined) {
      const asked = new Set(request.columns);
      work = around(() => this.#io.profile(request)).then((profile) => ({
        key,
        version,
        asked,
        covariates: covariatesOf(request),
        profile,
      }));
      this.#running.set(task, work);
    }
    try {
      const entry = await work;
      this.#keep(entry);
      this.#latest.set(uri, entry);
      return true;
    } finally {
      this.#running.delete(task);
    }
  }

  forget(uri: string): void {
    this.#latest.delete(uri);
  }

  /** A document's own latest is known as long as it is open, however many others there are. */
  #known(uri: string, key: string): Entry | undefined {
    const last = this.#latest.get(uri);
    return this.#kept.get(key) ?? (last?.key === key ? last : undefined);
  }

  #keep(entry: Entry): void {
    this.#kept.delete(entry.key);
    this.#kept.set(entry.key, entry);
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= MOST) break;
      this.#kept.delete(key);
    }
  }
}

/** What a profile depends on beside the file's version and the columns asked for. */
const keyOf = ({ specPath, source, group, roots, levels = new Map() }: ProfileRequest): string =>
  JSON.stringify([specPath, source, group, roots, [...levels]]);

/** What the list of covariates comes to in each group hangs on: not on priors or pooling. */
const covariatesOf = ({ covariates }: ProfileRequest): string =>
  JSON.stringify(
    covariates?.covariates.map(({ parts, columns, written, transform, levels }) => [parts, columns, written, transform, levels]),
  );

/** Whether all that the columns themselves do not tell of the covariates is known, or would not be by a new reading. */
function hasWorkedOut({ covariates, profile }: Entry, request: ProfileRequest): boolean {
  if (request.covariates === undefined || covariates === covariatesOf(request)) return true;
  const slopes = slopesOf(request.covariates, profile);
  const known = new Set(profile.derived?.slopes);
  return slopes.every(isPlain) || slopes.every((s) => known.has(slopeKey(s)));
}

/** Whether every column of the request that the file has was read; a name that it lacks needs no reading to be told. */
function hasRead({ profile }: Entry, { columns = [] }: ProfileRequest): boolean {
  const wanted = new Set(columns);
  return profile.columns.every((c) => c.kind !== 'unread' || !wanted.has(c.name));
}

/** Whether a new reading would tell nothing more: correlations are among the columns asked for, as many as there is room for. */
function hasAll({ profile, asked }: Entry, { columns = [] }: ProfileRequest): boolean {
  const wanted = new Set(columns);
  const correlated = new Set(profile.correlated);
  const there = profile.columns.filter((c) => c.kind === 'number' || c.kind === 'mixed' || c.kind === 'unread');
  const room = there.every((c) => !asked.has(c.name) || correlated.has(c.index) || c.name === profile.groupColumn);
  return there.every((c) => (wanted.has(c.name) ? asked.has(c.name) : room || !asked.has(c.name)));
}

/** What to read for a spec. */
export function requestOf(spec: Spec, specPath: string, roots: readonly string[]): ProfileRequest {
  return {
    specPath,
    source: spec.data,
    group: spec.group,
    columns: columnsOf(spec).sort(),
    levels: levelsDeclared(spec),
    covariates: { covariates: spec.covariates, mask: 'auto' },
    roots,
  };
}
