/** The names of families that a spec may give: those of `FAMILIES`, and what `core/families` takes in beside them. */
import { addSynonyms } from './nearest.ts';
import { FAMILIES, type Family } from './types.ts';

const names: Family[] = [...FAMILIES];

/** In the order in which lists show them. */
export const familyNames = (): readonly Family[] => names;

/** @param synonyms Other words for it: lower case, letters and digits only. */
export function acceptFamily(name: Family, synonyms: readonly string[]): void {
  if (!names.includes(name)) names.push(name);
  addSynonyms(name, synonyms);
}
