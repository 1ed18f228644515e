/**
 * One-to-one maps from the whole line to a parameter's support, so that a sampler needs no walls:
 * the identity, lower + e^u, or lower + (upper − lower) logistic(u).
 */
import { exp, log, logistic, softplus } from '../math/elementary.ts';
import type { Prior } from '../spec/types.ts';
import { type Derivatives, isFixed, logDensityOf, type Support, supportOf } from './priors.ts';

export type Transform =
  | { readonly kind: 'identity' }
  | { readonly kind: 'log'; readonly lower: number }
  | { readonly kind: 'logit'; readonly lower: number; readonly upper: number };

/** The map for a support; a fixed parameter has none, and the identity stands in. */
export function transformFor(prior: Prior, positive: boolean): Transform {
  return isFixed(prior) ? { kind: 'identity' } : transformOf(supportOf(prior, positive));
}

export function transformOf({ lower, upper }: Support): Transform {
  if (lower === Number.NEGATIVE_INFINITY) return { kind: 'identity' };
  return upper === Number.POSITIVE_INFINITY ? { kind: 'log', lower } : { kind: 'logit', lower, upper };
}

/** The parameter at u. */
export function constrain(t: Transform, u: number): number {
  if (t.kind === 'identity') return u;
  return t.kind === 'log' ? t.lower + exp(u) : t.lower + (t.upper - t.lower) * logistic(u);
}

/** The u of a parameter inside the support; one on its edge is taken for just inside. */
export function unconstrain(t: Transform, x: number): number {
  if (t.kind === 'identity') return x;
  const above = Math.max(x - t.lower, 1e-300);
  return t.kind === 'log' ? log(above) : log(above) - log(Math.max(t.upper - x, (t.upper - t.lower) * 1e-16));
}

/** dx/du at u. */
export function slope(t: Transform, u: number): number {
  if (t.kind === 'identity') return 1;
  return t.kind === 'log' ? exp(u) : (t.upper - t.lower) * logistic(u) * logistic(-u);
}

/** log |dx/du| with its derivatives in u, added to `out`. */
function addJacobian(t: Transform, u: number, out: Derivatives): void {
  if (t.kind === 'log') {
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
export function logDensityUnconstrained(prior: Prior, t: Transform, u: number, out: Derivatives): number {
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

/** Turns derivatives in x into derivatives in u. */
export function chain(t: Transform, u: number, out: Derivatives): void {
  if (t.kind === 'identity') return;
  const d1 = slope(t, u);
  const d2 = t.kind === 'log' ? d1 : d1 * (1 - 2 * logistic(u));
  out.second = out.second * d1 * d1 + out.first * d2;
  out.first *= d1;
}
