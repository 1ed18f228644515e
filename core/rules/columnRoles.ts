import type { Path } from '../spec/json.ts';
import { nodeAt, rangeInString } from '../spec/json.ts';
import type { TextRange } from '../spec/problem.ts';
import { type Token, tokensOf } from '../spec/products.ts';
import type { CovariateSpec, Spec } from '../spec/types.ts';
import { covariatePath, type SpecContext } from './rule.ts';

/** One mention of a column by the spec. */
export interface ColumnUse {
  readonly column: string;
  readonly role: 'response' | 'trials' | 'exposure' | 'se' | 'weights' | 'group' | 'covariate';
  /** Index of the covariate, or −1. */
  readonly covariate: number;
  /** The string node's place. */
  readonly path: Path;
  /** The name itself, without its quotes. */
  readonly range: TextRange;
}

const usesOfSpec = new WeakMap<Spec, readonly ColumnUse[]>();

/** Every column a spec names, with the place of the name. */
export function columnUses(context: SpecContext): readonly ColumnUse[] {
  let uses = usesOfSpec.get(context.spec);
  if (uses === undefined) {
    uses = findUses(context);
    usesOfSpec.set(context.spec, uses);
  }
  return uses;
}

/** Where each factor of a product stands in its item; `null` for one that is a covariate's name, told of its column at that covariate. */
function factorTokens({ written, parts, columns }: CovariateSpec): readonly (Token | null)[] {
  const tokens = tokensOf(written);
  return parts.map((part, k) => (part === columns[k] ? (tokens.find((t) => t.text === part) ?? null) : null));
}

function findUses(context: SpecContext): readonly ColumnUse[] {
  const { spec, tree, text } = context;
  const uses: ColumnUse[] = [];
  const add = (role: ColumnUse['role'], column: string | null, path: Path, covariate = -1, from = 0) => {
    const node = nodeAt(tree, path);
    if (column === null || node?.type !== 'string') return;
    uses.push({ column, role, covariate, path, range: rangeInString(text, node, from, from + column.length) });
  };
  const inObject = nodeAt(tree, ['response'])?.type === 'object';
  add('response', spec.response.column, inObject ? ['response', 'column'] : ['response']);
  add('trials', typeof spec.response.trials === 'string' ? spec.response.trials : null, ['response', 'trials']);
  add('exposure', spec.response.exposure, ['response', 'exposure']);
  add('se', spec.response.se, ['response', 'se']);
  add('weights', spec.response.weights, ['response', 'weights']);
  add('group', spec.group, ['group']);
  for (const [i, c] of spec.covariates.entries()) {
    const item = covariatePath(context, i);
    const path = nodeAt(tree, item)?.type === 'object' ? [...item, 'column'] : item;
    if (c.written === c.parts[0]) add('covariate', c.columns[0], path, i);
    else for (const [k, token] of factorTokens(c).entries()) if (token !== null) add('covariate', c.columns[k], path, i, token.from);
  }
  return uses;
}
