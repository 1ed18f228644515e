import { automaticPriors } from '../design/autoPriors.ts';
import { formatPrior, locationAndSpread } from '../design/priors.ts';
import { familyOf } from '../families/index.ts';
import { nodeAt, type Path } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { Problem } from '../spec/problem.ts';
import type { Prior, PriorChoice } from '../spec/types.ts';
import { covariatePath, type DataContext, type DataRule, isNumeric, problemOf, replaceAt } from './rule.ts';

/** How many times narrower, or wider, than the automatic prior a prior may be without a word. */
const NARROW = 1e-3;
const WIDE = 1e6;
/** How many of its own and the automatic prior's widths a prior may lie away from the automatic one. */
const AWAY = 20;

/** HM606: a prior whose numbers are far from the scale of the data. */
export const priorScale: DataRule = function* (context) {
  const { spec, columns } = context;
  const response = columns.get(spec.response.column);
  if (response === undefined || response.kind !== 'number' || !(response.sd > 0)) return;
  const auto = automaticPriors(spec, context.profile);
  const check = (choice: PriorChoice | null, reference: Prior, path: Path, what: string) => {
    const node = nodeAt(context.tree, path);
    return choice === null || choice === 'auto' || node?.type !== 'string' ? null : compare(context, choice, reference, path, what);
  };
  const priors = spec.priors;
  const found: (Problem | null)[] = [];
  found.push(check(priors.intercept, auto.coefficient([]), ['priors', 'intercept'], 'the intercept'));
  found.push(check(priors.intercept_sd, auto.populationSd([]), ['priors', 'intercept_sd'], 'the sd of the intercepts'));
  if (spec.intercept !== null) found.push(check(spec.intercept.sd, auto.populationSd([]), ['intercept', 'sd'], 'the sd of the intercepts'));
  if (spec.intercept !== null) found.push(check(spec.intercept.prior, auto.coefficient([]), ['intercept', 'prior'], 'the intercept'));
  let shared: Problem | null = null;
  let sharedSd: Problem | null = null;
  for (const [p, c] of spec.covariates.entries()) {
    if (!isNumeric(context, p) || !(columns.get(c.columns[0])!.sd > 0)) continue;
    const factors = [{ column: c.columns[0], name: c.name, transform: c.transform, level: null, levels: null }];
    const [reference, sd] = [auto.coefficient(factors), auto.populationSd(factors)];
    const weights = `the sd of the weights of ${quote(c.name)}`;
    if (c.sd !== null) found.push(check(c.sd, sd, covariatePath(context, p, 'sd'), weights));
    else sharedSd ??= check(priors.weights_sd, sd, ['priors', 'weights_sd'], weights);
    if (c.prior !== null) found.push(check(c.prior, reference, covariatePath(context, p, 'prior'), `the weight of ${quote(c.name)}`));
    else shared ??= check(priors.weights, reference, ['priors', 'weights'], `the weight of ${quote(c.name)}`);
  }
  found.push(shared, sharedSd);
  if (familyOf(spec.family).measured) {
    const path: Path = nodeAt(context.tree, ['priors', 'scale'])?.type === 'object' ? ['priors', 'scale', 'prior'] : ['priors', 'scale'];
    found.push(check(priors.scale.prior, auto.scale(), path, 'the scale'));
  }
  for (const problem of found) if (problem !== null) yield problem;
};

function compare(context: DataContext, prior: Prior, reference: Prior, path: Path, what: string): Problem | null {
  if ('fixed' in prior || 'fixed' in reference || prior.dist === 'flat') return null;
  const has = locationAndSpread(prior);
  const typical = locationAndSpread(reference);
  // The data's own scale may be beyond a double, which another rule tells.
  if (!Number.isFinite(typical.spread) || !Number.isFinite(typical.location)) return null;
  const ratio = has.spread / typical.spread;
  const away = Math.abs(has.location - typical.location) / (has.spread + typical.spread);
  const how = ratio < NARROW ? 'far narrower than' : ratio > WIDE ? 'far wider than' : away > AWAY ? 'far away from' : null;
  if (how === null) return null;
  const better = formatPrior(reference);
  const written = String(nodeAt(context.tree, path)?.value);
  const message = `The prior ${written} of ${what} is ${how} what the data's scale suggests, ${better}; check its numbers.`;
  return problemOf('HM606', 'warning', message, context.locate(path), [
    replaceAt(context, path, '"auto"', 'Change to "auto"'),
    replaceAt(context, path, JSON.stringify(better), `Change to ${better}`),
  ]);
}
