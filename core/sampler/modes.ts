/**
 * Whether a posterior has more than one mode: searches from places far apart, and how much of the posterior each mode holds by a normal
 * approximation there (Laplace's method). It finds what chains that start together would miss, not everything there is.
 */
import { exp, log, sqrt } from '../math/elementary.ts';
import type { Steps } from '../steps.ts';
import { Rng } from './rng.ts';

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
const MOST = 4;
/** A stream of random numbers that no chain uses. */
const STARTING_STREAM = 0xffff_fff0;

/** How to look for modes of one model. */
export interface ModeSearch<Place> {
  readonly dimension: number;
  /** `null` where a search fails. `z`: whitened coordinates about the first mode to start at, `null` for the model's own start. */
  search(z: Float64Array | null): Steps<Place | null>;
  /** log of the posterior's mass about a mode, up to a constant that all share. */
  logMass(place: Place): Steps<number>;
  /** Whitened coordinates of a place about a mode whose mass is known. */
  whiten(place: Place, mode: Place): Float64Array;
}

/** The main mode and the others worth a chain, most mass first; `null` where the model's own start leads nowhere. */
export function* findModes<Place>(
  of: ModeSearch<Place>,
  starts: number,
): Steps<{ readonly place: Place; readonly share: number }[] | null> {
  const first = yield* of.search(null);
  if (first === null) return null;
  const found = [{ place: first, logMass: yield* of.logMass(first) }];
  const rng = Rng.of(0, STARTING_STREAM);
  const z = new Float64Array(of.dimension);
  for (let s = 0; s < starts; s++) {
    rng.normals(z);
    for (let i = 0; i < z.length; i++) z[i] *= SPREADS[s % SPREADS.length];
    const place = yield* of.search(z);
    if (place === null || found.some((other) => distance(of.whiten(place, other.place)) < APART)) continue;
    const logMass = yield* of.logMass(place);
    if (Number.isFinite(logMass)) found.push({ place, logMass });
  }
  found.sort((a, b) => b.logMass - a.logMass);
  const top = found[0].logMass;
  const total = found.reduce((sum, m) => sum + exp(m.logMass - top), 0);
  const shares = found.map((m) => ({ place: m.place, share: exp(m.logMass - top) / total }));
  return shares.filter((m, i) => i === 0 || m.share >= LEAST_SHARE).slice(0, MOST);
}

function distance(z: Float64Array): number {
  let squares = 0;
  for (const v of z) squares += v * v;
  return sqrt(squares);
}

/** −½ log det of a factored precision whose factor has this diagonal. */
export function logVolume(diagonal: Iterable<number>): number {
  let sum = 0;
  for (const d of diagonal) sum -= log(d);
  return sum;
}
