/**
 * An approximation, free of data, of a smooth density of few coordinates that hardly interact, as a collapsed Gaussian's log scales do.
 * Along every axis through the mode it is exact (a cubic Hermite spline through log densities and slopes, straight beyond its ends);
 * off the axes it adds what pairs of coordinates make of each other, x_i x_j and x_i² x_j. Coordinates count in steps of
 * one conditional sd.
 */
import { sqrt } from '../math/elementary.ts';
import type { Steps } from '../steps.ts';
import { normalMap } from './mode.ts';
import { Rng } from './rng.ts';
import type { LogDensity } from './types.ts';

/** An axis ends where the log density has fallen by this much, or after so many steps. */
const FALL = 16;
const MOST_STEPS = 10;
/** At its ends the density must still fall by as much a step, or nothing would bring a trajectory back. */
const LEAST_SLOPE = 0.2;
/** Pairs add nothing more beyond so many steps, where a polynomial would leave the density behind. */
const PAIRS_WITHIN = 5;
/** Draws of a widened normal approximation that it is tried at, and the largest error in log density there. */
const PROBES = 24;
const PROBE_SPREAD = 1.2;
const TOLERANCE = 0.5;
/** A stream of random numbers that no chain uses. */
const PROBING_STREAM = 0xffff_ffe0;

/** Along one axis, in steps from the mode: a cubic for each step from `first` on; the slopes beyond. */
export interface Axis {
  readonly step: number;
  readonly first: number;
  /** Four coefficients a step, constant first. */
  readonly cubics: Float64Array;
  readonly lowest: Node;
  readonly highest: Node;
}

/** Log density (less that of the mode) and its slope a step, at a whole number of steps. */
export interface Node {
  readonly at: number;
  readonly value: number;
  readonly slope: number;
}

/** An approximation as plain numbers, which may be sent to workers. */
export interface AxisExpansion {
  readonly mode: Float64Array;
  /** Log density there. */
  readonly top: number;
  readonly axes: readonly Axis[];
  /** d × d: ½ (B + Bᵀ) with B_ji = ∂_i ∂_j; and D_ji = ∂_i² ∂_j. Diagonals 0. */
  readonly linear: Float64Array;
  readonly squared: Float64Array;
}

/**
 * Costs some ten gradients a dimension. `null` where the approximation does not hold: then trajectories had better follow the density itself.
 * @param precision of `precisionAt`; without off-diagonals there is none.
 */
export function* expandAlongAxes(density: LogDensity, mode: Float64Array, precision: Float64Array): Steps<AxisExpansion | null> {
  const d = density.dimension;
  if (precision.length < d * d) return null;
  const gradient = new Float64Array(d);
  const top = density.evaluate(mode, gradient);
  const steps = mode.map((_, i) => 1 / sqrt(precision[i * (d + 1)]));
  if (!steps.every((s) => s > 0 && Number.isFinite(s))) return null;
  const gradientAtMode = gradient.map((g, i) => g * steps[i]);
  const linear = new Float64Array(d * d);
  const squared = new Float64Array(d * d);
  const axes: Axis[] = [];
  for (let i = 0; i < d; i++) {
    const at = (place: number): Node => {
      const there = mode.slice();
      there[i] += place * steps[i];
      const value = density.evaluate(there, gradient) - top;
      // The slopes of the other coordinates, one step to either side: even and odd in the step.
      if (place === 1 || place === -1) {
        for (let j = 0; j < d; j++) {
          const change = gradient[j] * steps[j] - gradientAtMode[j];
          linear[j * d + i] += 0.5 * place * change;
          squared[j * d + i] += change;
        }
      }
      return { at: place, value, slope: gradient[i] * steps[i] };
    };
    const axis = yield* alongAxis(at, { at: 0, value: 0, slope: gradientAtMode[i] }, steps[i]);
    if (axis === null) return null;
    axes.push(axis);
  }
  const symmetric = linear.map((v, k) => 0.5 * (v + linear[(k % d) * d + Math.floor(k / d)]));
  for (let i = 0; i < d; i++) {
    symmetric[i * (d + 1)] = 0;
    squared[i * (d + 1)] = 0;
  }
  const expansion = { mode, top, axes, linear: symmetric, squared };
  return (yield* holds(expansion, density, precision)) ? expansion : null;
}

