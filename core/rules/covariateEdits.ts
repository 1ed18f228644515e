import { nodeAt } from '../spec/json.ts';
import type { TextEdit } from '../spec/problem.ts';
import { covariatePath, type SpecContext } from './rule.ts';

/** Sets a key of a covariate's item of the list, which becomes an object where it is a name alone. */
export function setOfCovariate(context: SpecContext, covariate: number, key: string, value: string): readonly TextEdit[] {
  const path = covariatePath(context, covariate);
  const node = nodeAt(context.tree, path);
  if (node?.type !== 'object') {
    const { written } = context.spec.covariates[covariate];
    return [{ ...context.locate(path), text: `{ "column": ${JSON.stringify(written)}, "${key}": ${value} }` }];
  }
  if (nodeAt(node, [key]) !== undefined) return [{ ...context.locate([...path, key]), text: value }];
  const column = nodeAt(node, ['column']);
  const end = column === undefined ? node.offset + 1 : column.offset + column.length;
  return [{ start: end, end, text: column === undefined ? `"${key}": ${value}, ` : `, "${key}": ${value}` }];
}
