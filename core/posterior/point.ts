/** A point to predict at: covariate values by name → the terms' values. */
import { log, log1p } from '../math/elementary.ts';
import type { Design, Standardisation, Term } from '../model/design.ts';
import type { Transform } from '../spec/types.ts';

export interface Point {
  /** Index into `Design.groups`; −1 for a new group drawn from the population. */
  readonly group: number;
  /** One a term: 1 for the intercept, NaN where a needed value is lacking, 0 where masked. */
  readonly x: Float64Array;
  /** Values given that no active term of the group reads. */
  readonly ignored: readonly string[];
  /** Values needed but not given. */
  readonly lacking: readonly string[];
}

/**
 * The keys of `at` are covariates' names; an indicator is `column[level]` and 0 when left out; a product may be given whole (`a:b`) or as
 * its two columns. Values are as in the file: transforms and standardisation are applied here.
 * @returns `null` for a group that the model lacks while a term is not pooled: nothing is known of its coefficients.
 */
export function pointOf(
  design: Design,
  standardisation: Standardisation,
  groupName: string,
  at: ReadonlyMap<string, number>,
): Point | null {
  const group = design.groups.indexOf(groupName);
  if (group < 0 && design.terms.some((term) => term.pooling === 'none')) return null;
  const active = (t: number): boolean => group < 0 || design.mask[group * design.terms.length + t] === 1;
  const used = new Set<string>();
  const lacking = new Set<string>();
  const x = Float64Array.from(design.terms, (term, t) => {
    if (term.kind === 'intercept') return 1;
    if (!active(t)) return 0;
    for (const key of keysOf(term)) used.add(key);
    const value = termValue(term, at, standardisation);
    if (typeof value === 'number') return value;
    for (const key of value) lacking.add(key);
    return Number.NaN;
  });
  const ignored = [...at.keys()].filter((key) => !used.has(key));
  return { group, x, ignored, lacking: [...lacking] };
}

const factorKey = (term: Term, i: number): string => {
  const { column, level } = term.factors[i];
  if (term.factors.length === 1) return term.name;
  return level === null ? column : `${column}[${level}]`;
};

const keysOf = (term: Term): string[] => [term.name, ...term.factors.map((_, i) => factorKey(term, i))];

/** A term's value, or the keys that it lacks. */
function termValue(term: Term, at: ReadonlyMap<string, number>, standardisation: Standardisation): number | string[] {
  if (term.factors.length > 1 && at.has(term.name)) return transformed(at.get(term.name)!, term.transform, standardisation.get(term.name));
  const lacking: string[] = [];
  let product = 1;
  term.factors.forEach((factor, i) => {
    const key = factorKey(term, i);
    const value = at.get(key) ?? (factor.level === null ? undefined : 0);
    if (value === undefined) lacking.push(key);
    else product *= transformed(value, factor.transform, standardisation.get(factor.column));
  });
  if (lacking.length > 0) return lacking;
  return term.factors.length > 1 ? transformed(product, term.transform, standardisation.get(term.name)) : product;
}

/** A value after a covariate's transform; `column` says what `center` and `standardize` took off and divided by. */
export function transformed(
  value: number,
  transform: Transform,
  column: { readonly mean: number; readonly sd: number } | undefined,
): number {
  switch (transform) {
    case 'none':
      return value;
    case 'log':
      return log(value);
    case 'log10':
      return log(value) / Math.LN10;
    case 'log1p':
      return log1p(value);
    case 'sqrt':
      return Math.sqrt(value);
    case 'square':
      return value * value;
    case 'center':
      return value - (column?.mean ?? 0);
    case 'standardize':
      return (value - (column?.mean ?? 0)) / (column?.sd ?? 1);
  }
}
