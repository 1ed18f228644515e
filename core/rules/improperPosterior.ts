import type { Design, ModelData } from '../design/design.ts';
import { type Escape, escapeOf } from '../model/propriety.ts';
import { nodeAt, type Path } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { Problem } from '../spec/problem.ts';
import { improper } from './flatPriors.ts';
import { covariatePath, listing, type SpecContext } from './rule.ts';

/** What a rule on the rows sees: the model that a spec without other errors stands for. */
export interface RowContext extends SpecContext {
  readonly design: Design;
  readonly data: ModelData;
}

/** HM504: coefficients under flat priors that the data do not hold, since columns depend on each other or the response is separated. */
export function* improperPosterior(context: RowContext): Iterable<Problem> {
  const { design, data } = context;
  if (!data.complete) return;
  const found = escapeOf(design, data.rows);
  if (found === null) return;
  const first = found.coefficients.find((c) => design.terms[c.term].kind === 'slope') ?? found.coefficients[0];
  yield improper(context, priorPath(context, first.term), messageOf(design, found));
}

function messageOf(design: Design, { kind, coefficients }: Escape): string {
  const name = (term: number): string => (design.terms[term].kind === 'intercept' ? 'the intercept' : quote(design.terms[term].name));
  const names = [...new Set(coefficients.map((c) => name(c.term)))];
  const groups = [...new Set(coefficients.map((c) => c.group))].filter((g) => g >= 0);
  const where = groups.length === 1 && design.groupColumn !== null ? ` in the group ${quote(design.groups[groups[0]])}` : '';
  if (kind === 'separated')
    return `The response ${quote(design.response.column)} is separated${where} by ${listing(names)}: under flat priors the coefficients run off and no posterior exists`;
  if (coefficients.length === 1)
    return `No row tells the coefficient of ${names[0]}${where}, so that under its flat prior no posterior exists`;
  return `Under flat priors no posterior exists: the data cannot tell the coefficients of ${listing(names)} apart${where}`;
}

/** Where the flat prior of a term is written. */
function priorPath(context: RowContext, term: number): Path {
  const { covariate } = context.design.terms[term];
  const own: Path = covariate < 0 ? ['intercept', 'prior'] : covariatePath(context, covariate, 'prior');
  return nodeAt(context.tree, own) === undefined ? ['priors', covariate < 0 ? 'intercept' : 'weights'] : own;
}
