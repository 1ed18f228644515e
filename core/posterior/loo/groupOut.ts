/** The density of a whole group given all the others, at the scales of a collapsed model's last solution. */
import { log } from '../../math/elementary.ts';
import { choleskyInPlace, solveLower } from '../../math/linalg.ts';
import type { CollapsedModel } from '../../model/collapsed/model.ts';

const LOG_2PI = log(2 * Math.PI);

/**
 * log p(y_g | y_−g, scales). With S the shared coefficients' precision, r = S v̂, and S_g, r_g the group's part of both, the others leave
 * S − S_g and r − r_g; v integrates out. NaN where the others leave an improper posterior, or the group's own coefficients have flat priors.
 */
export function groupDensity(model: CollapsedModel, index: number): number {
  const { layout, solver, design } = model;
  const g = layout.groups[index];
  const at = solver.groups[index];
  if (g.weight === 0) return 0;
  if (g.localProper.some((proper) => proper === 0) || (g.intercept === 'local' && !g.interceptProper)) return Number.NaN;
  const sigma = model.sigma[index];
  const own = ownPart(model, index);
  let value = g.constant - 0.5 * own.logDeterminant;
  if (design.scale) value -= g.weight * (0.5 * LOG_2PI + log(sigma));
  const count = g.shared.length;
  const s = layout.shared.length;
  if (count === 0) return value - 0.5 * own.quadratic;
  const precision = multiplyTransposed(solver.sharedFactor, s);
  const right = times(precision, solver.shared, s);
  const all = dotted(right, solver.shared);
  let atMode = 0;
  for (let c = 0; c < count; c++) {
    const vc = solver.shared[g.shared[c]];
    atMode += 2 * at.schurRight[c] * vc;
    for (let d = 0; d < count; d++) {
      precision[g.shared[c] * s + g.shared[d]] -= at.schur[c * count + d];
      atMode -= vc * at.schur[c * count + d] * solver.shared[g.shared[d]];
    }
    right[g.shared[c]] -= at.schurRight[c];
  }
  if (!choleskyInPlace(precision, s)) return Number.NaN;
  solveLower(precision, s, right);
  let determinants = 0;
  for (let c = 0; c < s; c++) determinants += 2 * (log(precision[c * s + c]) - log(solver.sharedFactor[c * s + c]));
  return value - 0.5 * (own.quadratic + atMode) + 0.5 * (all - dotted(right, right) + determinants);
}

/** log p(y_g | σ_g) of a group that shares no unknown coefficient with others, at the last solution and up to a constant: flat priors count as density 1. */
export function logGroupMarginal(model: CollapsedModel, index: number): number {
  const g = model.layout.groups[index];
  if (g.weight === 0) return 0;
  const { logDeterminant, quadratic } = ownPart(model, index);
  const flat = g.intercept === 'local' && !g.interceptProper ? log(g.weight) - 2 * log(model.sigma[index]) : 0;
  return -g.weight * log(model.sigma[index]) - 0.5 * (logDeterminant + flat + quadratic);
}

/** The group's local log determinant, and its quadratic form at the joint mode. */
function ownPart(model: CollapsedModel, index: number): { logDeterminant: number; quadratic: number } {
  const g = model.layout.groups[index];
  const at = model.solver.groups[index];
  let logDeterminant = g.intercept === 'local' ? log(at.interceptFactor) : 0;
  let quadratic = at.squares / model.sigma[index] ** 2 + at.kappa * at.residual * at.residual;
  for (let a = 0; a < g.locals; a++) {
    logDeterminant += 2 * log(at.factor[a * g.locals + a]);
    quadratic += at.z[a] * at.z[a];
  }
  return { logDeterminant, quadratic };
}

/** L Lᵀ of the lower triangle of L. */
function multiplyTransposed(l: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += l[i * n + k] * l[j * n + k];
      out[i * n + j] = sum;
      out[j * n + i] = sum;
    }
  }
  return out;
}

function times(a: Float64Array, x: Float64Array, n: number): Float64Array {
  return Float64Array.from(x, (_, i) => dotted(a.subarray(i * n, (i + 1) * n), x));
}

const dotted = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
