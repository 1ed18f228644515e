/** A kept fit made by hand: known rows, and draws that are normal about known values, so that every view can be checked. */
import type { ColumnProfile, DataProfile, NumericProfile } from '../../../core/data/profile.ts';
import type { Design, ModelData, Parameter, Rows } from '../../../core/design/design.ts';
import { listParameters } from '../../../core/design/parameters.ts';
import { resolveDesign } from '../../../core/design/resolve.ts';
import { Rng } from '../../../core/math/rng.ts';
import { summarise } from '../../../core/posterior/diagnose/summary.ts';
import { predictAll } from '../../../core/posterior/predict/predict.ts';
import type { FitReport } from '../../../core/posterior/report.ts';
import type { Draws } from '../../../core/sampler/types.ts';
import { parseSpec } from '../../../core/spec/parse.ts';
import type { Spec } from '../../../core/spec/types.ts';
import type { ViewState } from '../../../engine/views/state.ts';

export interface MadeFit {
  readonly spec: object;
  /** Column name → cells; NaN for an empty one. Text columns are the group's. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly groups: readonly string[];
  readonly group: readonly string[];
  readonly chains?: number;
  readonly draws?: number;
  /** The centre of a parameter's draws. */
  readonly truth: (parameter: Parameter, design: Design) => number;
  /** The sd of its draws. */
  readonly spread?: number;
  readonly divergent?: number;
}

const numeric = (cells: Float64Array): NumericProfile => {
  const there = cells.filter((v) => !Number.isNaN(v));
  const mean = there.reduce((a, b) => a + b, 0) / there.length;
  const squares = there.reduce((a, b) => a + (b - mean) ** 2, 0);
  return {
    count: there.length,
    empty: cells.length - there.length,
    min: there.length > 0 ? there.reduce((a, b) => Math.min(a, b)) : Number.NaN,
    max: there.length > 0 ? there.reduce((a, b) => Math.max(a, b)) : Number.NaN,
    mean: there.length > 0 ? mean : Number.NaN,
    sd: there.length > 1 ? Math.sqrt(squares / (there.length - 1)) : Number.NaN,
  };
};

function profileOf({ columns, group, groups }: MadeFit, groupColumn: string): DataProfile {
  const members = new Map<string, number[]>(groups.map((g) => [g, []]));
  group.forEach((g, i) => {
    members.get(g)!.push(i);
  });
  const all = [...columns];
  const column = ([name, cells]: [string, Float64Array], index: number): ColumnProfile =>
    ({
      ...numeric(cells),
      name,
      index,
      kind: 'number',
      texts: 0,
      infinite: 0,
      integer: cells.every((v) => Number.isNaN(v) || Number.isInteger(v)),
      distinct: new Set(cells).size,
      levels: [],
      histogram: null,
    }) as unknown as ColumnProfile; // The rest is for the rules.
  return {
    file: 'made.csv',
    version: '1',
    rows: group.length,
    columns: all.map(column),
    groupColumn,
    groups: groups.map((name) => {
      const rows = members.get(name)!;
      return {
        name,
        rows: rows.length,
        firstRow: rows[0] ?? 0,
        columns: all.map(([, cells]) => numeric(Float64Array.from(rows, (i) => cells[i]))),
      };
    }) as unknown as DataProfile['groups'],
    correlated: [],
    emptyGroups: 0,
    firstEmptyGroup: null,
    faults: [],
  };
}

function rowsOf({ columns, group }: MadeFit, design: Design, spec: Spec): Rows {
  const n = group.length;
  const place = new Map(design.groups.map((g, i) => [g, i]));
  return {
    n,
    read: n,
    dropped: 0,
    group: Int32Array.from(group, (g) => place.get(g)!),
    x: design.terms.map((t) =>
      t.kind === 'intercept'
        ? new Float64Array(0)
        : Float64Array.from({ length: n }, (_, i) => t.factors.reduce((product, f) => product * (columns.get(f.column)![i] || 0), 1)),
    ),
    y: columns.get(spec.response.column)!,
    trials: null,
    offset: null,
    se: null,
    weights: null,
    fileRow: Int32Array.from({ length: n }, (_, i) => i),
  };
}

