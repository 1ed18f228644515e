/** The inverse of the beta distribution function. */
import { exp, log, log1p } from './elementary.ts';
import { betaI, logBeta } from './gamma.ts';

/**
 * The x with I_x(a, b) = p, for a, b > 0: Newton's steps from the mean, kept within a shrinking bracket. 0 and 1 at the ends,
 * NaN for a p outside of [0, 1].
 */
export function inverseIncompleteBeta(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1) || !(a > 0 && b > 0)) return Number.NaN;
  if (p === 0 || p === 1) return p;
  const normaliser = logBeta(a, b);
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let i = 0; i < 100; i++) {
    const excess = betaI(a, b, x) - p;
    if (excess > 0) high = x;
    else low = x;
    const density = exp((a - 1) * log(x) + (b - 1) * log1p(-x) - normaliser);
    const newton = x - excess / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-15 * next) return next;
    x = next;
  }
  return x;
}
