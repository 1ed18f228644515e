import { quote } from '../spec/nearest.ts';
import type { Fix } from '../spec/problem.ts';
import { setOfCovariate } from './covariateEdits.ts';
import { covariateRange, type DataContext, type DataRule, isNumeric, problemOf, short } from './rule.ts';

/** How many sds a covariate lies away from 0 before the groups' intercepts are far from anything that was seen. */
const FAR = 10;

/**
 * HM505: where the groups' intercepts and slopes are pooled, each about its mean, the intercepts are those at x = 0. Far from the data their spread
 * is mostly that of the slopes.
 */
export const farFromZero: DataRule = function* (context) {
  const { spec, columns } = context;
  const pooled = (pooling: string | null) => (pooling ?? spec.pooling) === 'partial';
  if (spec.group === null || spec.intercept === null || !pooled(spec.intercept.pooling)) return;
  for (const [p, c] of spec.covariates.entries()) {
    if (!pooled(c.pooling) || c.transform !== 'none' || !isNumeric(context, p)) continue;
    const column = columns.get(c.columns[0])!;
    if (!(Math.abs(column.mean) > FAR * column.sd) || !(column.sd > 0)) continue;
    const message = `${quote(c.name)} is ${short(column.min)} to ${short(column.max)}, far from 0, where the pooled intercepts are; centre it to have the groups differ where the data are.`;
    yield problemOf('HM505', 'hint', message, covariateRange(context, p), [centred(context, p)]);
  }
};

const centred = (context: DataContext, covariate: number): Fix => ({
  title: `Centre ${quote(context.spec.covariates[covariate].name)}`,
  edits: setOfCovariate(context, covariate, 'transform', '"center"'),
});
