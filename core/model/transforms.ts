/**
 * Maps from the whole line to a parameter's support, so that a sampler needs no walls: the identity, lower + e^u, lower + (upper − lower)
 * logistic(u), or spread |sinh u|. The last one folds: u and −u are the same scale. A density that is even in the scale is smooth through
 * u = 0, where log scales have an exponential tail towards −∞ that chains get lost in; far out, sinh u is a log scale again.
 */

import { type Derivatives, isFixed, logDensityOf, type Support, supportOf } from '../design/priors.ts';
import { asinh, cosh, exp, log, logistic, sinh, softplus } from '../math/elementary.ts';
import type { Prior } from '../spec/types.ts';

export type Bijection =
  | { readonly kind: 'identity' }
  | { readonly kind: 'log'; readonly lower: number }
  | { readonly kind: 'logit'; readonly lower: number; readonly upper: number }
  | { readonly kind: 'sinh'; readonly spread: number };

/** Priors of a positive parameter that are even in it, or nearly so: their densities do not vanish at 0. */
const EVEN: ReadonlySet<string> = new Set(['half_normal', 'half_student_t', 'half_cauchy', 'exponential', 'flat']);
/** Symmetric about their location. */
const SYMMETRIC: Readonly<Record<string, number>> = { normal: 0, cauchy: 0, laplace: 0, student_t: 1 };

/** `t`, folded about 0 with this typical size where the prior allows it. */
export function folded(t: Bijection, prior: Prior, spread: number): Bijection {
  if (t.kind !== 'log' || t.lower !== 0 || isFixed(prior) || !(spread > 0) || !Number.isFinite(spread)) return t;
  const location = SYMMETRIC[prior.dist];
  const even = EVEN.has(prior.dist) || (location !== undefined && prior.args[location] === 0);
  return even ? { kind: 'sinh', spread } : t;
}

/** The fold of a residual scale begins at this share of it: a log scale bends less about a scale that the data know. */
const SCALE_FOLD = 0.25;

/** Where a scale or a population sd of this size is folded: its `spread`. */
export const foldAt = (isTau: boolean, size: number): number => (isTau ? 1 : SCALE_FOLD) * size;

/** The map for a support; a fixed parameter has none, and the identity stands in. */
export function transformFor(prior: Prior, positive: boolean): Bijection {
  return isFixed(prior) ? { kind: 'identity' } : transformOf(supportOf(prior, positive));
}

export function transformOf({ lower, upper }: Support): Bijection {
  if (lower === Number.NEGATIVE_INFINITY) return { kind: 'identity' };
  return upper === Number.POSITIVE_INFINITY ? { kind: 'log', lower } : { kind: 'logit', lower, upper };
}

/** The parameter at u. */
export function constrain(t: Bijection, u: number): number {
  if (t.kind === 'identity') return u;
  if (t.kind === 'sinh') return t.spread * sinh(Math.abs(u));
  return t.kind === 'log' ? t.lower + exp(u) : t.lower + (t.upper - t.lower) * logistic(u);
}

/** The parameter at u with the sign of the half that was folded: what is smooth in u. */
export const unfold = (t: Bijection, u: number): number => (t.kind === 'sinh' ? t.spread * sinh(u) : constrain(t, u));

/** The u of a parameter inside the support, u ≥ 0 of the two that fold into one; a parameter on its edge is taken for just inside. */
export function unconstrain(t: Bijection, x: number): number {
  if (t.kind === 'identity') return x;
  if (t.kind === 'sinh') return asinh(x / t.spread);
  const above = Math.max(x - t.lower, 1e-300);
  return t.kind === 'log' ? log(above) : log(above) - log(Math.max(t.upper - x, (t.upper - t.lower) * 1e-16));
}

/** dx/du at u. */
export function slope(t: Bijection, u: number): number {
  if (t.kind === 'identity') return 1;
  if (t.kind === 'sinh') return (u < 0 ? -t.spread : t.spread) * cosh(u);
  return t.kind === 'log' ? exp(u) : (t.upper - t.lower) * logistic(u) * logistic(-u);
}

/** log |dx/du| with its derivatives in u, added to `out`. */
function addJacobian(t: Bijection, u: number, out: Derivatives): void {
  if (t.kind === 'sinh') {
    const slant = sinh(u) / cosh(u);
    out.value += log(t.spread * cosh(u));
    out.first += slant;
    out.second += 1 - slant * slant;
  } else if (t.kind === 'log') {
    out.value += u;
    out.first += 1;
  } else if (t.kind === 'logit') {
    const p = logistic(u);
    out.value += log(t.upper - t.lower) - softplus(u) - softplus(-u);
    out.first += 1 - 2 * p;
    out.second -= 2 * p * logistic(-u);
  }
}

/** The log density of u, Jacobian included, with its derivatives in u; returns the value. */
export function logDensityUnconstrained(prior: Prior, t: Bijection, u: number, out: Derivatives): number {
  if (isFixed(prior)) {
    out.value = 0;
    out.first = 0;
    out.second = 0;
    return 0;
  }
  logDensityOf(prior, constrain(t, u), out);
  chain(t, u, out);
  addJacobian(t, u, out);
  return out.value;
}

/** d log x / du at u of a positive parameter; 0 at a fold, where what it multiplies vanishes faster than it grows. */
export function logSlope(t: Bijection, u: number): number {
  const x = constrain(t, u);
  return t.kind === 'sinh' && x < 1e-100 * t.spread ? 0 : slope(t, u) / x;
}

/** Turns derivatives in x into derivatives in u. */
export function chain(t: Bijection, u: number, out: Derivatives): void {
  if (t.kind === 'identity') return;
  const d1 = slope(t, u);
  const d2 = t.kind === 'sinh' ? constrain(t, u) : t.kind === 'log' ? d1 : d1 * (1 - 2 * logistic(u));
  out.second = out.second * d1 * d1 + out.first * d2;
  out.first *= d1;
}
