import { nodeAt } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { Spec } from '../spec/types.ts';
import { problemOf, removeAt, type SpecRule } from './rule.ts';

/** HM607: a prior for a parameter that the model does not have. */
export const priorUnused: SpecRule = function* (context) {
  const { spec, tree } = context;
  for (const key of ['intercept', 'weights', 'scale', 'intercept_sd', 'weights_sd', 'nu', 'shape'] as const) {
    if (nodeAt(tree, ['priors', key]) === undefined) continue;
    const why = whyUnused(spec, key);
    if (why === null) continue;
    yield problemOf(
      'HM607',
      'warning',
      `The prior of ${quote(key)} has no effect: ${why}; remove it.`,
      context.locate(['priors', key], 'key'),
      [{ title: `Remove the prior of ${quote(key)}`, edits: removeAt(context, ['priors', key]), preferred: true }],
    );
  }
};

function whyUnused(spec: Spec, key: keyof Spec['priors']): string | null {
  const partial = (pooling: string | null) => (pooling ?? spec.pooling) === 'partial';
  switch (key) {
    case 'intercept':
      return spec.intercept === null ? 'the spec has no intercept' : null;
    case 'weights':
      return spec.covariates.length === 0 ? 'the spec has no covariates' : null;
    case 'intercept_sd':
      return spec.intercept !== null && partial(spec.intercept.pooling) ? null : 'the intercept is not partially pooled';
    case 'weights_sd':
      return spec.covariates.some((c) => partial(c.pooling)) ? null : 'no covariate is partially pooled';
    case 'scale':
      if (spec.response.se !== null) return 'the standard deviations are known from "se"';
      return spec.family === 'gaussian' || spec.family === 'student_t' ? null : `the family "${spec.family}" has no scale`;
    case 'nu':
      return spec.family === 'student_t' ? null : 'only the family "student_t" has it';
    case 'shape':
      return spec.family === 'negative_binomial' ? null : 'only the family "negative_binomial" has it';
  }
}
