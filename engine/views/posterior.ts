/** Views of the posterior itself: densities beside their priors, pairs, contrasts, shrinkage. */
import { choleskyInPlace, solveLower, solveLowerTransposed } from '../../core/math/linalg.ts';
import type { Parameter } from '../../core/model/design.ts';
import { isFixed, logPrior, supportOf } from '../../core/model/priors.ts';
import { meanOf, squaresAbout } from '../../core/posterior/chains.ts';
import { describe } from '../../core/posterior/predict.ts';
import { drawsOf } from '../../core/sampler/types.ts';
import type { Curve } from '../../protocol/views/parts.ts';
import type { DensityView } from '../../protocol/views/posterior.ts';
import type { ViewOf } from '../../protocol/views.ts';
import { ANYWHERE, type Bounds, bandwidthOf, densityCurve, GRID } from './density.ts';
import { parameterOf, thin, ViewError, type ViewState } from './state.ts';

/** Densities in one picture. */
const MOST_DENSITIES = 12;
const PAIR_POINTS = 1200;
const MOST_DIVERGENT = 400;
const POSITIVE: ReadonlySet<Parameter['kind']> = new Set(['scale', 'tau', 'nu', 'shape']);

export function densitiesView(state: ViewState, names: readonly string[]): ViewOf<'densities'> {
  return { kind: 'densities', densities: names.slice(0, MOST_DENSITIES).map((name) => densityOf(state, name)) };
}

function supportOfParameter({ prior, kind }: Parameter): Bounds {
  const positive = POSITIVE.has(kind);
  if (prior === null || isFixed(prior)) return positive ? { lower: 0, upper: Number.POSITIVE_INFINITY } : ANYWHERE;
  return supportOf(prior, positive);
}

function densityOf(state: ViewState, name: string): DensityView {
  const { parameter, summary, values } = parameterOf(state, name);
  const support = supportOfParameter(parameter);
  const curve = smooth(values, support);
  return { parameter: name, summary, posterior: curve, prior: priorCurve(parameter, curve) };
}

/** The density over all draws and a little beyond, within the support. */
function smooth(values: Float64Array, support: Bounds): Curve {
  const sorted = values.slice().sort();
  const bandwidth = bandwidthOf(sorted);
  const lower = Math.max(support.lower, sorted[0] - 2 * bandwidth);
  const upper = Math.min(support.upper, sorted[sorted.length - 1] + 2 * bandwidth);
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
  const every = Int32Array.from({ length: x.length }, (_, i) => i);
  const bad = thin(
    every.filter((i) => diverging[i] === 1),
    MOST_DIVERGENT,
  );
  const good = thin(
    every.filter((i) => diverging[i] === 0),
    PAIR_POINTS,
  );
  const shown = Int32Array.of(...good, ...bad);
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

/** Pearson's; `null` when one of them does not vary. */
export function correlationOf(x: Float64Array, y: Float64Array): number | null {
  const mx = meanOf(x);
  const my = meanOf(y);
  let xy = 0;
  for (let i = 0; i < x.length; i++) xy += (x[i] - mx) * (y[i] - my);
  const size = Math.sqrt(squaresAbout(mx, x) * squaresAbout(my, y));
  return size > 0 ? xy / size : null;
}

/** a − b draw by draw, and how probable it is that a is the larger. */
export function contrastView(state: ViewState, aName: string, bName: string): ViewOf<'contrast'> {
  const a = parameterOf(state, aName).values;
  const b = parameterOf(state, bName).values;
  const difference = a.map((v, i) => v - b[i]);
  const above = difference.reduce((n, d) => n + (d > 0 ? 1 : d === 0 ? 0.5 : 0), 0);
  const curve = smooth(difference, ANYWHERE);
  return {
    kind: 'contrast',
    a: aName,
    b: bName,
    difference: describe(difference, state.design.interval),
    probability: above / difference.length,
    density: curve,
  };
}

/** Each group's coefficient by its own rows (least squares) and as pooled, with the population's mean between. */
export function shrinkageView(state: ViewState, term: string): ViewOf<'shrinkage'> {
  const { design, parameters, report } = state;
  const t = design.terms.findIndex((x) => x.name === term);
  if (t < 0) throw new ViewError(`This fit has no term ${term}.`);
  if (design.terms[t].pooling !== 'partial') throw new ViewError(`${term} is not partially pooled, so nothing is drawn together.`);
  const mu = parameters.find((p) => p.kind === 'mu' && p.term === t)!;
  const own = parameters.map((p, i) => ({ p, i })).filter(({ p }) => p.term === t && p.group >= 0 && !p.masked);
  const mean = (i: number): number => {
    const s = report.parameters[i];
    return s.masked ? Number.NaN : s.mean;
  };
  return {
    kind: 'shrinkage',
    term,
    groups: own.map(({ p }) => design.groups[p.group]),
    rows: own.map(({ p }) => design.groupRows[p.group]),
    alone: Float64Array.from(own, ({ p }) => leastSquares(state, p.group, t)),
    pooled: Float64Array.from(own, ({ i }) => mean(i)),
    population: meanOf(drawsOf(state.draws, mu.index)),
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