function drawsFor(parameters: readonly Parameter[], design: Design, made: MadeFit): Draws {
  const chains = made.chains ?? 4;
  const draws = made.draws ?? 300;
  const size = chains * draws;
  const own = parameters.filter((p) => !p.masked);
  const values = new Float64Array(own.length * size);
  own.forEach((p) => {
    const rng = Rng.of(7, p.index);
    const centre = made.truth(p, design);
    const positive = ['scale', 'tau', 'nu', 'shape'].includes(p.kind);
    for (let s = 0; s < size; s++) {
      const v = centre + (made.spread ?? 0.05) * rng.normal();
      values[p.index * size + s] = positive ? Math.abs(v) : v;
    }
  });
  const rng = Rng.of(8, 0);
  const filled = (f: (i: number) => number): Float64Array => Float64Array.from({ length: size }, (_, i) => f(i));
  return {
    chains,
    draws,
    parameters: own.length,
    values,
    statistics: {
      logDensity: filled(() => -5 + rng.normal()),
      energy: filled(() => 5 + 2 * rng.normal()),
      acceptance: filled(() => 0.9),
      stepSize: filled(() => 0.8),
      treeDepth: Uint8Array.from({ length: size }, (_, i) => 1 + (i % 3)),
      leapfrogs: new Uint32Array(size).fill(3),
      diverging: Uint8Array.from({ length: size }, (_, i) => (i < (made.divergent ?? 0) ? 1 : 0)),
    },
    divergences: [],
    gradientEvaluations: 5000,
  };
}

export function makeFit(made: MadeFit): ViewState {
  const text = JSON.stringify(made.spec, null, 2);
  const parsed = parseSpec(text);
  const spec = parsed.spec;
  if (spec === null || parsed.problems.length > 0) throw new Error(parsed.problems.map((p) => p.message).join(' ') || 'No spec.');
  const profile = profileOf(made, spec.group ?? 'all');
  const design = resolveDesign(spec, profile);
  const parameters = listParameters(design);
  const draws = drawsFor(parameters, design, made);
  const rows = rowsOf(made, design, spec);
  const data: ModelData = {
    rows,
    complete: true,
    counts: { read: rows.n, used: rows.n, dropped: 0 },
    statistics: null,
    standardisation: new Map(),
  };
  const divergences = draws.statistics.diverging.reduce((a, b) => a + b, 0);
  const report: FitReport = {
    spec: 'made.hmask.json',
    method: 'nuts',
    seed: 42,
    rows: data.counts,
    interval: design.interval,
    parameters: summarise(draws, parameters, design.interval),
    sampling: {
      chains: draws.chains,
      warmup: 200,
      draws: draws.draws,
      divergences,
      max_treedepth_hits: 0,
      bfmi: Array.from({ length: draws.chains }, () => 1.02),
      gradient_evaluations: draws.gradientEvaluations,
      stopped: false,
    },
    predictions: predictAll({ design, parameters, draws }, data, spec.predictions, 42),
    loo: null,
    waic: null,
    groups_out: null,
    r2: null,
    predictive: null,
    prior_predictive: null,
    sensitivity: null,
    verdict: {
      trustworthy: true,
      headline: 'You may trust this fit: the chains agree and every estimate rests on enough draws.',
      flags: [],
    },
    timing_ms: { read: 21, compile: 4, sample: 38, summarise: 12 },
  };
  return { source: { text }, spec, design, data, profile, parameters, draws, report, sketches: [], loo: null, predicted: null };
}

