import { quote } from '../spec/nearest.ts';
import { type DataRule, problemOf } from './rule.ts';

/** HM304: group names that look the same: they differ in blanks or in how an accent is encoded. */
export const groupNamesAlike: DataRule = function* (context) {
  if (context.spec.group === null) return;
  const seen = new Map<string, string>();
  for (const name of context.groupProfiles.keys()) {
    const looks = name.normalize('NFC').replace(/\s+/g, ' ').trim();
    const twin = seen.get(looks);
    if (twin !== undefined) {
      const message = `The groups ${quote(twin)} and ${quote(name)} look alike but differ in blanks or accents; they are two groups, so make the data agree if one is meant.`;
      const named = context.spec.mask !== 'auto' && context.spec.mask.has(name);
      yield problemOf('HM304', 'warning', message, named ? context.locate(['mask', name], 'key') : context.locate(['group']));
    }
    seen.set(looks, name);
  }
};
