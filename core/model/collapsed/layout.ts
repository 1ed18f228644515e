/**
 * The bookkeeping of the collapsed Gaussian: which coefficients are integrated out within a group, which are shared between
 * groups, and what is constant. Every coefficient is written as location + sd · z with z ~ Normal(0, 1) (or flat), so that
 * small sds lose no digits.
 */

import type { Design, GroupStatistics, Term } from '../../design/design.ts';
import { isFixed } from '../../design/priors.ts';
import { familyOf } from '../../families/index.ts';
import type { Distribution, Prior } from '../../spec/types.ts';

/** A coefficient of all groups: a population mean, or a completely pooled term. */
export interface SharedCoefficient {
  readonly term: number;
  readonly kind: 'mu' | 'complete';
  readonly location: number;
  readonly sd: number;
  /** False under a flat prior: the standardised coordinate then has no prior of its own. */
  readonly proper: boolean;
}

/** The intercept of a group, or its absence. */
export type InterceptRole = 'absent' | 'local' | 'shared';

/** One group: statistics of its unfixed active slopes about the constant part q0 of their locations. */
export interface GroupLayout {
  readonly rows: number;
  readonly weight: number;
  readonly constant: number;
  /** Active, unfixed slopes. */
  readonly slopes: number;
  /** Indices into `Design.terms` of the slopes. */
  readonly terms: Int32Array;
  /** Of each slope: its place among the group's local coefficients, or −1. */
  readonly local: Int32Array;
  /** Number of local slopes. */
  readonly locals: number;
  /** Of each local slope: the slope, its constant sd (NaN: the term's tau), and whether its prior is proper. */
  readonly localSlope: Int32Array;
  readonly localSd: Float64Array;
  readonly localProper: Uint8Array;
  /** The shared coefficients that matter here, and the coordinate that each moves: a slope, or `slopes` for the intercept's location. */
  readonly shared: Int32Array;
  readonly sharedCoordinate: Int32Array;
  readonly intercept: InterceptRole;
  /** Constant sd of a local intercept (NaN: tau), and whether its prior is proper. */
  readonly interceptSd: number;
  readonly interceptProper: boolean;
  /** Constant part of each slope's location, and of the intercept's. */
  readonly q0: Float64Array;
  readonly intercept0: number;
  /** Residual mean at q0: ȳ − x̄·q0 − intercept0. */
  readonly residualMean: number;
  readonly meanX: Float64Array;
  readonly xx: Float64Array;
  /** xy − xx q0. */
  readonly xy: Float64Array;
  /** The group's first fit less q0, and of the residuals there the mean, the sum of squares about it and the cross-products with x. */
  readonly gap: Float64Array;
  readonly residual: GroupStatistics['residual'];
}

export interface CollapsedLayout {
  readonly shared: readonly SharedCoefficient[];
  readonly groups: readonly GroupLayout[];
  /** Index into `Design.terms` of the intercept, or −1. */
  readonly interceptTerm: number;
}

const conjugate = (prior: Prior): boolean => isFixed(prior) || prior.dist === 'normal' || prior.dist === 'flat';

/** Why a design cannot be collapsed, in words for the user; `null` when it can. */
export function whyNotCollapsed(design: Design): string | null {
  if (familyOf(design.family).likelihood !== 'statistics') return `the family is ${design.family}, not gaussian`;
  const term = design.terms.find((t) => !conjugate(t.prior));
  if (term)
    return `the prior of ${term.name === 'alpha' ? 'the intercept' : term.name} is ${(term.prior as Distribution).dist}, not normal`;
  return null;
}

interface Standard {
  readonly location: number;
  readonly sd: number;
  readonly proper: boolean;
}

function standard(prior: Prior): Standard {
  if (isFixed(prior)) return { location: prior.fixed, sd: 0, proper: true };
  return prior.dist === 'flat' ? { location: 0, sd: 1, proper: false } : { location: prior.args[0], sd: prior.args[1], proper: true };
}

/** Whether a term has the same known value in every group. */
const known = (t: Term): boolean => t.pooling !== 'partial' && isFixed(t.prior);

