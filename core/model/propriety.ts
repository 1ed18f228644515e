/**
 * Whether the likelihood holds what flat priors leave free. A log-concave likelihood under flat priors has a finite integral just where it falls
 * along every direction of the flat coefficients. A direction moves the linear predictor of row i by d_i, and the likelihood does not fall
 * where d_i = 0 in every row (columns that depend on each other, or that nothing measures), or, beside that, where d_i only runs off to the side that
 * the response points to: up where y is all it can be, down where it is 0. That is separation (Albert & Anderson 1984).
 */

import type { Design, Rows } from '../design/design.ts';
import { isFixed } from '../design/priors.ts';
import { familyOf } from '../families/index.ts';
import { growingDirection } from '../math/cone.ts';
import { largestOf } from '../math/linalg.ts';
import { basisOf } from '../math/orthogonal.ts';

/** Coefficients that can run off together without the likelihood falling. */
export interface Escape {
  readonly kind: 'dependent' | 'separated';
  readonly coefficients: readonly FlatCoefficient[];
}

/** A coefficient under a flat prior; `group` is −1 for a population mean or a completely pooled one. */
export interface FlatCoefficient {
  /** Index into `Design.terms`. */
  readonly term: number;
  readonly group: number;
}

/** Rows × columns beyond which coefficients are looked at group by group, and shared ones by themselves. */
const MOST_CELLS = 4_000_000;
const MOST_COLUMNS = 150;
/** Of more rows than this, so many are looked at first: they nearly always settle it. */
const MOST_ROWS_FIRST = 20_000;

/** Which way a row's predictor may run without its likelihood falling: up (1), down (−1), or neither (0). NaN: the row says nothing. */
export function freeSide(design: Design, rows: Rows, i: number): number {
  if (rows.weights !== null && rows.weights[i] === 0) return Number.NaN;
  return familyOf(design.family).freeSide(rows.y[i], rows.trials === null ? 1 : rows.trials[i]);
}

/** The first way found in which the posterior's integral diverges; `null` when there is none, or none that can be told. */
export function escapeOf(design: Design, rows: Rows): Escape | null {
  const flat = flatCoefficients(design);
  if (flat.length === 0) return null;
  const sides = Float64Array.from({ length: rows.n }, (_, i) => freeSide(design, rows, i));
  const shared = flat.filter((c) => c.group < 0);
  const own = flat.filter((c) => c.group >= 0);
  const all = Int32Array.from(rows.group.keys()).filter((i) => !Number.isNaN(sides[i]));
  if (shared.length > 0 && flat.length <= MOST_COLUMNS && flat.length * all.length <= MOST_CELLS)
    return escapeAmong(design, rows, sides, flat, all);
  const byGroup = new Map<number, FlatCoefficient[]>();
  for (const c of own) byGroup.set(c.group, [...(byGroup.get(c.group) ?? []), c]);
  const places = design.groups.map((): number[] => []);
  if (byGroup.size > 0) for (const i of all) places[rows.group[i]].push(i);
  for (const [g, coefficients] of byGroup) {
    const found = escapeAmong(design, rows, sides, coefficients, Int32Array.from(places[g]));
    if (found !== null) return found;
  }
  return shared.length > 0 ? escapeAmong(design, rows, sides, shared, all) : null;
}

function flatCoefficients(design: Design): FlatCoefficient[] {
  const terms = design.terms.length;
  return design.terms.flatMap((t, term) => {
    if (isFixed(t.prior) || t.prior.dist !== 'flat') return [];
    const groups = design.groups.map((_, g) => g).filter((g) => design.mask[g * terms + term] === 1);
    if (groups.length === 0) return [];
    return t.pooling === 'none' ? groups.map((group) => ({ term, group })) : [{ term, group: -1 }];
  });
}

function escapeAmong(
  design: Design,
  rows: Rows,
  sides: Float64Array,
  coefficients: readonly FlatCoefficient[],
  places: Int32Array,
): Escape | null {
  // A direction that some of the rows hold is held by all of them.
  const few = spread(places, MOST_ROWS_FIRST);
  if (few !== places && escapeAmong(design, rows, sides, coefficients, few) === null) return null;
  const terms = design.terms.length;
  const columnOver = ({ term, group }: FlatCoefficient, at: Int32Array, sign: (i: number) => number): Float64Array =>
    Float64Array.from(at, (i) => {
      const g = rows.group[i];
      if ((group >= 0 && g !== group) || design.mask[g * terms + term] === 0) return 0;
      return sign(i) * (design.terms[term].kind === 'intercept' ? 1 : rows.x[term][i]);
    });
  const held = places.filter((i) => sides[i] === 0);
  const loose = places.filter((i) => sides[i] !== 0);
  // What rows that hold their predictor on both sides leave free, in terms of the coefficients.
  const free = basisOf(coefficients.map((c) => columnOver(c, held, () => 1))).vanishing;
  if (free.length === 0) return null;
  const signed = coefficients.map((c) => columnOver(c, loose, (i) => sides[i]));
  const combine = (weights: Float64Array, columns: readonly Float64Array[], length: number): Float64Array => {
    const out = new Float64Array(length);
    weights.forEach((w, j) => {
      if (w !== 0) for (let i = 0; i < length; i++) out[i] += w * columns[j][i];
    });
    return out;
  };
  const moved = basisOf(free.map((direction) => combine(direction, signed, loose.length)));
  const named = (kind: Escape['kind'], direction: Float64Array): Escape => {
    // A coefficient counts by how far it moves the predictor.
    const reach = coefficients.map((c, j) => Math.abs(direction[j]) * largestOf(columnOver(c, places, () => 1)));
    const most = Math.max(...reach);
    const taking = coefficients.filter((_, j) => (most > 0 ? reach[j] > 1e-6 * most : direction[j] !== 0));
    return { kind, coefficients: taking };
  };
  const [still] = moved.vanishing;
  if (still !== undefined) return named('dependent', combine(still, free, coefficients.length));
  const growing = growingDirection(moved.columns);
  if (growing === null) return null;
  const ofFree = combine(growing, moved.origins, free.length);
  return named('separated', combine(ofFree, free, coefficients.length));
}

/** About `most` of the places, evenly apart; the places themselves when they are not many more. */
function spread(places: Int32Array, most: number): Int32Array {
  const stride = Math.floor(places.length / most);
  return stride < 2 ? places : places.filter((_, k) => k % stride === 0);
}
