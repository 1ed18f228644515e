import type { CovariateSpec, Spec } from '../spec/types.ts';
import { type DataContext, type DataRule, problemOf, type SpecRule } from './rule.ts';

/** The effort of a fit grows with the cube of the coefficients of a group; beyond this many it is hours. */
export const MOST_TERMS = 500;

/** Whether a spec has more covariates than a model may, whatever its data hold: they need not be read then. */
export const hasTooManyCovariates = ({ covariates }: Spec): boolean => covariates.length > MOST_TERMS;

/** HM506: more covariates than a model may have. */
export const tooManyCovariates: SpecRule = function* (context) {
  const { spec } = context;
  if (!hasTooManyCovariates(spec)) return;
  const message = `The spec has ${spec.covariates.length} covariates; a model may have ${MOST_TERMS}, so name those that matter.`;
  yield problemOf('HM506', 'error', message, context.locate(['covariates'], 'key'));
};

/** HM506: more coefficients than a model may have once text columns have become indicators. */
export const tooManyTerms: DataRule = function* (context) {
  const { spec } = context;
  const counts = spec.covariates.map((c) => termsOf(context, c));
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (total <= MOST_TERMS) return;
  const most = counts.indexOf(Math.max(...counts));
  const message = `The covariates make ${total} coefficients a group, ${counts[most]} of them from ${JSON.stringify(spec.covariates[most].name)}; a model may have ${MOST_TERMS}. Name the levels that matter in "levels", or make the column the group.`;
  yield problemOf('HM506', 'error', message, context.locate(['covariates', most]));
};

/** Coefficients that a covariate becomes: one, or one a level but the first, of each of its factors. */
function termsOf({ columns }: DataContext, { columns: factors, levels }: CovariateSpec): number {
  return factors.reduce((product, name) => {
    const column = columns.get(name);
    const count = levels?.length ?? (column?.kind === 'text' ? column.distinct : null);
    return count === null ? product : product * Math.max(0, count - 1);
  }, 1);
}
