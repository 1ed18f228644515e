import { quote } from '../spec/nearest.ts';
import { covariateRange, type DataRule, problemOf, removeCovariate } from './rule.ts';

/** HM409: a covariate that is masked for every group. */
export const maskedEverywhere: DataRule = function* (context) {
  if (context.unread.has('mask')) return;
  const k = context.spec.covariates.length;
  for (const [p, { name }] of context.spec.covariates.entries()) {
    if (context.groups.length === 0 || context.groups.some((_, g) => context.mask[g * k + p] === 1)) continue;
    const message = `The covariate ${quote(name)} is masked for every group, so it has no part in the model; remove it, or unmask it.`;
    yield problemOf('HM409', 'warning', message, covariateRange(context, p), [
      { title: `Remove the covariate ${quote(name)}`, edits: removeCovariate(context, p) },
    ]);
  }
};
