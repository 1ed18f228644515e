/**
 * Whether a posterior has more than one mode: searches from places far apart, and how much of the posterior each mode holds by a normal
 * approximation there (Laplace's method). It finds what chains that start together would miss, not everything there is.
 */
import { exp, log, sqrt } from '../math/elementary.ts';
import { dot } from '../math/linalg.ts';
import { Rng } from '../math/rng.ts';
import type { Steps } from '../math/steps.ts';
import { type LinearMap, whitenedFrom } from './whitening.ts';

/** A mode of a plan, the first the one that holds most. Plain data. */
export interface Mode {
  /** In the density's coordinates. */
  readonly position: Float64Array;
  /** Of all that the modes hold together. */
  readonly share: number;
  /** The model's scalars there; NaN for those that are not known. */
  readonly values: Float64Array;
}

/** Multiples of the sds at the main mode that searches start away from it. */
const SPREADS = [3, 10, 30, 100];
/** Logs of scales start at most so far from the main mode's: beyond, densities are flat and searches long. */
export const LOG_SPREAD = 4;
/** A mode that holds less is left out: no chain starts there, and nothing is said of it. */
const LEAST_SHARE = 0.005;
/** Modes nearer than this many sds are one. */
const APART = 1;
/** A climb that comes so near to a known mode ends there. */
const ARRIVED = 0.5;
/** Logs of scales with sds below this are known, and so many searches then enough. */
const KNOWN = 0.35;
const STARTS_KNOWN = 8;
const MOST = 4;
/** A stream of random numbers that no chain uses. */
const STARTING_STREAM = 0xffff_fff0;

/** How to look for modes of one model. */
export interface ModeSearch {
  readonly dimension: number;
  /** Coordinates that are logs of scales, where these are all that there is: known to a third at the main mode, they leave little room for others. */
  readonly scaled?: readonly number[];
  /**
   * The mode that a climb ends at, `null` where it fails. It begins at the model's own start, or away from the first mode by as much of `by` (which
   * it may change) as is sensible, and may end wherever `arrived` says that the mode ahead is known.
   */
  climb(
    away: { readonly from: Float64Array; readonly by: Float64Array; readonly arrived: (position: Float64Array) => boolean } | null,
  ): Steps<Float64Array | null>;
  /** The log density at a mode, and the normal approximation there. */
  normalAt(position: Float64Array): Steps<{ readonly value: number; readonly map: LinearMap }>;
}

/** The main mode and the others worth a chain, most mass first; `null` where the model's own start leads nowhere. */
export function* findModes(of: ModeSearch, starts: number): Steps<{ readonly position: Float64Array; readonly share: number }[] | null> {
  const first = yield* of.climb(null);
  if (first === null) return null;
  const main = yield* weigh(of, first);
  const found = [main];
  const rng = Rng.of(0, STARTING_STREAM);
  const z = new Float64Array(of.dimension);
  const by = new Float64Array(of.dimension);
  const known = (of.scaled ?? []).length > 0 && widestOf(main.map, of.scaled!) < KNOWN;
  const searches = known ? Math.min(starts, STARTS_KNOWN) : starts;
  for (let s = 0; s < searches; s++) {
    rng.normals(z);
    for (let i = 0; i < z.length; i++) z[i] *= SPREADS[s % SPREADS.length];
    main.map.apply(z, by);
    const arrived = (at: Float64Array): boolean => found.some((mode) => distance(at, mode) < ARRIVED);
    const position = yield* of.climb({ from: first, by, arrived });
    if (position === null || found.some((other) => distance(position, other) < APART)) continue;
    const mode = yield* weigh(of, position);
    if (Number.isFinite(mode.logMass)) found.push(mode);
  }
  found.sort((a, b) => b.logMass - a.logMass);
  const top = found[0].logMass;
  const total = found.reduce((sum, m) => sum + exp(m.logMass - top), 0);
  const shares = found.map((m) => ({ position: m.position, share: exp(m.logMass - top) / total }));
  return shares.filter((m, i) => i === 0 || m.share >= LEAST_SHARE).slice(0, MOST);
}

/** The largest sd among these coordinates. */
function widestOf(map: LinearMap, coordinates: readonly number[]): number {
  const unit = new Float64Array(map.dimension);
  const column = new Float64Array(map.dimension);
  const squares = new Float64Array(map.dimension);
  for (let i = 0; i < unit.length; i++) {
    unit[i] = 1;
    map.apply(unit, column);
    unit[i] = 0;
    for (let j = 0; j < column.length; j++) squares[j] += column[j] * column[j];
  }
  return coordinates.reduce((most, j) => Math.max(most, sqrt(squares[j])), 0);
}

interface Weighed {
  readonly position: Float64Array;
  readonly map: LinearMap;
  /** log of the posterior's mass about it, up to a constant that all modes share. */
  readonly logMass: number;
}

function* weigh(of: ModeSearch, position: Float64Array): Steps<Weighed> {
  const { value, map } = yield* of.normalAt(position);
  return { position, map, logMass: value + map.logDeterminant };
}

/** How many sds of the normal approximation at a mode a place lies from it. */
function distance(position: Float64Array, mode: Weighed): number {
  const z = whitenedFrom(mode.map, mode.position, position);
  return sqrt(dot(z, z));
}

/** −½ log det of a factored precision whose factor has this diagonal. */
export function logVolume(diagonal: Iterable<number>): number {
  let sum = 0;
  for (const d of diagonal) sum -= log(d);
  return sum;
}
