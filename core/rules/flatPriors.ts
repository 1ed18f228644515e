import { isFixed } from '../design/priors.ts';
import { familyOf } from '../families/index.ts';
import { nodeAt, type Path } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { Problem } from '../spec/problem.ts';
import type { PriorChoice } from '../spec/types.ts';
import { covariatePath, type DataContext, type DataRule, problemOf, replaceAt, type SpecContext } from './rule.ts';

const isFlat = (prior: PriorChoice): boolean => prior !== 'auto' && !isFixed(prior) && prior.dist === 'flat';

/** An sd of this many groups or more has a posterior under a flat prior that is not cut off (Gelman 2006). */
const FEWEST_GROUPS = 3;

/**
 * HM504: flat priors under which no posterior exists, as far as a profile of the data tells: of a family's own parameters, towards whose infinity the
 * likelihood does not fall; of the sd of few groups; of a scale with hardly more rows than flat coefficients. improperPosterior.ts looks at the rows.
 */
export const flatPriors: DataRule = function* (context) {
  const { spec, tree } = context;
  if (!context.groupsKnown) return;
  for (const { key, limit } of familyOf(spec.family).own) {
    if (!isFlat(spec.priors[key])) continue;
    const why = `the family tends to ${limit} as ${quote(key)} grows, and no data can tell large values apart`;
    yield improper(context, ['priors', key], `A flat prior of ${quote(key)} leaves no posterior: ${why}`);
  }
  yield* sds(context);
  const scale = spec.priors.scale;
  const hasScale = familyOf(spec.family).measured && spec.response.se === null;
  if (hasScale && isFlat(scale.prior)) {
    const path: Path = nodeAt(tree, ['priors', 'scale'])?.type === 'object' ? ['priors', 'scale', 'prior'] : ['priors', 'scale'];
    const short = scale.by === 'group' ? context.groups.find((g) => tooFewRows(context, [g])) : undefined;
    const of = short === undefined ? '' : ` of the group ${quote(short)}`;
    if (short !== undefined || (scale.by === 'all' && tooFewRows(context, context.groups)))
      yield improper(
        context,
        path,
        `A flat prior of the scale${of} leaves no posterior with fewer than two rows more than coefficients under flat priors`,
      );
  }
};

function* sds(context: DataContext): Iterable<Problem> {
  const { spec, groups } = context;
  const k = spec.covariates.length;
  const rowsOf = (g: number) => context.groupProfiles.get(groups[g])?.rows ?? 0;
  const terms = [
    ...(spec.intercept === null ? [] : [{ p: -1, term: spec.intercept, sd: 'intercept_sd' as const, name: 'the intercepts' }]),
    ...spec.covariates.map((term, p) => ({ p, term, sd: 'weights_sd' as const, name: `the weights of ${quote(term.name)}` })),
  ];
  for (const { p, term, sd, name } of terms) {
    if ((term.pooling ?? spec.pooling) !== 'partial' || !isFlat(term.sd ?? spec.priors[sd])) continue;
    const count = groups.filter((_, g) => rowsOf(g) > 0 && (p < 0 || context.mask[g * k + p] === 1)).length;
    if (count >= FEWEST_GROUPS) continue;
    const path: Path = term.sd === null ? ['priors', sd] : p < 0 ? ['intercept', 'sd'] : covariatePath(context, p, 'sd');
    yield improper(
      context,
      path,
      `A flat prior of the sd of ${name} needs at least ${FEWEST_GROUPS} groups with rows, but there are ${count}`,
    );
  }
}

function tooFewRows(context: DataContext, groups: readonly string[]): boolean {
  const { spec } = context;
  const k = spec.covariates.length;
  const flat = new Set<string>();
  let rows = 0;
  const count = (own: boolean, key: string, group: string) => flat.add(own ? `${key} ${group}` : key);
  for (const group of groups) {
    rows += context.groupProfiles.get(group)?.rows ?? 0;
    const own = (pooling: string | null) => (pooling ?? spec.pooling) === 'none';
    if (spec.intercept !== null && isFlat(spec.intercept.prior ?? spec.priors.intercept))
      count(own(spec.intercept.pooling), 'alpha', group);
    const g = context.groupIndex.get(group)!;
    for (const [p, c] of spec.covariates.entries())
      if (context.mask[g * k + p] === 1 && isFlat(c.prior ?? spec.priors.weights)) count(own(c.pooling), String(p), group);
  }
  return rows < flat.size + 2;
}

/** An HM504 at a prior, with the fixes that make it proper. */
export function improper(context: SpecContext, path: Path, why: string): Problem {
  const proper = nodeAt(context.tree, path) === undefined ? [] : [replaceAt(context, path, '"auto"', 'Change to "auto"')];
  return problemOf('HM504', 'error', `${why}; give a proper prior, such as "auto".`, context.locate(path), proper);
}
