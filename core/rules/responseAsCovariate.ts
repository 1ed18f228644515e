import { quote } from '../spec/nearest.ts';
import { columnUses } from './columnRoles.ts';
import { problemOf, removeAt, removeCovariate, type SpecRule } from './rule.ts';

/** HM203: the response explains itself: an error as a covariate, a warning as what its rows are grouped, weighted or counted by. */
export const responseAsCovariate: SpecRule = function* (context) {
  const { response } = context.spec;
  for (const use of columnUses(context)) {
    if (use.role === 'response' || use.column !== response.column) continue;
    if (use.role === 'covariate') {
      const message = `The response ${quote(response.column)} is also a covariate, so that it explains itself; remove it from the covariates.`;
      const title = `Remove the covariate ${quote(context.spec.covariates[use.covariate].name)}`;
      yield problemOf('HM203', 'error', message, use.range, [{ title, edits: removeCovariate(context, use.covariate) }]);
    } else {
      const message = `The response ${quote(response.column)} is also its own ${quote(use.role)}, so that it explains itself; choose another column, or remove ${quote(use.role)}.`;
      const fixes = use.role === 'group' ? [] : [{ title: `Remove ${quote(use.role)}`, edits: removeAt(context, use.path) }];
      yield problemOf('HM203', 'warning', message, use.range, fixes);
    }
  }
};
