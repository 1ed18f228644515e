/** Random designs with data, over families, pooling, masks and priors; and a log posterior by brute force. */
import fc from 'fast-check';
import { cellsOf } from '../../../core/design/cells.ts';
import type { Design, GroupStatistics, Rows, Term } from '../../../core/design/design.ts';
import { isFixed } from '../../../core/design/priors.ts';
import type { Own } from '../../../core/families/family.ts';
import { familyOf } from '../../../core/families/index.ts';
import { Rng } from '../../../core/math/rng.ts';
import { FAMILIES, type Family, type Pooling, type Prior } from '../../../core/spec/types.ts';

export interface Problem {
  readonly design: Design;
  readonly rows: Rows;
  readonly statistics: readonly GroupStatistics[] | null;
}

export interface Options {
  readonly seed: number;
  readonly family: Family;
  readonly groups: number;
  readonly slopes: number;
  readonly intercept: boolean;
  readonly rowsPerGroup: number;
  readonly poolings: readonly Pooling[];
  readonly priors: readonly Prior[];
  readonly sds: readonly Prior[];
  readonly byGroup: boolean;
  readonly weights: boolean;
  readonly offset: boolean;
  readonly se: boolean;
  readonly maskedShare: number;
  /** Covariates take few values, so that rows repeat. */
  readonly coarse: boolean;
}

const coefficientPriors: readonly Prior[] = [
  { dist: 'normal', args: [0.2, 1.5] },
  { dist: 'student_t', args: [4, 0, 1] },
  { dist: 'cauchy', args: [0, 1] },
  { dist: 'uniform', args: [-4, 5] },
  { dist: 'flat', args: [] },
  { fixed: 0.3 },
];
const positivePriors: readonly Prior[] = [
  { dist: 'half_normal', args: [1.5] },
  { dist: 'half_cauchy', args: [1] },
  { dist: 'exponential', args: [1.2] },
  { dist: 'gamma', args: [2, 1.5] },
  { dist: 'inverse_gamma', args: [3, 2] },
  { dist: 'lognormal', args: [0, 0.5] },
  { dist: 'uniform', args: [0, 6] },
  { dist: 'uniform', args: [0.1, 4] },
  { dist: 'flat', args: [] },
  { fixed: 0.8 },
];

export const options: fc.Arbitrary<Options> = fc.record({
  seed: fc.nat(1e6),
  family: fc.constantFrom(...FAMILIES),
  groups: fc.integer({ min: 1, max: 5 }),
  slopes: fc.integer({ min: 0, max: 5 }),
  intercept: fc.boolean(),
  rowsPerGroup: fc.constantFrom(0, 1, 3, 12, 40),
  poolings: fc.array(fc.constantFrom<Pooling>('none', 'partial', 'complete'), { minLength: 6, maxLength: 6 }),
  priors: fc.array(fc.constantFrom(...coefficientPriors), { minLength: 6, maxLength: 6 }),
  sds: fc.array(fc.constantFrom(...positivePriors), { minLength: 6, maxLength: 6 }),
  byGroup: fc.boolean(),
  weights: fc.boolean(),
  offset: fc.boolean(),
  se: fc.boolean(),
  maskedShare: fc.constantFrom(0, 0.3, 1),
  coarse: fc.boolean(),
});

