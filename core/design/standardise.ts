/** What `center` and `standardize` need to know of a column. */

import type { Transform } from '../spec/types.ts';
import type { Design } from './design.ts';

/** Whether a transform is about the rows used rather than about one value. */
export const isRelative = (transform: Transform): boolean => transform === 'center' || transform === 'standardize';

/**
 * The columns that `center` and `standardize` need to know of, each with the terms over whose rows it is measured: those of one factor,
 * which declare the transform. A product takes what they take off; only where they are masked in every group its own rows count.
 */
export function relativeColumns({
  terms,
  groups,
  mask,
}: Pick<Design, 'terms' | 'groups' | 'mask'>): ReadonlyMap<string, readonly number[]> {
  const own = new Map<string, number[]>();
  const products = new Map<string, number[]>();
  const isActive = (t: number) => groups.some((_, g) => mask[g * terms.length + t] === 1);
  terms.forEach((term, t) => {
    const into = term.factors.length === 1 ? own : products;
    for (const f of term.factors) if (isRelative(f.transform)) into.set(f.column, [...(into.get(f.column) ?? []), t]);
  });
  for (const [column, of] of products) if (!own.get(column)?.some(isActive)) own.set(column, of);
  return own;
}

/** The key under which a product's own moments stand; a column's stand under its name. */
export const productKey = (name: string): string => JSON.stringify(['product', name]);

/** Mean, and standard deviation with n − 1; 1 where there is no spread, so that a constant column becomes 0 rather than NaN. */
export function momentsOf(places: Int32Array, value: (place: number) => number): { mean: number; sd: number } {
  if (places.length === 0) return { mean: 0, sd: 1 };
  let sum = 0;
  for (const i of places) sum += value(i);
  const mean = sum / places.length;
  let squares = 0;
  for (const i of places) squares += (value(i) - mean) ** 2;
  const sd = Math.sqrt(squares / (places.length - 1));
  return { mean, sd: sd > 0 ? sd : 1 };
}