export function layoutOf(design: Design, statistics: readonly GroupStatistics[]): CollapsedLayout {
  const shared: SharedCoefficient[] = [];
  const sharedOf = design.terms.map((t, term) => {
    if (t.pooling === 'none' || isFixed(t.prior)) return -1;
    if (t.pooling === 'complete' && design.groups.every((_, g) => design.mask[g * design.terms.length + term] === 0)) return -1;
    return shared.push({ term, kind: t.pooling === 'partial' ? 'mu' : 'complete', ...standard(t.prior) }) - 1;
  });
  const interceptTerm = design.terms.findIndex((t) => t.kind === 'intercept');
  const groups = statistics.map((s, g) => groupLayout(design, s, g, sharedOf, interceptTerm));
  return { shared, groups, interceptTerm };
}

function groupLayout(design: Design, s: GroupStatistics, g: number, sharedOf: readonly number[], interceptTerm: number): GroupLayout {
  const active = design.terms
    .map((_, t) => t)
    .filter((t) => design.terms[t].kind === 'slope' && design.mask[g * design.terms.length + t] === 1);
  const kept = active.map((_, i) => i).filter((i) => !known(design.terms[active[i]]));
  const k = kept.length;
  const terms = Int32Array.from(kept, (i) => active[i]);
  const isLocal = (t: number): boolean => design.terms[t].pooling !== 'complete';
  const localSlope = Int32Array.from([...terms.keys()].filter((j) => isLocal(terms[j])));
  const local = new Int32Array(k).fill(-1);
  localSlope.forEach((j, a) => {
    local[j] = a;
  });
  const shared: number[] = [];
  const sharedCoordinate: number[] = [];
  const couple = (term: number, coordinate: number): void => {
    if (sharedOf[term] < 0) return;
    shared.push(sharedOf[term]);
    sharedCoordinate.push(coordinate);
  };
  terms.forEach(couple);
  const intercept = interceptTerm >= 0 ? design.terms[interceptTerm] : null;
  if (intercept) couple(interceptTerm, k);
  const role: InterceptRole = !intercept || known(intercept) ? 'absent' : intercept.pooling === 'complete' ? 'shared' : 'local';
  const q0 = Float64Array.from(active, (t) => standard(design.terms[t].prior).location);
  const intercept0 = intercept ? standard(intercept.prior).location : 0;
  const n = active.length;
  const gap = Float64Array.from(active, (_, i) => s.fit[i] - q0[i]);
  const { residual } = s;
  let residualMean = residual.mean - intercept0;
  const xyAll = residual.xy.slice();
  // Slopes that are known are where they are, not at the fit.
  let mean = residual.mean;
  let squares = residual.squares;
  const xyLeft = residual.xy.slice();
  for (let i = 0; i < n; i++) {
    residualMean += s.meanX[i] * gap[i];
    for (let l = 0; l < n; l++) xyAll[i] += s.xx[i * n + l] * gap[l];
    if (kept.includes(i)) continue;
    mean += s.meanX[i] * gap[i];
    squares += 2 * gap[i] * residual.xy[i];
    for (let l = 0; l < n; l++) {
      xyLeft[l] += s.xx[l * n + i] * gap[i];
      if (!kept.includes(l)) squares += gap[i] * s.xx[i * n + l] * gap[l];
    }
  }
  const xx = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) xx[i * k + j] = s.xx[kept[i] * n + kept[j]];
  const priorOf = (j: number): Term => design.terms[terms[j]];
  const tauSd = (t: Term): number => (t.pooling === 'partial' ? Number.NaN : standard(t.prior).sd);
  return {
    rows: s.rows,
    weight: s.weight,
    constant: s.constant,
    slopes: k,
    terms,
    local,
    locals: localSlope.length,
    localSlope,
    localSd: Float64Array.from(localSlope, (j) => tauSd(priorOf(j))),
    localProper: Uint8Array.from(localSlope, (j) => (priorOf(j).pooling === 'partial' || standard(priorOf(j).prior).proper ? 1 : 0)),
    shared: Int32Array.from(shared),
    sharedCoordinate: Int32Array.from(sharedCoordinate),
    intercept: role,
    interceptSd: intercept ? tauSd(intercept) : 0,
    interceptProper: intercept ? intercept.pooling === 'partial' || standard(intercept.prior).proper : true,
    q0: Float64Array.from(kept, (i) => q0[i]),
    intercept0,
    residualMean,
    meanX: Float64Array.from(kept, (i) => s.meanX[i]),
    xx,
    xy: Float64Array.from(kept, (i) => xyAll[i]),
    gap: Float64Array.from(kept, (i) => gap[i]),
    residual: { mean, squares, xy: Float64Array.from(kept, (i) => xyLeft[i]) },
  };
}
