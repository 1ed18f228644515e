/** The keys of `data` that a file needs to be read as it is meant: those of which its faults and its columns leave no doubt. */
import type { DataProfile } from '../data/profile.ts';
import { keysForNumbers, type ReadingKeys } from '../data/readable.ts';
import type { ReaderSettings } from '../spec/types.ts';

/** Why a key was taken, as a clause. */
export interface NeededKeys {
  readonly keys: ReadingKeys;
  readonly reason: string;
}

/** What to read the file with beside `settings`; `null` when nothing more is needed, or it is not clear what. */
export function neededKeys(profile: DataProfile, settings: ReaderSettings | undefined): NeededKeys | null {
  // Other encodings than Windows-1252 would do as well, with other letters.
  const fault = profile.faults.find((f) => f.keys !== undefined && f.keys.encoding !== 'windows-1252');
  if (fault?.keys !== undefined) return { keys: fault.keys, reason: `else: ${fault.message.replace(/; .*$/, '').replace(/\.$/, '')}` };
  if (profile.form !== undefined) return { keys: profile.form.keys, reason: 'what stands above looks like no header' };
  for (const column of profile.columns) {
    const texts = column.kind === 'text' ? column.levels : (column.textsAmong ?? []);
    if (texts.length === 0) continue;
    const numbers = column.kind === 'text' ? 'none' : column.integer ? 'whole' : 'decimal';
    const found = keysForNumbers(texts, settings, numbers);
    if (found.length === 1 && !spoils(found[0], profile))
      return { keys: found[0], reason: `else ${JSON.stringify(column.name)} has text such as ${JSON.stringify(texts[0])}` };
  }
  return null;
}

/** Whether other columns have decimals that would be text then. */
const spoils = ({ decimal, thousands }: ReadingKeys, { columns }: DataProfile): boolean =>
  decimal !== undefined && thousands === undefined && columns.some((c) => c.kind === 'number' && !c.integer);
