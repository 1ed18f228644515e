import { families, familyOf } from '../families/index.ts';
import { nodeAt, type Path } from '../spec/json.ts';
import { KEYS } from '../spec/keys.ts';
import { quote } from '../spec/nearest.ts';
import type { Problem } from '../spec/problem.ts';
import type { Spec } from '../spec/types.ts';
import { covariatePath, listing, problemOf, removeAt, type SpecContext, type SpecRule } from './rule.ts';

/** HM607: a prior for a parameter that the model does not have. */
export const priorUnused: SpecRule = function* (context) {
  const { spec, tree, unread } = context;
  if (unread.has('family') || unread.has('pooling') || unread.has('covariates')) return;
  for (const key of KEYS.priors) {
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
      return familyOf(spec.family).measured ? null : `the family "${spec.family}" has no scale`;
    default: {
      const owners = families().filter((f) => f.own.some((own) => own.key === key));
      if (owners.some((f) => f.name === spec.family)) return null;
      return `only the ${owners.length === 1 ? 'family' : 'families'} ${listing(owners.map((f) => quote(f.name)))} ${owners.length === 1 ? 'has' : 'have'} it`;
    }
  }
}
