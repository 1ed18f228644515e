/** Makes the facts about covariates within groups: see `derivedFacts.ts`. */

import type { DerivedFacts, SlopeFacts } from '../data/derivedFacts.ts';
import { transformed } from '../data/transform.ts';
import type { Slope } from './slopes.ts';
import { momentsOf } from './standardise.ts';

/** Cells of a column: numbers, or places among levels; NaN where there is none. */
export type CellsOf = (column: string, levels: readonly string[] | null) => Float64Array;

/** More slopes than this have no correlations. */
const MAX_CORRELATED = 48;

/** What tells a slope from others: the same covariate in another list is the same slope. */
export const slopeKey = ({ factors, transform }: Pick<Slope, 'factors' | 'transform'>): string =>
  JSON.stringify([factors.map((f) => [f.column, f.transform, f.level]), transform]);

/** Whether the facts of a slope's column are those of the slope: one column of numbers whose transform leaves constants constant and else nothing. */
export const isPlain = ({ factors }: Pick<Slope, 'factors'>): boolean =>
  factors.length === 1 && factors[0].level === null && factors[0].transform !== 'square';

/** @param group Index into `groups` of every row; −1 for a row of none. */
export function derivedFacts(slopes: readonly Slope[], cells: CellsOf, group: Int32Array, groups: readonly string[]): DerivedFacts {
  const values = slopes.map((slope) => valuesOf(slope, cells, group.length));
  const rowsOf = groups.map((): number[] => []);
  group.forEach((g, i) => {
    if (g >= 0) rowsOf[g].push(i);
  });
  const isFew = slopes.length <= MAX_CORRELATED;
  return {
    slopes: slopes.map(slopeKey),
    groups: new Map(groups.map((name, g) => [name, values.map((x) => factsOf(x, rowsOf[g]))])),
    correlations: isFew ? new Map(groups.map((name, g) => [name, correlationsOf(values, rowsOf[g])])) : null,
  };
}

function valuesOf({ factors, transform }: Slope, cells: CellsOf, n: number): Float64Array {
  const product = new Float64Array(n).fill(1);
  for (const f of factors) {
    const raw = cells(f.column, f.levels);
    const place = f.level === null ? -1 : (f.levels ?? []).indexOf(f.level);
    const moments = place < 0 ? overall(raw) : undefined;
    for (let i = 0; i < n; i++) {
      if (!Number.isFinite(raw[i])) product[i] = Number.NaN;
      else product[i] *= place < 0 ? transformed(raw[i], f.transform, moments) : Number(raw[i] === place);
    }
  }
  if (factors.length === 1 || transform === 'none') return product;
  const moments = overall(product);
  return product.map((v) => transformed(v, transform, moments));
}

/** Over all rows: where a mask leaves some out, what is taken off differs, but not whether a column changes. */
const overall = (x: Float64Array) =>
  momentsOf(
    Int32Array.from(x.keys()).filter((i) => Number.isFinite(x[i])),
    (i) => x[i],
  );

function factsOf(x: Float64Array, rows: readonly number[]): SlopeFacts {
  let [count, min, max] = [0, Number.NaN, Number.NaN];
  for (const i of rows) {
    if (!Number.isFinite(x[i])) continue;
    min = count === 0 ? x[i] : Math.min(min, x[i]);
    max = count === 0 ? x[i] : Math.max(max, x[i]);
    count += 1;
  }
  return { count, min, max };
}

function correlationsOf(values: readonly Float64Array[], rows: readonly number[]): readonly number[] {
  return values.flatMap((a, p) => values.slice(p + 1).map((b) => correlation(a, b, rows)));
}

function correlation(a: Float64Array, b: Float64Array, rows: readonly number[]): number {
  let [n, meanA, meanB] = [0, 0, 0];
  for (const i of rows) {
    if (!Number.isFinite(a[i] + b[i])) continue;
    n += 1;
    meanA += (a[i] - meanA) / n;
    meanB += (b[i] - meanB) / n;
  }
  let [aa, ab, bb] = [0, 0, 0];
  for (const i of rows) {
    if (!Number.isFinite(a[i] + b[i])) continue;
    const [da, db] = [a[i] - meanA, b[i] - meanB];
    aa += da * da;
    ab += da * db;
    bb += db * db;
  }
  return n < 2 || !(aa > 0) || !(bb > 0) ? Number.NaN : ab / Math.sqrt(aa * bb);
}
