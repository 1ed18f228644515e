import { quote } from '../spec/nearest.ts';
import { columnUses } from './columnRoles.ts';
import { problemOf, removeCovariate, type SpecRule } from './rule.ts';

/** HM203: the response explains itself. */
export const responseAsCovariate: SpecRule = function* (context) {
  const { response } = context.spec;
  for (const use of columnUses(context)) {
    if (use.role !== 'covariate' || use.column !== response.column) continue;
    const message = `The response ${quote(response.column)} is also a covariate, so that it explains itself; remove it from the covariates.`;
    yield problemOf('HM203', 'warning', message, use.range, [
      {
        title: `Remove the covariate ${quote(context.spec.covariates[use.covariate].name)}`,
        edits: removeCovariate(context, use.covariate),
      },
    ]);
  }
};
