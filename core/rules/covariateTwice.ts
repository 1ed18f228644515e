import { quote } from '../spec/nearest.ts';
import { covariateRange, problemOf, removeCovariate, type SpecRule } from './rule.ts';

/** HM202: two covariates of one name. */
export const covariateTwice: SpecRule = function* (context) {
  const seen = new Set<string>();
  for (const [i, { name }] of context.spec.covariates.entries()) {
    if (seen.has(name)) {
      const message = `The covariate ${quote(name)} is listed twice; remove one, or give it a "name" of its own.`;
      yield problemOf('HM202', 'error', message, covariateRange(context, i), [
        { title: `Remove the second ${quote(name)}`, edits: removeCovariate(context, i), preferred: true },
      ]);
    }
    seen.add(name);
  }
};
