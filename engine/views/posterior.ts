/** Views of the posterior itself: densities beside their priors, pairs, contrasts, shrinkage. */

import type { Parameter } from '../../core/design/design.ts';
import { isFixed, logPrior, supportOf } from '../../core/design/priors.ts';
import { choleskyInPlace, solveLower, solveLowerTransposed } from '../../core/math/linalg.ts';
import { intervalOfSorted, quantileOfSorted } from '../../core/posterior/diagnose/interval.ts';
import type { Curve } from '../../protocol/views/parts.ts';
import type { DensityView } from '../../protocol/views/posterior.ts';
import type { ViewOf } from '../../protocol/views.ts';
import { ANYWHERE, type Bounds, bandwidthOf, densityCurve, GRID } from './density.ts';
import { divergentDraws, parameterOf, sketchFor, thin, ViewError, type ViewState } from './state.ts';

/** Densities in one picture. */
const MOST_DENSITIES = 12;
/** Draws that the curve and the interval of a contrast are made of. */
const CONTRAST_DRAWS = 20_000;
const PAIR_POINTS = 1200;
const MOST_DIVERGENT = 400;
const POSITIVE: ReadonlySet<Parameter['kind']> = new Set(['scale', 'tau', 'own']);

export function densitiesView(state: ViewState, names: readonly string[]): ViewOf<'densities'> {
  return { kind: 'densities', densities: names.slice(0, MOST_DENSITIES).map((name) => densityOf(state, name)) };
}

function supportOfParameter({ prior, kind }: Parameter): Bounds {
  const positive = POSITIVE.has(kind);
  if (prior === null || isFixed(prior)) return positive ? { lower: 0, upper: Number.POSITIVE_INFINITY } : ANYWHERE;
  return supportOf(prior, positive);
}

function densityOf(state: ViewState, name: string): DensityView {
  const { parameter, summary } = parameterOf(state, name);
  const curve = smooth(sketchFor(state, name).quantiles, supportOfParameter(parameter));
  return { parameter: name, summary, posterior: curve, prior: priorCurve(parameter, curve) };
}

/** In each tail, so that a few wild draws do not flatten the rest. */
const LEFT_OUT = 0.002;

/** The density over nearly all values and a little beyond, within the support. */
function smooth(sorted: Float64Array, support: Bounds): Curve {
  const bandwidth = bandwidthOf(sorted);
  const lower = Math.max(support.lower, quantileOfSorted(sorted, LEFT_OUT) - 2 * bandwidth);
  const upper = Math.min(support.upper, quantileOfSorted(sorted, 1 - LEFT_OUT) + 2 * bandwidth);
  return densityCurve(sorted, lower, upper, bandwidth, support);
}

/** The prior's density on the posterior's grid; `flat` has none. */
function priorCurve({ prior }: Parameter, { lower, upper, values }: Curve): Curve | null {
  if (prior === null || isFixed(prior) || prior.dist === 'flat' || values.length === 0) return null;
  const density = Float64Array.from({ length: GRID }, (_, i) => Math.exp(logPrior(prior, lower + ((upper - lower) * i) / (GRID - 1))));
  return { lower, upper, values: density.map((v) => (Number.isFinite(v) ? v : Number.NaN)) };
}

/** Two scalars against each other; every divergent draw is among the points, up to a few hundred. */
export function pairView(state: ViewState, xName: string, yName: string): ViewOf<'pair'> {
  const x = parameterOf(state, xName).values;
  const y = parameterOf(state, yName).values;
  const { diverging } = state.draws.statistics;
  const good = evenlySpaced(x.length, PAIR_POINTS).filter((i) => diverging[i] === 0);
  const shown = Int32Array.of(...good, ...thin(divergentDraws(state.draws), MOST_DIVERGENT));
  return {
    kind: 'pair',
    x: xName,
    y: yName,
    points: {
      x: Float64Array.from(shown, (i) => x[i]),
      y: Float64Array.from(shown, (i) => y[i]),
      divergent: Uint8Array.from(shown, (i) => diverging[i]),
    },
    correlation: correlationOf(x, y),
    draws: { shown: shown.length, all: x.length },
  };
}

/** At most `most` indices below n. */
function evenlySpaced(n: number, most: number): Int32Array {
  const kept = Math.min(n, most);
  return Int32Array.from({ length: kept }, (_, k) => Math.floor(((k + 0.5) * n) / kept));
}

