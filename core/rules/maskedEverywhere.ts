import { quote } from '../spec/nearest.ts';
import { type DataRule, problemOf, removeCovariate } from './rule.ts';

/** HM409: a covariate that is masked for every group. */
export const maskedEverywhere: DataRule = function* (context) {
  const k = context.spec.covariates.length;
  for (const [p, { name }] of context.spec.covariates.entries()) {
    if (context.groups.length === 0 || context.groups.some((_, g) => context.mask[g * k + p] === 1)) continue;
    const message = `The covariate ${quote(name)} is masked for every group, so it has no part in the model; remove it, or unmask it.`;
    yield problemOf('HM409', 'warning', message, context.locate(['covariates', p]), [
      { title: `Remove the covariate ${quote(name)}`, edits: removeCovariate(context, p) },
    ]);
  }
};
