/** A point to predict at: covariate values by name → the terms' values. */

import { transformed } from '../../data/transform.ts';
import { type At, type AtReading, lackingOf, readAt, vocabularyOf } from '../../design/at.ts';
import type { Design, Standardisation, Term } from '../../design/design.ts';
import { productKey } from '../../design/standardise.ts';

export interface Point {
  /** Index into `Design.groups`; −1 for a new group drawn from the population. */
  readonly group: number;
  /** One a term: 1 for the intercept, NaN where a needed value is lacking, 0 where masked. */
  readonly x: Float64Array;
  /** Values given that no active term of the group reads. */
  readonly ignored: readonly string[];
  /** Values needed but not given. */
  readonly lacking: readonly string[];
  /** Values that cannot be meant, a sentence each: contradictions, levels that the model does not know. `x` then says nothing. */
  readonly faults: readonly string[];
}

/**
 * The keys of `at` are as model/at.ts has them; a text column of which nothing is said is at its reference level. Values are as in the
 * file: transforms and standardisation are applied here.
 * @returns `null` for a group that the model lacks while a term is not pooled: nothing is known of its coefficients.
 */
export function pointOf(design: Design, standardisation: Standardisation, groupName: string, at: At): Point | null {
  const group = design.groups.indexOf(groupName);
  if (group < 0 && design.terms.some((term) => term.pooling === 'none')) return null;
  const { terms } = design;
  const active = terms.map((_, t) => group < 0 || design.mask[group * terms.length + t] === 1);
  const reading = readAt(terms, at);
  const lacking = new Set<string>();
  const x = Float64Array.from(terms, (term, t) => {
    if (term.kind === 'intercept') return 1;
    if (!active[t]) return 0;
    const needed = lackingOf(term, reading);
    for (const column of needed) lacking.add(vocabularyOf(terms).keyOf(column));
    return needed.length > 0 ? Number.NaN : termValue(term, reading, standardisation);
  });
  const read = vocabularyOf(terms.filter((_, t) => active[t])).keys;
  const ignored = [...at.keys()].filter((key) => !read.has(key));
  return { group, x, ignored, lacking: [...lacking], faults: reading.faults.map((f) => f.message) };
}

function termValue(term: Term, { numbers, levels, products }: AtReading, standardisation: Standardisation): number {
  const product = (value: number) => transformed(value, term.transform, standardisation.get(productKey(term.name)));
  const whole = term.factors.length > 1 ? products.get(term.name) : undefined;
  if (whole !== undefined) return product(whole);
  let value = 1;
  for (const { column, transform, level } of term.factors) {
    value *=
      level === null ? transformed(numbers.get(column)!, transform, standardisation.get(column)) : (levels.get(column)?.get(level) ?? 0);
  }
  return term.factors.length > 1 ? product(value) : value;
}
