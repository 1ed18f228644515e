import { quote } from '../spec/nearest.ts';
import type { Fix, Problem } from '../spec/problem.ts';
import { type DataContext, type DataRule, plural, problemOf, setKey } from './rule.ts';
import { slopeView } from './slopeFacts.ts';

/** HM503: a group with fewer rows than coefficients of its own: an error under flat priors, else the priors decide. */
export const fewRows: DataRule = function* (context) {
  if (!context.groupsKnown) return;
  const { spec } = context;
  const { slopes } = slopeView(context);
  const k = spec.covariates.length;
  const own = (pooling: string | null) => (pooling ?? spec.pooling) === 'none';
  for (const [g, group] of context.groups.entries()) {
    const rows = context.groupProfiles.get(group)?.rows ?? 0;
    // A text column has a coefficient for each level but the first.
    const active = slopes.flatMap(({ covariate: p }) =>
      own(spec.covariates[p].pooling) && context.mask[g * k + p] === 1 ? [spec.covariates[p]] : [],
    );
    const intercept = spec.intercept !== null && own(spec.intercept.pooling) ? [spec.intercept] : [];
    const coefficients = active.length + intercept.length;
    if (rows >= coefficients) continue;
    const flat = [...active.map((c) => c.prior ?? spec.priors.weights), ...intercept.map((t) => t.prior ?? spec.priors.intercept)].filter(
      (prior) => prior !== 'auto' && 'dist' in prior && prior.dist === 'flat',
    ).length;
    // A group without rows has a warning of its own; only flat priors make it impossible.
    if (rows === 0 && flat === 0) continue;
    yield problem(context, group, rows, coefficients, flat > rows);
  }
};

function problem(context: DataContext, group: string, rows: number, coefficients: number, impossible: boolean): Problem {
  const { spec } = context;
  const named = spec.mask !== 'auto' && spec.mask.has(group);
  const range = named ? context.locate(['mask', group], 'key') : context.locate([spec.group === null ? 'data' : 'group']);
  const counts = `The group ${quote(group)} has ${plural(rows, 'row')} for ${plural(coefficients, 'coefficient')}`;
  const fixes: Fix[] = [];
  const free = spec.intercept?.pooling == null && spec.covariates.every((c) => c.pooling === null);
  if (free && spec.group !== null) fixes.push({ title: 'Pool the groups partially', edits: setKey(context, 'pooling', '"partial"') });
  if (impossible) {
    return problemOf(
      'HM503',
      'error',
      `${counts} under flat priors, so its posterior does not exist; give proper priors, or pool the groups.`,
      range,
      fixes,
    );
  }
  return problemOf(
    'HM503',
    'warning',
    `${counts}, so the priors decide what the data cannot; pool the groups, or mask covariates.`,
    range,
    fixes,
  );
}
