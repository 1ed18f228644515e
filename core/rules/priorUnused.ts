import { nodeAt, type Path } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { Problem } from '../spec/problem.ts';
import type { Spec } from '../spec/types.ts';
import { covariatePath, problemOf, removeAt, type SpecContext, type SpecRule } from './rule.ts';

/** HM607: a prior for a parameter that the model does not have. */
export const priorUnused: SpecRule = function* (context) {
  const { spec, tree, unread } = context;
  if (unread.has('family') || unread.has('pooling') || unread.has('covariates')) return;
  for (const key of ['intercept', 'weights', 'scale', 'intercept_sd', 'weights_sd', 'nu', 'shape'] as const) {
    if (nodeAt(tree, ['priors', key]) === undefined) continue;
    const why = whyUnused(spec, key);
    if (why !== null) yield problem(context, ['priors', key], `The prior of ${quote(key)}`, why);
  }
  const pooled = (pooling: string | null) => (pooling ?? spec.pooling) === 'partial';
  if (spec.intercept?.sd != null && !pooled(spec.intercept.pooling))
    yield problem(context, ['intercept', 'sd'], 'The "sd" of the intercept', 'the intercept is not partially pooled');
  for (const [i, c] of spec.covariates.entries()) {
    if (c.sd !== null && !pooled(c.pooling))
      yield problem(context, covariatePath(context, i, 'sd'), `The "sd" of ${quote(c.name)}`, 'the covariate is not partially pooled');
  }
};

function problem(context: SpecContext, path: Path, what: string, why: string): Problem {
  return problemOf('HM607', 'warning', `${what} has no effect: ${why}; remove it.`, context.locate(path, 'key'), [
    { title: `Remove ${what[0].toLowerCase()}${what.slice(1)}`, edits: removeAt(context, path), preferred: true },
  ]);
}

function whyUnused(spec: Spec, key: keyof Spec['priors']): string | null {
  const partial = (pooling: string | null) => (pooling ?? spec.pooling) === 'partial';
  const { intercept, covariates } = spec;
  switch (key) {
    case 'intercept':
      if (intercept === null) return 'the spec has no intercept';
      return intercept.prior === null ? null : 'the intercept has a prior of its own';
    case 'weights':
      if (covariates.length === 0) return 'the spec has no covariates';
      return covariates.every((c) => c.prior !== null) ? 'every covariate has a prior of its own' : null;
    case 'intercept_sd':
      if (intercept === null || !partial(intercept.pooling)) return 'the intercept is not partially pooled';
      return intercept.sd === null ? null : 'the intercept has an "sd" of its own';
    case 'weights_sd': {
      const pooled = covariates.filter((c) => partial(c.pooling));
      if (pooled.length === 0) return 'no covariate is partially pooled';
      return pooled.every((c) => c.sd !== null) ? 'every covariate that is partially pooled has an "sd" of its own' : null;
    }
    case 'scale':
      if (spec.response.se !== null) return 'the standard deviations are known from "se"';
      return spec.family === 'gaussian' || spec.family === 'student_t' ? null : `the family "${spec.family}" has no scale`;
    case 'nu':
      return spec.family === 'student_t' ? null : 'only the family "student_t" has it';
    case 'shape':
      return spec.family === 'negative_binomial' ? null : 'only the family "negative_binomial" has it';
  }
}