function* alongAxis(at: (place: number) => Node, middle: Node, step: number): Steps<Axis | null> {
  const nodes = [middle];
  for (const direction of [-1, 1]) {
    let last = middle;
    for (let i = 1; i <= MOST_STEPS && last.value > -FALL; i++) {
      yield;
      last = at(direction * i);
      if (!Number.isFinite(last.value) || !Number.isFinite(last.slope)) return null;
      if (direction < 0) nodes.unshift(last);
      else nodes.push(last);
    }
    if (!(-direction * last.slope > LEAST_SLOPE)) return null;
  }
  const cubics = new Float64Array(4 * (nodes.length - 1));
  for (let k = 0; k + 1 < nodes.length; k++) {
    const [a, b] = [nodes[k], nodes[k + 1]];
    const rise = b.value - a.value;
    cubics.set([a.value, a.slope, 3 * rise - 2 * a.slope - b.slope, a.slope + b.slope - 2 * rise], 4 * k);
  }
  return { step, first: nodes[0].at, cubics, lowest: nodes[0], highest: nodes[nodes.length - 1] };
}

function* holds(expansion: AxisExpansion, density: LogDensity, precision: Float64Array): Steps<boolean> {
  const { mode, top } = expansion;
  const d = mode.length;
  const surrogate = new AxisSurrogate(expansion);
  const map = normalMap(precision, d);
  const rng = Rng.of(0, PROBING_STREAM);
  const z = new Float64Array(d);
  const x = new Float64Array(d);
  const gradient = new Float64Array(d);
  const least = top - FALL - d;
  for (let probe = 0; probe < PROBES; probe++) {
    for (let i = 0; i < d; i++) z[i] = PROBE_SPREAD * rng.normal();
    map.apply(z, x);
    for (let i = 0; i < d; i++) x[i] += mode[i];
    yield;
    const value = density.valueAt?.(x) ?? density.evaluate(x, gradient);
    const approximate = surrogate.evaluate(x, gradient);
    // Where both say that no draw will come, an error does no harm.
    if (Math.max(value, approximate) < least) continue;
    if (!(Math.abs(approximate - value) < TOLERANCE)) return false;
  }
  return true;
}

export class AxisSurrogate implements LogDensity {
  readonly dimension: number;
  readonly #expansion: AxisExpansion;
  readonly #near: Float64Array;

  constructor(expansion: AxisExpansion) {
    this.dimension = expansion.mode.length;
    this.#expansion = expansion;
    this.#near = new Float64Array(this.dimension);
  }

  evaluate(position: Float64Array, gradient: Float64Array): number {
    const near = this.#near;
    const { mode, axes, top } = this.#expansion;
    let value = top;
    for (let i = 0; i < position.length; i++) {
      const { step, first, cubics, lowest, highest } = axes[i];
      const t = (position[i] - mode[i]) / step;
      near[i] = t > PAIRS_WITHIN ? PAIRS_WITHIN : t < -PAIRS_WITHIN ? -PAIRS_WITHIN : t;
      const end = t <= lowest.at ? lowest : t >= highest.at ? highest : null;
      if (end !== null) {
        value += end.value + end.slope * (t - end.at);
        gradient[i] = end.slope;
        continue;
      }
      const cell = Math.floor(t);
      const k = 4 * (cell - first);
      const r = t - cell;
      value += cubics[k] + r * (cubics[k + 1] + r * (cubics[k + 2] + r * cubics[k + 3]));
      gradient[i] = cubics[k + 1] + r * (2 * cubics[k + 2] + 3 * r * cubics[k + 3]);
    }
    value += this.#addPairs(position, gradient);
    for (let i = 0; i < gradient.length; i++) gradient[i] /= axes[i].step;
    return value;
  }

  /** ½ Σ B_ji x_i x_j + ½ Σ D_ji x_i² x_j over i ≠ j, with its slopes added to the gradient. */
  #addPairs(position: Float64Array, gradient: Float64Array): number {
    const near = this.#near;
    const { mode, axes, linear, squared } = this.#expansion;
    const d = position.length;
    let value = 0;
    for (let j = 0; j < d; j++) {
      const row = j * d;
      let pull = 0;
      let bend = 0;
      let turned = 0;
      for (let i = 0; i < d; i++) {
        pull += linear[row + i] * near[i];
        bend += squared[row + i] * near[i] * near[i];
        turned += squared[i * d + j] * near[i];
      }
      value += 0.5 * near[j] * (pull + bend);
      // A coordinate that is held within its limits has no slope.
      const t = (position[j] - mode[j]) / axes[j].step;
      if (t === near[j]) gradient[j] += pull + 0.5 * bend + near[j] * turned;
    }
    return value;
  }
}
