import { quote } from '../spec/nearest.ts';
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

/** Below this a covariate is, to the digits of the data, a linear combination of those before it (1 − R² of it on them). */
const TOLERANCE = 1e-8;

/**
 * HM502: covariates of a group that are linear combinations of one another, so that the data know only their sum. Found by a
 * Cholesky factorisation of the group's correlations: a pivot is 1 − R² of a covariate on those before it.
 */
export const collinear: DataRule = function* (context) {
  const { spec, profile, columns } = context;
  yield* twins(context);
  const k = spec.covariates.length;
  const position = new Map(profile.correlated.map((column, i) => [column, i]));
  const usable = spec.covariates.map((c, p) => {
    const column = columns.get(c.columns[0]);
    return isLinear(c.transform) && isNumeric(context, p) ? position.get(column!.index) : undefined;
  });
  const found: Dependency[] = [];
  let judged = 0;
  for (const [g, group] of context.groups.entries()) {
    const seen = context.groupProfiles.get(group);
    if (seen === undefined || seen.rows < 3) continue;
    const active = spec.covariates.flatMap((c, p) =>
      context.mask[g * k + p] === 1 && usable[p] !== undefined && (c.pooling ?? spec.pooling) === 'none' ? [p] : [],
    );
    // With no more rows than covariates every covariate depends on the others, which another rule tells.
    if (active.length < 2 || seen.rows <= active.length) continue;
    judged += 1;
    const size = profile.correlated.length;
    const dependency = firstDependency(active, (a, b) => correlation(seen.correlations, size, usable[a]!, usable[b]!));
    // One name listed twice is another rule's.
    const twice = dependency?.on.some((p) => spec.covariates[p].name === spec.covariates[dependency.covariate].name);
    if (dependency !== null && !twice) found.push({ group, ...dependency });
  }
  const everywhere = found.length > 1 && found.length === judged && found.every((d) => d.covariate === found[0].covariate);
  if (everywhere) yield problem(context, found[0], null);
  else for (const dependency of found) yield problem(context, dependency, dependency.group);
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
    else if (named !== c.name) yield problem(context, { group: '', covariate: p, on: [twin] }, null);
  }
}

const isLinear = (transform: Transform): boolean => transform === 'none' || transform === 'center' || transform === 'standardize';

interface Dependency {
  readonly group: string;
  readonly covariate: number;
  /** The covariates it depends on. */
  readonly on: readonly number[];
}

function problem(context: DataContext, d: Dependency, group: string | null) {
  const name = (p: number) => quote(context.spec.covariates[p].name);
  const where = group === null ? 'in every group' : `in the group ${quote(group)}`;
  const message = `${name(d.covariate)} is a linear function of ${listing(d.on.map(name))} ${where}, so only the priors tell their coefficients apart; ${group === null ? 'remove' : 'mask'} one of them.`;
  if (group === null) {
    const fix = { title: `Remove the covariate ${name(d.covariate)}`, edits: removeCovariate(context, d.covariate) };
    return problemOf('HM502', 'warning', message, covariateRange(context, d.covariate), [fix]);
  }
  const edits = setMaskCell(context, group, d.covariate, 0);
  const fixes = edits.length > 0 ? [{ title: `Mask ${name(d.covariate)} for ${quote(group)}`, edits }] : [];
  return problemOf('HM502', 'warning', message, maskCell(context, group, d.covariate), fixes);
}

/** Pair (i, j) of a packed upper triangle of `size` columns. */
function correlation(packed: readonly number[], size: number, i: number, j: number): number {
  if (i === j) return 1;
  const [a, b] = i < j ? [i, j] : [j, i];
  return packed[a * size - (a * (a + 1)) / 2 + b - a - 1];
}

/** The first of `items` that depends on those before it, with the ones it leans on; constant ones take no part. */
function firstDependency(
  items: readonly number[],
  r: (a: number, b: number) => number,
): { covariate: number; on: readonly number[] } | null {
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
      return { covariate: item, on: kept.filter((_, i) => Math.abs(weights[i]) > 1e-4) };
    }
    kept.push(item);
    rows.push([...row, Math.sqrt(pivot)]);
  }
  return null;
}
