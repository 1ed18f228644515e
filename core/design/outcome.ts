/** The levels of a response that is text, or coded: which texts stand for 0 and for 1. */
import type { ColumnProfile } from '../data/profile.ts';
import { familyOf } from '../families/index.ts';
import type { Spec } from '../spec/types.ts';

/** The spellings of each level, in order: of a Bernoulli response failure first. */
export type Outcomes = readonly (readonly string[])[];

/** Pairs that need no `levels`, in any case; failure first. */
const USUAL: readonly (readonly [string, string])[] = [
  ['false', 'true'],
  ['no', 'yes'],
  ['n', 'y'],
];

/** As the spec declares them, else those of TRUE and FALSE, yes and no, y and n; `null` for a response of numbers, and for other text. */
export function outcomesOf({ family, response }: Pick<Spec, 'family' | 'response'>, column: ColumnProfile | undefined): Outcomes | null {
  if (response.levels !== null) return response.levels.map((level) => [level]);
  return familyOf(family).texts === 'two' ? usualOutcomes(column) : null;
}

/** Of a column whose texts are all of one usual pair; the one of the two that it lacks is spelt like the other. */
export function usualOutcomes(column: ColumnProfile | undefined): Outcomes | null {
  if (column?.kind !== 'text' || column.levels.length < column.distinct) return null;
  const plain = (text: string) => text.trim().toLowerCase();
  for (const pair of USUAL) {
    if (!column.levels.every((level) => plain(level) === pair[0] || plain(level) === pair[1])) continue;
    return pair.map((word) => {
      const found = column.levels.filter((level) => plain(level) === word);
      return found.length > 0 ? found : [speltLike(word, column.levels[0].trim())];
    });
  }
  return null;
}

function speltLike(word: string, other: string): string {
  if (other.length > 1 && other === other.toUpperCase()) return word.toUpperCase();
  const first = other[0] === other[0].toUpperCase() ? word[0].toUpperCase() : word[0];
  return first + word.slice(1);
}
