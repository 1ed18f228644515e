/** The model as formulas, in plain text that says which columns and priors stand for what. */
import { familyOf } from '../families/index.ts';
import type { Prior, Transform } from '../spec/types.ts';
import type { Design, Term } from './design.ts';
import { formatPrior, isFixed } from './priors.ts';

/** A distribution as statisticians write its name: `half_normal(5)` is `HalfNormal(5)`. */
export function distributionText(prior: Prior): string {
  const text = formatPrior(prior);
  if (isFixed(prior)) return text;
  return text.replace(/^[a-z_]+/, (name) => name.replace(/(?:^|_)([a-z])/g, (_, first: string) => first.toUpperCase()));
}

/** `a ~ Normal(0, 1)`, or `a = 1` for one that is fixed. */
export const statement = (name: string, prior: Prior): string => `${name} ${isFixed(prior) ? '=' : '~'} ${distributionText(prior)}`;

const transformed = (name: string, transform: Transform): string => (transform === 'none' ? name : `${transform}(${name})`);

/** The name of a response with its transform, `log(y)`; of one of two texts the event that it counts, `cured = yes`. */
export const responseText = (design: Pick<Design, 'response'>): string => transformed(outcomeText(design), design.response.transform);

/** The name of what predictions are of, on the response's own scale. */
export function outcomeText({ response: { column, levels } }: Pick<Design, 'response'>): string {
  return levels?.length === 2 ? `${column} = ${levels[1][0]}` : column;
}

/** The name that a term's coefficients have in general: `alpha`, `w[p]`, with `g` where each group has its own. */
export function coefficientText(term: Term): string {
  const own = term.pooling !== 'complete';
  if (term.kind === 'intercept') return own ? 'alpha[g]' : 'alpha';
  return own ? `w[${term.name}, g]` : `w[${term.name}]`;
}

/** The distribution of a response in row i. */
export function likelihoodText(design: Design): string {
  const { se } = design.response;
  const scale = se !== null ? `${se}[i]` : design.scale?.by === 'group' ? 'scale[g(i)]' : 'scale';
  const trials = design.response.trials;
  return familyOf(design.family)
    .notation.distribution.replace('SCALE', scale)
    .replace('TRIALS', typeof trials === 'string' ? `${trials}[i]` : `${trials ?? 1}`);
}

function summand(term: Term, masked: boolean): string {
  const place = term.pooling === 'complete' ? '' : 'g(i)';
  if (term.kind === 'intercept') return place === '' ? 'alpha' : `alpha[${place}]`;
  const coefficient = place === '' ? `w[${term.name}]` : `w[${term.name}, ${place}]`;
  const column = columnText(term);
  return `${masked ? 'm[g(i)] · ' : ''}${coefficient} · ${column}[i]`;
}

/** The values that a coefficient multiplies; a product's factors where one is transformed. */
function columnText({ name, factors, transform }: Term): string {
  if (factors.length === 1) return transformed(name, factors[0].transform);
  const plain = factors.every((f) => f.transform === 'none');
  const product = factors.map((f) => (f.level === null ? transformed(f.name, f.transform) : `${f.name}[${f.level}]`)).join(':');
  return transformed(plain ? name : product, transform);
}

/** Whether the term is a structural zero in some group. */
export function hasMask(design: Design, term: number): boolean {
  return design.groups.some((_, g) => design.mask[g * design.terms.length + term] === 0);
}

/**
 * The whole model, a statement an entry (a long sum has line ends in it): priors of every term, the linear predictor, the response.
 * `m` is the mask: 1 where a coefficient exists, and 0, a structural zero, where it does not.
 */
export function formulasOf(design: Design): string[] {
  const lines: string[] = [];
  for (const term of design.terms) {
    const name = coefficientText(term);
    if (term.pooling === 'partial') {
      const hyper = term.kind === 'intercept' ? 'alpha' : `w[${term.name}]`;
      lines.push(statement(`mu_${hyper}`, term.prior));
      if (term.sd) lines.push(statement(`tau_${hyper}`, term.sd));
      lines.push(`${name} ~ Normal(mu_${hyper}, tau_${hyper})`);
    } else lines.push(statement(name, term.prior));
  }
  if (design.scale) lines.push(statement(design.scale.by === 'group' ? 'scale[g]' : 'scale', design.scale.prior));
  for (const { key, prior } of design.own) lines.push(statement(key, prior));
  const sum = design.terms.map((term, t) => summand(term, hasMask(design, t)));
  if (design.response.exposure !== null) sum.push(`log(${design.response.exposure}[i])`);
  const left = familyOf(design.family).notation.predictor;
  const plus = sum.length > 2 ? `\n${' '.repeat(left.length + 1)}+ ` : ' + ';
  lines.push(`${left} = ${sum.length > 0 ? sum.join(plus) : '0'}`);
  const name = responseText(design);
  lines.push(`${design.response.levels === null ? name : `(${name})`}[i] ~ ${likelihoodText(design)}`);
  return lines;
}
