/**
 * One step of Hamiltonian motion for a density that is near a standard normal. The normal part −½‖z‖² is followed exactly,
 * by a rotation in (z, p); only what is left over, ∇log π + z, is given as two half kicks (Shahbaba, Lan, Johnson & Neal
 * 2014, "Split Hamiltonian Monte Carlo"). Reversible and volume-preserving at any step; exact for a normal target, where
 * a leapfrog is limited to steps below 2.
 */
import type { LogDensity } from './types.ts';

/** A point of phase space with the log density and its gradient at `z`. */
export interface PhasePoint {
  readonly z: Float64Array;
  readonly p: Float64Array;
  readonly gradient: Float64Array;
  logDensity: number;
}

export function phasePoint(dimension: number): PhasePoint {
  return { z: new Float64Array(dimension), p: new Float64Array(dimension), gradient: new Float64Array(dimension), logDensity: Number.NaN };
}

export function copyPoint(from: PhasePoint, to: PhasePoint): void {
  to.z.set(from.z);
  to.p.set(from.p);
  to.gradient.set(from.gradient);
  to.logDensity = from.logDensity;
}

/** sin and cos for |x| ≤ 2 by their series, the same on every machine. */
export function sinCos(x: number): readonly [number, number] {
  const y = x * x;
  let sin = 1;
  let cos = 1;
  for (let k = 22; k >= 2; k -= 2) {
    sin = 1 - (y / (k * (k + 1))) * sin;
    cos = 1 - (y / (k * (k - 1))) * cos;
  }
  return [x * sin, cos];
}

/** Advances `at` by the signed angle whose sine and cosine are given. */
export function stepPhase(density: LogDensity, at: PhasePoint, angle: number, sin: number, cos: number): void {
  const { z, p, gradient } = at;
  const half = 0.5 * angle;
  for (let i = 0; i < z.length; i++) {
    const kicked = p[i] + half * (gradient[i] + z[i]);
    const q = z[i];
    z[i] = q * cos + kicked * sin;
    p[i] = kicked * cos - q * sin;
  }
  at.logDensity = density.evaluate(z, gradient);
  for (let i = 0; i < z.length; i++) p[i] += half * (gradient[i] + z[i]);
}

/** One leapfrog step of signed size `step`: no assumption about the density, and exact where it is flat. */
export function leapfrog(density: LogDensity, at: PhasePoint, step: number): void {
  const { z, p, gradient } = at;
  const half = 0.5 * step;
  for (let i = 0; i < z.length; i++) {
    p[i] += half * gradient[i];
    z[i] += step * p[i];
  }
  at.logDensity = density.evaluate(z, gradient);
  for (let i = 0; i < z.length; i++) p[i] += half * gradient[i];
}

/** −log π(z) + ½‖p‖². */
export function energyOf(at: PhasePoint): number {
  let kinetic = 0;
  for (let i = 0; i < at.p.length; i++) kinetic += at.p[i] * at.p[i];
  return 0.5 * kinetic - at.logDensity;
}
