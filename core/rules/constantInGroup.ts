import type { SlopeFacts } from '../data/derivedFacts.ts';
import type { Slope } from '../design/slopes.ts';
import { quote } from '../spec/nearest.ts';
import type { Fix, Problem } from '../spec/problem.ts';
import { setOfCovariate } from './covariateEdits.ts';
import {
  covariateRange,
  type DataContext,
  type DataRule,
  maskCell,
  plural,
  problemOf,
  removeCovariate,
  setMaskCell,
  short,
} from './rule.ts';
import { slopeView } from './slopeFacts.ts';

const WHY = 'so only its prior tells it from the intercept';

/** A group in which covariates of the model are looked at: the facts of those of one item, each. */
interface Seen {
  readonly group: string;
  readonly facts: readonly SlopeFacts[];
}

const isConstant = ({ min, max }: SlopeFacts): boolean => min === max;

/** HM501: a covariate that does not change within a group cannot be told from the group's intercept: a column, an indicator, a product. */
export const constantInGroup: DataRule = function* (context) {
  const { spec } = context;
  if (spec.intercept === null) return;
  const k = spec.covariates.length;
  const view = slopeView(context);
  for (const [p, covariate] of spec.covariates.entries()) {
    const pooling = covariate.pooling ?? spec.pooling;
    const remove = (): Fix => ({ title: `Remove the covariate ${quote(covariate.name)}`, edits: removeCovariate(context, p) });
    if (covariate.columns.length === 1 && covariate.columns[0] === spec.group && pooling === 'none') {
      const message = `The covariate ${quote(covariate.name)} is the group column, which does not change within a group, ${WHY}; remove it.`;
      yield problemOf('HM501', 'warning', message, covariateRange(context, p), [remove()]);
      continue;
    }
    const of = view.ofCovariate[p];
    const slopes = of.map((s) => view.slopes[s]);
    const seen = context.groups.flatMap((group, g): Seen[] => {
      const facts = context.mask[g * k + p] === 1 ? of.map((s) => view.facts(s, group)) : [];
      return facts.length > 0 && facts.every((f) => f !== null && f.count >= 2) ? [{ group, facts: facts as SlopeFacts[] }] : [];
    });
    if (seen.length === 0) continue;
    const never = slopes.map((_, s) => seen.every(({ facts }) => isConstant(facts[s])));
    const single = slopes.map((_, s) => never[s] && seen.every(({ facts }) => facts[s].min === seen[0].facts[s].min));
    const told = slopes.map((_, s) => (pooling === 'none' ? never[s] : single[s]));
    if (told.every(Boolean)) {
      const value = single.every(Boolean) ? ` (${valueText(slopes, seen[0].facts)} in every row)` : '';
      const message = `The covariate ${quote(covariate.name)} does not change within any group${value}, ${WHY}; remove it, or pool it.`;
      yield problemOf('HM501', 'warning', message, covariateRange(context, p), [remove()]);
      continue;
    }
    for (const [s, slope] of slopes.entries()) {
      if (!told[s]) continue;
      const message = `${quote(slope.name)} does not change within any group${single[s] ? ` (${short(seen[0].facts[s].min)} in every row)` : ''}, ${WHY}; pool ${quote(covariate.name)}, or remove it.`;
      yield problemOf('HM501', 'warning', message, covariateRange(context, p), [...(single[s] ? [] : [pool(context, p)]), remove()]);
    }
    if (pooling !== 'none') continue;
    for (const found of seen) yield* inGroup(context, p, slopes, found, told);
  }
};

/** What is constant in one group: the whole covariate, which may be masked there, or some of its indicators. */
function* inGroup(
  context: DataContext,
  p: number,
  slopes: readonly Slope[],
  { group, facts }: Seen,
  told: readonly boolean[],
): Iterable<Problem> {
  const { name } = context.spec.covariates[p];
  const rows = `in all ${plural(facts[0].count, 'row')} of the group ${quote(group)}`;
  if (facts.every(isConstant)) {
    const edits = setMaskCell(context, group, p, 0);
    const message = `${quote(name)} is ${valueText(slopes, facts)} ${rows}, ${WHY}; mask it there.`;
    const fixes = edits.length > 0 ? [{ title: `Mask ${quote(name)} for ${quote(group)}`, edits }] : [];
    yield problemOf('HM501', 'warning', message, maskCell(context, group, p), fixes);
    return;
  }
  for (const [s, slope] of slopes.entries()) {
    if (!isConstant(facts[s]) || told[s]) continue;
    const message = `${quote(slope.name)} is ${short(facts[s].min)} ${rows}, ${WHY}; pool ${quote(name)}, or leave it out.`;
    yield problemOf('HM501', 'warning', message, maskCell(context, group, p), [pool(context, p)]);
  }
}

const pool = (context: DataContext, p: number): Fix => ({
  title: `One coefficient of ${quote(context.spec.covariates[p].name)} for all groups`,
  edits: setOfCovariate(context, p, 'pooling', '"complete"'),
});

/** The one value of a covariate: a number, or the level whose indicator is 1. */
function valueText(slopes: readonly Slope[], facts: readonly SlopeFacts[]): string {
  const [{ factors }] = slopes;
  if (factors.length > 1 || factors[0].levels === null) return facts.length === 1 ? short(facts[0].min) : 'the same';
  const at = facts.findIndex((f) => f.min === 1);
  return quote(at < 0 ? factors[0].levels[0] : (slopes[at].factors[0].level ?? ''));
}
