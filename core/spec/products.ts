/**
 * Products in the list of covariates, as R's formulas have them: `a:b` is the product of two, `a:b:c` of three, and `a*b` stands for
 * both and their product. A factor is a covariate as the list declares it (its transform, levels and name), else a column as it is.
 */
import type { CovariateSpec } from './types.ts';

/** A factor's name within an item, with its place in the item's text. */
export interface Token {
  readonly text: string;
  readonly from: number;
}

/** More of them in one item would be thousands of products. */
const MOST_STARS = 4;

/** The names between `:` and `*`, without the blanks around them. */
export function tokensOf(written: string): readonly Token[] {
  return [...written.matchAll(/[^:*]+/g)].flatMap(({ 0: text, index }) => {
    const trimmed = text.trim();
    return trimmed === '' ? [] : [{ text: trimmed, from: index + text.indexOf(trimmed) }];
  });
}

/** The covariates that an item stands for, each a list of its factors; one that is no product is one column, blanks and all. */
export function termsIn(written: string): readonly (readonly string[])[] {
  const summands = written.split('*').map((summand) => summand.split(':').map((part) => part.trim()));
  const isColumn = (summands.length === 1 && summands[0].length === 1) || summands.length > MOST_STARS || summands.flat().some(isNoFactor);
  if (isColumn) return [[written]];
  if (summands.length === 1) return summands;
  const found = new Map<string, readonly string[]>();
  for (const chosen of subsets(summands.length)) {
    const parts = [...new Set(chosen.flatMap((s) => summands[s]))];
    found.set(parts.join(':'), parts);
  }
  return [...found.values()];
}

/** Nothing, or a piece of another formula: one parenthesis of two, a sum, a bar. Such an item is left whole, to be told as what it is. */
function isNoFactor(part: string): boolean {
  const count = (sign: string) => part.split(sign).length - 1;
  return part === '' || count('(') !== count(')') || /[~|]|\s[+-]\s/.test(part);
}

/** Every non-empty subset of 0 … n − 1, the small ones first. */
function subsets(n: number): number[][] {
  const all = Array.from({ length: 2 ** n - 1 }, (_, bits) => Array.from({ length: n }, (__, i) => i).filter((i) => ((bits + 1) >> i) & 1));
  return all.sort((a, b) => a.length - b.length || a[a.findIndex((x, i) => x !== b[i])] - b[a.findIndex((x, i) => x !== b[i])]);
}

/** The covariates of one column that a factor may be: that of its name, else all of its column. More than one: nobody knows which is meant. */
export function declarationsOf(covariates: readonly CovariateSpec[], part: string): readonly CovariateSpec[] {
  let { named, of } = declared.get(covariates) ?? {};
  if (named === undefined || of === undefined) {
    const singles = covariates.filter((c) => c.parts.length === 1);
    named = listedBy(singles, (c) => c.name);
    of = listedBy(singles, (c) => c.columns[0]);
    declared.set(covariates, { named, of });
  }
  return named.get(part)?.slice(0, 1) ?? of.get(part) ?? [];
}

function listedBy(covariates: readonly CovariateSpec[], key: (c: CovariateSpec) => string): Declared {
  const lists = new Map<string, CovariateSpec[]>();
  for (const c of covariates) {
    const list = lists.get(key(c));
    if (list === undefined) lists.set(key(c), [c]);
    else list.push(c);
  }
  return lists;
}

type Declared = ReadonlyMap<string, readonly CovariateSpec[]>;

/** Looked up once for a list. */
const declared = new WeakMap<readonly CovariateSpec[], { readonly named: Declared; readonly of: Declared }>();

/** Puts the columns of products in: those of the covariates that declare their factors. */
export function linked(covariates: readonly CovariateSpec[]): CovariateSpec[] {
  return covariates.map((c) =>
    c.parts.length === 1 ? c : { ...c, columns: c.parts.map((part) => declarationsOf(covariates, part)[0]?.columns[0] ?? part) },
  );
}

/**
 * The place of a covariate's entry in a mask row of `length` entries: rows have one for each covariate, or one for each item of the list;
 * −1 where it is neither.
 */
export function maskEntry(covariates: readonly CovariateSpec[], length: number, covariate: number): number {
  if (length === covariates.length) return covariate;
  return length === itemsIn(covariates) ? covariates[covariate].item : -1;
}

/** The covariates that an entry of a mask row is for. */
export function covariatesAt(covariates: readonly CovariateSpec[], length: number, entry: number): number[] {
  return covariates.flatMap((_, p) => (maskEntry(covariates, length, p) === entry ? [p] : []));
}

/** Items of the list that the covariates come from. */
export const itemsIn = (covariates: readonly CovariateSpec[]): number => new Set(covariates.map((c) => c.item)).size;
