/** A first spec for a data file, for the command line and the editor alike: reads it as it needs to be read, guesses, and checks what it writes. */
import { basename, dirname } from 'node:path';
import type { DataProfile } from '../../core/data/profile.ts';
import type { ReadingKeys } from '../../core/data/readable.ts';
import { type Draft, type DraftChoices, draftSpec, guessRoles } from '../../core/init/draft.ts';
import { type NeededKeys, neededKeys } from '../../core/init/keys.ts';
import { parseSpec } from '../../core/spec/parse.ts';
import { DEFAULT_READER, type FileSource, type ReaderSettings, type Spec } from '../../core/spec/types.ts';
import { sourceOf } from '../../sources/index.ts';

export interface Drafted {
  /** `null` where the file cannot be read, or no column can be the response. */
  readonly draft: Draft | null;
  readonly profile: DataProfile;
  /** Keys of `data` that the file turned out to need, with why. */
  readonly needed: readonly NeededKeys[];
}

/** More keys than this are looked for one after the other. */
const MOST_KEYS = 6;
/** Of text columns, after the choice of covariates. */
const MOST_LOOKS = 3;

/**
 * Reads the file at most a few times; `choices.group` and `choices.response` must be columns of it, or null.
 * @param specPath where the spec is to lie: beside the file.
 */
export async function draftFor(
  specPath: string,
  file: string,
  choices: Omit<DraftChoices, 'data' | 'keys'>,
  signal?: AbortSignal,
): Promise<Drafted> {
  const reading = new InitialReading(specPath, basename(file), signal);
  const first = await reading.look(choices.group === false ? null : choices.group);
  const result = (draft: Draft | null, profile: DataProfile): Drafted => ({ draft, profile, needed: reading.needed });
  if (first.faults.some((f) => f.fatal)) return result(null, first);
  const whole: DraftChoices = { ...choices, data: basename(file), keys: reading.keys };
  const roles = guessRoles(first, whole);
  if (roles === null) return result(null, first);
  // The groups of a guessed column are known only after a second look.
  const group = roles.group?.column ?? null;
  const profile = group !== first.groupColumn ? await reading.look(group) : first;
  if (profile.faults.some((f) => f.fatal)) return result(null, profile);
  let draft = draftSpec(profile, whole);
  // What indicators come to in each group is known only of covariates that were chosen.
  for (let looks = 0; looks < MOST_LOOKS && draft !== null; looks++) {
    const { text } = draft;
    const closer = await reading.look(group, parseSpec(text).spec ?? undefined);
    if (closer.derived == null) break;
    draft = draftSpec(closer, whole);
    if (draft?.text === text) break;
  }
  return result(draft, profile);
}

/** Readings of one file, with the keys that it turned out to need. */
class InitialReading {
  readonly #specPath: string;
  readonly #file: string;
  readonly #signal: AbortSignal | undefined;
  readonly needed: NeededKeys[] = [];

  constructor(specPath: string, file: string, signal: AbortSignal | undefined) {
    this.#specPath = specPath;
    this.#file = file;
    this.#signal = signal;
  }

  get keys(): ReadingKeys {
    return Object.assign({}, ...this.needed.map((n) => n.keys));
  }

  get #settings(): ReaderSettings {
    const { delimiter: _, dates: __, ...keys } = this.keys;
    return { ...DEFAULT_READER, ...keys };
  }

  /** @param covariates those of which is told what they come to in each group. */
  async look(group: string | null, covariates?: Spec): Promise<DataProfile> {
    for (;;) {
      const source: FileSource = { kind: 'file', file: this.#file, where: null, delimiter: null, reader: this.#settings };
      const roots = [dirname(this.#specPath)];
      const profile = await sourceOf(source).profile({ specPath: this.#specPath, source, group, covariates, roots, signal: this.#signal });
      const more = neededKeys(profile, this.#settings);
      if (more === null || this.needed.length >= MOST_KEYS) return profile;
      this.needed.push(more);
    }
  }
}