/** Pearson's; `null` when one of them does not vary. */
export function correlationOf(x: Float64Array, y: Float64Array): number | null {
  const n = x.length;
  // About the first point, which is near enough to the mean for the digits that count.
  let [sx, sy, xx, xy, yy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const dx = x[i] - x[0];
    const dy = y[i] - y[0];
    sx += dx;
    sy += dy;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const size = Math.sqrt((xx - (sx * sx) / n) * (yy - (sy * sy) / n));
  return size > 0 ? (xy - (sx * sy) / n) / size : null;
}

/** a − b draw by draw, and how probable it is that a is the larger. */
export function contrastView(state: ViewState, aName: string, bName: string): ViewOf<'contrast'> {
  const a = parameterOf(state, aName).values;
  const b = parameterOf(state, bName).values;
  const n = a.length;
  const first = a[0] - b[0];
  let [above, sum, squares] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const d = a[i] - b[i];
    above += d > 0 ? 1 : d === 0 ? 0.5 : 0;
    sum += d - first;
    squares += (d - first) * (d - first);
  }
  const mean = first + sum / n;
  const sd = Math.sqrt(Math.max(0, squares - (sum * sum) / n) / (n - 1));
  const shown = evenlySpaced(n, CONTRAST_DRAWS);
  const sorted = Float64Array.from(shown, (i) => a[i] - b[i]).sort();
  return {
    kind: 'contrast',
    a: aName,
    b: bName,
    difference: { mean, sd, ...intervalOfSorted(sorted, state.design.interval) },
    probability: above / n,
    density: smooth(sorted, ANYWHERE),
    draws: { shown: shown.length, all: n },
  };
}

/** Each group's coefficient by its own rows (least squares) and as pooled, with the population's mean between. */
export function shrinkageView(state: ViewState, term: string): ViewOf<'shrinkage'> {
  const { design, parameters, report } = state;
  const t = design.terms.findIndex((x) => x.name === term);
  if (t < 0) throw new ViewError(`This fit has no term ${term}.`);
  if (design.terms[t].pooling !== 'partial') throw new ViewError(`${term} is not partially pooled, so nothing is drawn together.`);
  const mu = parameters.findIndex((p) => p.kind === 'mu' && p.term === t);
  const own = parameters.map((p, i) => ({ p, i })).filter(({ p }) => p.term === t && p.group >= 0 && !p.masked);
  const mean = (i: number): number => {
    const s = report.parameters[i];
    return s.masked ? Number.NaN : (s.mean ?? s.median);
  };
  return {
    kind: 'shrinkage',
    term,
    groups: own.map(({ p }) => design.groups[p.group]),
    rows: own.map(({ p }) => design.groupRows[p.group]),
    alone: Float64Array.from(own, ({ p }) => leastSquares(state, p.group, t)),
    pooled: Float64Array.from(own, ({ i }) => mean(i)),
    population: mean(mu),
  };
}

/** A coefficient by one group's statistics alone; NaN where they leave it open or there are none. */
function leastSquares({ design, data }: ViewState, group: number, term: number): number {
  const statistics = data.statistics?.[group];
  if (!statistics) return Number.NaN;
  const active = design.terms
    .map((_, t) => t)
    .filter((t) => design.terms[t].kind === 'slope' && design.mask[group * design.terms.length + t]);
  const k = active.length;
  const hasIntercept = design.terms[0]?.kind === 'intercept' && design.mask[group * design.terms.length] === 1;
  if (statistics.rows < k + (hasIntercept ? 1 : 0) || statistics.rows === 0) return Number.NaN;
  const a = statistics.xx.slice();
  const b = statistics.xy.slice();
  if (!hasIntercept) {
    // The statistics are about the means; through the origin they are not.
    const { weight, meanX, meanY } = statistics;
    for (let i = 0; i < k; i++) {
      b[i] += weight * meanX[i] * meanY;
      for (let j = 0; j < k; j++) a[i * k + j] += weight * meanX[i] * meanX[j];
    }
  }
  const size = a.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  if (!choleskyInPlace(a, k) || active.some((_, i) => a[i * k + i] ** 2 < 1e-10 * size)) return Number.NaN;
  solveLower(a, k, b);
  solveLowerTransposed(a, k, b);
  const place = active.indexOf(term);
  if (place >= 0) return b[place];
  return statistics.meanY - statistics.meanX.reduce((sum, x, i) => sum + x * b[i], 0);
}
