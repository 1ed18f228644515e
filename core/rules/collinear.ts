import type { Slope } from '../design/slopes.ts';
import { quote } from '../spec/nearest.ts';
import type { Problem } from '../spec/problem.ts';
import type { Transform } from '../spec/types.ts';
import {
  covariateRange,
  type DataContext,
  type DataRule,
  isNumeric,
  listing,
  maskCell,
  problemOf,
  removeCovariate,
  setMaskCell,
} from './rule.ts';
import { slopeView } from './slopeFacts.ts';

/** Below this a covariate is, to the digits of the data, a linear combination of those before it (1 − R² of it on them). */
const TOLERANCE = 1e-8;

/**
 * HM502: covariates of a group that are linear combinations of one another, so that the data know only their sum. Found by a
 * Cholesky factorisation of the group's correlations: a pivot is 1 − R² of a covariate on those before it.
 */
export const collinear: DataRule = function* (context) {
  const { spec } = context;
  const { slopes, correlation, isCorrelated } = slopeView(context);
  const told = new Set<number>();
  for (const { problem: twin, covariate } of twins(context)) {
    told.add(covariate);
    yield twin;
  }
  const k = spec.covariates.length;
  const own = slopes.flatMap((s, i) =>
    (spec.covariates[s.covariate].pooling ?? spec.pooling) === 'none' && isCorrelated(i) && !told.has(s.covariate) ? [i] : [],
  );
  const found: Dependency[] = [];
  let judged = 0;
  for (const [g, group] of context.groups.entries()) {
    const seen = context.groupProfiles.get(group);
    if (seen === undefined || seen.rows < 3) continue;
    const active = own.filter((s) => context.mask[g * k + slopes[s].covariate] === 1);
    // With no more rows than covariates every covariate depends on the others, which another rule tells.
    if (active.length < 2 || seen.rows <= active.length) continue;
    judged += 1;
    const dependency = firstDependency(active, (a, b) => correlation(a, b, group));
    // One name listed twice is another rule's.
    const twice = dependency?.on.some((s) => slopes[s].name === slopes[dependency.slope].name);
    if (dependency !== null && !twice) found.push({ group, ...dependency });
  }
  const everywhere = found.length > 1 && found.length === judged && found.every((d) => d.slope === found[0].slope);
  if (everywhere) yield problem(context, slopes, found[0], null);
  else for (const dependency of found) yield problem(context, slopes, dependency, dependency.group);
};

/** Covariates that are one column, transformed alike, under two names. What is linear in a column is found from the data. */
function* twins(context: DataContext) {
  const first = new Map<string, number>();
  for (const [p, c] of context.spec.covariates.entries()) {
    if (c.columns.length === 1 && isLinear(c.transform) && isNumeric(context, p)) continue;
    const same = JSON.stringify([[...c.columns].sort(), c.transform, c.levels]);
    const twin = first.get(same);
    const named = twin === undefined ? c.name : context.spec.covariates[twin].name;
    if (twin === undefined) first.set(same, p);
    else if (named !== c.name) yield { covariate: p, problem: tell(context, p, c.name, [named], null) };
  }
}

const isLinear = (transform: Transform): boolean => transform === 'none' || transform === 'center' || transform === 'standardize';

interface Dependency {
  readonly group: string;
  /** Places among the slopes: the one, and those that it depends on. */
  readonly slope: number;
  readonly on: readonly number[];
}

const problem = (context: DataContext, slopes: readonly Slope[], { slope, on }: Dependency, group: string | null): Problem =>
  tell(
    context,
    slopes[slope].covariate,
    slopes[slope].name,
    on.map((s) => slopes[s].name),
    group,
  );

function tell(context: DataContext, covariate: number, name: string, on: readonly string[], group: string | null): Problem {
  const own = quote(context.spec.covariates[covariate].name);
  const where = group === null ? 'in every group' : `in the group ${quote(group)}`;
  const message = `${quote(name)} is a linear function of ${listing(on.map(quote))} ${where}, so only the priors tell their coefficients apart; ${group === null ? 'remove' : 'mask'} one of them.`;
  if (group === null) {
    const fix = { title: `Remove the covariate ${own}`, edits: removeCovariate(context, covariate) };
    return problemOf('HM502', 'warning', message, covariateRange(context, covariate), [fix]);
  }
  const edits = setMaskCell(context, group, covariate, 0);
  const fixes = edits.length > 0 ? [{ title: `Mask ${own} for ${quote(group)}`, edits }] : [];
  return problemOf('HM502', 'warning', message, maskCell(context, group, covariate), fixes);
}

/** The first of `items` that depends on those before it, with the ones it leans on; constant ones take no part. */
function firstDependency(items: readonly number[], r: (a: number, b: number) => number): { slope: number; on: readonly number[] } | null {
  const kept: number[] = [];
  /** Rows of the Cholesky factor of the correlations of `kept`. */
  const rows: number[][] = [];
  for (const item of items) {
    const row: number[] = [];
    let pivot = 1;
    for (const [i, other] of kept.entries()) {
      let sum = r(item, other);
      for (let m = 0; m < i; m++) sum -= row[m] * rows[i][m];
      row.push(sum / rows[i][i]);
      pivot -= row[i] * row[i];
    }
    if (!Number.isFinite(pivot)) continue;
    if (pivot < TOLERANCE) {
      // Back-substitution gives the coefficients of the covariates it is made of.
      const weights = [...row];
      for (let i = kept.length - 1; i >= 0; i--) {
        weights[i] /= rows[i][i];
        for (let m = 0; m < i; m++) weights[m] -= rows[i][m] * weights[i];
      }
      return { slope: item, on: kept.filter((_, i) => Math.abs(weights[i]) > 1e-4) };
    }
    kept.push(item);
    rows.push([...row, Math.sqrt(pivot)]);
  }
  return null;
}