export function problemOf(o: Options): Problem {
  const rng = Rng.of(o.seed, 9);
  const scaled = (o.family === 'gaussian' || o.family === 'student_t') && !(o.se && o.family === 'gaussian');
  const terms: Term[] = [];
  for (let t = o.intercept ? 0 : 1; t <= o.slopes; t++) {
    const partial = o.poolings[t] === 'partial';
    const kind = t === 0 ? 'intercept' : 'slope';
    const name = t === 0 ? 'alpha' : `x${t}`;
    const factors = t === 0 ? [] : [{ column: name, name, transform: 'none' as const, level: null, levels: null }];
    const auto = { prior: false, sd: false };
    terms.push({
      name,
      kind,
      factors,
      transform: 'none',
      pooling: o.poolings[t],
      prior: o.priors[t],
      sd: partial ? o.sds[t] : null,
      auto,
      covariate: t - 1,
    });
  }
  const mask = Uint8Array.from({ length: o.groups * terms.length }, () => (rng.uniform() < o.maskedShare ? 0 : 1));
  const sizes = Array.from({ length: o.groups }, (_, g) => (g === 1 ? 0 : o.rowsPerGroup));
  const n = sizes.reduce((a, b) => a + b, 0);
  const group = Int32Array.from({ length: n }, () => 0);
  let at = 0;
  sizes.forEach((size, g) => {
    for (let i = 0; i < size; i++) group[at++] = g;
  });
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(rng.uniform() * (i + 1));
    [group[i], group[j]] = [group[j], group[i]];
  }
  const value = (): number => (o.coarse ? Math.floor(2 * rng.uniform()) : rng.normal());
  const column = (make: () => number): Float64Array => Float64Array.from({ length: n }, make);
  const x = terms.map((term, t) =>
    term.kind === 'intercept'
      ? new Float64Array(0)
      : Float64Array.from(group, (g) => (mask[g * terms.length + t] === 1 ? value() : Number.NaN)),
  );
  const counts = o.family === 'poisson' || o.family === 'negative_binomial';
  const trials = o.family === 'binomial' ? column(() => 1 + Math.floor(6 * rng.uniform())) : null;
  const y = Float64Array.from({ length: n }, (_, i) => {
    if (o.family === 'bernoulli') return rng.uniform() < 0.4 ? 1 : 0;
    if (trials) return Math.floor(rng.uniform() * (trials[i] + 1));
    return counts ? Math.floor(5 * rng.uniform() ** 2) : 0.5 + 1.3 * rng.normal();
  });
  const response = {
    column: 'y',
    levels: null,
    transform: 'none' as const,
    trials: null,
    exposure: null,
    se: o.se ? 'se' : null,
    weights: null,
  };
  const rows: Rows = {
    n,
    read: n,
    dropped: 0,
    group,
    x,
    y,
    trials,
    offset: counts && o.offset ? column(() => 0.5 * rng.normal()) : null,
    se: o.se && !trials && !counts && o.family !== 'bernoulli' ? column(() => 0.4 + rng.uniform()) : null,
    weights: o.weights ? column(() => Math.floor(3 * rng.uniform())) : null,
    fileRow: Int32Array.from({ length: n }, (_, i) => i),
  };
  const design: Design = {
    family: o.family,
    response,
    groupColumn: 'g',
    groups: sizes.map((_, g) => `g${g}`),
    groupRows: sizes,
    terms,
    mask,
    scale: scaled && !o.se ? { prior: o.sds[0], by: o.byGroup ? 'group' : 'all', auto: false } : null,
    own: familyOf(o.family).own.map(({ key }) => ({
      key,
      prior: key === 'nu' ? { dist: 'gamma', args: [2, 0.2] } : o.sds[2],
      auto: false,
    })),
    missing: 'error',
    interval: { kind: 'eti', prob: 0.9 },
    method: 'nuts',
  };
  return { design, rows, statistics: o.family === 'gaussian' ? statisticsByHand(design, rows) : null };
}

/** Two passes over the rows: means, then products of deviations. */
export function statisticsByHand(design: Design, rows: Rows): GroupStatistics[] {
  const cells = cellsOf(design);
  return design.groups.map((_, g) => {
    const slopes: Float64Array[] = [];
    for (let c = cells.start[g]; c < cells.start[g + 1]; c++) {
      if (design.terms[cells.term[c]].kind === 'slope') slopes.push(rows.x[cells.term[c]]);
    }
    const k = slopes.length;
    const all = Array.from({ length: rows.n }, (_, i) => i).filter((i) => rows.group[i] === g);
    const w = (i: number): number => (rows.weights ? rows.weights[i] : 1) / (rows.se ? rows.se[i] ** 2 : 1);
    const sum = (f: (i: number) => number): number => all.reduce((s, i) => s + w(i) * f(i), 0);
    const weight = sum(() => 1);
    const over = weight > 0 ? weight : 1;
    const meanY = sum((i) => rows.y[i]) / over;
    const meanX = Float64Array.from(slopes, (x) => sum((i) => x[i]) / over);
    const constant = rows.se
      ? all.reduce((s, i) => s - 0.5 * Math.log(2 * Math.PI * rows.se![i] ** 2) * (rows.weights ? rows.weights[i] : 1), 0)
      : 0;
    const xx = new Float64Array(k * k);
    for (let a = 0; a < k; a++)
      for (let b = 0; b < k; b++) xx[a * k + b] = sum((i) => (slopes[a][i] - meanX[a]) * (slopes[b][i] - meanX[b]));
    const xy = Float64Array.from(slopes, (x, a) => sum((i) => (x[i] - meanX[a]) * (rows.y[i] - meanY)));
    const yy = sum((i) => (rows.y[i] - meanY) ** 2);
    // About no fit at all.
    const residual = { mean: meanY, squares: yy, xy };
    return { rows: all.length, weight, constant, meanY, meanX, yy, xy, xx, fit: new Float64Array(k), residual };
  });
}

/** The rows' log likelihood, one by one, at coefficients by cell. */
export function logLikelihoodByHand({ design, rows }: Problem, beta: Float64Array, scale: Float64Array, own: Own): number {
  const cells = cellsOf(design);
  const family = familyOf(design.family);
  let total = 0;
  for (let i = 0; i < rows.n; i++) {
    const g = rows.group[i];
    let eta = rows.offset ? rows.offset[i] : 0;
    for (let c = cells.start[g]; c < cells.start[g + 1]; c++) {
      eta += beta[c] * (design.terms[cells.term[c]].kind === 'intercept' ? 1 : rows.x[cells.term[c]][i]);
    }
    const aux = { trials: rows.trials ? rows.trials[i] : 1, scale: rows.se ? rows.se[i] : scale[g], own };
    const w = rows.weights ? rows.weights[i] : 1;
    if (w > 0) total += w * family.logLikelihood(rows.y[i], eta, aux);
  }
  return total;
}

export const unfixed = (prior: Prior): boolean => !isFixed(prior);