/** The reference problem's data and a posterior about its true values. */
export function manufacturing(
  options: { readonly draws?: number; readonly divergent?: number; readonly names?: readonly [string, string] } = {},
): ViewState {
  const n = 500;
  const rng = Rng.of(1, 0);
  const names = options.names ?? ['Product_Group_1', 'Product_Group_2'];
  const uniform = (a: number, b: number): Float64Array => Float64Array.from({ length: n }, () => a + (b - a) * rng.uniform());
  const feed = uniform(1, 10);
  const pull = uniform(0.5, 5);
  const cut = uniform(0.1, 2).map((v, i) => (i < n / 2 ? Number.NaN : v));
  const y = feed.map((f, i) => (i < n / 2 ? 2.5 * f + 3 * pull[i] : f + 0.5 * pull[i] + 3 * cut[i]) + 0.5 * rng.normal());
  const at = (f: number, c: number | null): object => ({
    Feed_Speed: f,
    Pull_Acceleration: 2,
    ...(c === null ? {} : { Cutting_Wait_Time: c }),
  });
  const weights = [
    [2.5, 3, 0],
    [1, 0.5, 3],
  ];
  return makeFit({
    spec: {
      data: 'made.csv',
      response: 'Production_Speed',
      group: 'Product_Group',
      covariates: ['Feed_Speed', 'Pull_Acceleration', 'Cutting_Wait_Time'],
      mask: Object.fromEntries([
        [names[0], [1, 1, 0]],
        [names[1], [1, 1, 1]],
      ]),
      priors: { intercept: 'normal(0, 5)', weights: 'normal(0, 5)', scale: 'half_normal(5)' },
      sampler: { warmup: 200, draws: 300 },
      predictions: [
        { group: names[0], at: at(3, null) },
        { group: names[1], at: at(3, 2) },
        { group: names[0], at: at(6, 2) },
        { group: names[1], at: at(6, 2) },
      ],
    },
    columns: new Map([
      ['Feed_Speed', feed],
      ['Pull_Acceleration', pull],
      ['Cutting_Wait_Time', cut],
      ['Production_Speed', y],
    ]),
    groups: names,
    group: Array.from({ length: n }, (_, i) => names[i < n / 2 ? 0 : 1]),
    draws: options.draws,
    divergent: options.divergent,
    truth: (p, design) => {
      if (p.kind === 'w') return weights[p.group][design.terms[p.term].covariate];
      return p.kind === 'scale' ? 0.5 : 0;
    },
    spread: 0.03,
  });
}

/** Poisson counts: 200 rows of a group with a mean of 1, and 200 with a mean of 7.4. */
export function counts(): ViewState {
  const n = 400;
  const rng = Rng.of(5, 0);
  const rate = (i: number): number => (i < n / 2 ? 0 : 2);
  const poisson = (mean: number): number => {
    let k = 0;
    for (let product = rng.uniform(); product > Math.exp(-mean); product *= rng.uniform()) k++;
    return k;
  };
  return makeFit({
    spec: { data: 'made.csv', response: 'count', group: 'group', family: 'poisson' },
    columns: new Map([['count', Float64Array.from({ length: n }, (_, i) => poisson(Math.exp(rate(i))))]]),
    groups: ['few', 'many'],
    group: Array.from({ length: n }, (_, i) => (i < n / 2 ? 'few' : 'many')),
    truth: (p) => 2 * p.group,
    spread: 0.02,
  });
}

/** Many groups with partial pooling: 5 rows each, some covariates masked. */
export function manyGroups(groups: number, covariates = 5): ViewState {
  const rowsEach = 5;
  const rng = Rng.of(3, 0);
  const names = Array.from({ length: groups }, (_, g) => `Group ${g + 1} with a name that is rather long`);
  const n = groups * rowsEach;
  const columns = new Map<string, Float64Array>();
  const covariateNames = Array.from({ length: covariates }, (_, p) => `covariate_${p + 1}`);
  const hidden = (g: number, p: number): boolean => (g + p) % 7 === 0;
  for (const [p, name] of covariateNames.entries())
    columns.set(
      name,
      Float64Array.from({ length: n }, (_, i) => (hidden(Math.floor(i / rowsEach), p) ? Number.NaN : rng.normal())),
    );
  columns.set(
    'y',
    Float64Array.from({ length: n }, () => rng.normal()),
  );
  return makeFit({
    spec: { data: 'made.csv', response: 'y', group: 'group', covariates: covariateNames, pooling: 'partial' },
    columns,
    groups: names,
    group: Array.from({ length: n }, (_, i) => names[Math.floor(i / rowsEach)]),
    chains: 2,
    draws: 50,
    truth: (p) => (p.kind === 'scale' || p.kind === 'tau' ? 1 : p.group >= 0 ? Math.sin(p.group) : 0.1),
  });
}
