import { nodeAt, rangeInString } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import { declarationsOf, tokensOf } from '../spec/products.ts';
import { covariatePath, listing, problemOf, type SpecRule } from './rule.ts';

/** HM221: a factor of a product is a column that several covariates declare, none of them by that name. */
export const ambiguousFactor: SpecRule = function* (context) {
  const { spec, tree, text } = context;
  const told = new Set<string>();
  for (const [p, c] of spec.covariates.entries()) {
    if (c.parts.length === 1) continue;
    const item = covariatePath(context, p);
    const node = nodeAt(tree, item)?.type === 'object' ? nodeAt(tree, [...item, 'column']) : nodeAt(tree, item);
    for (const part of c.parts) {
      const meant = declarationsOf(spec.covariates, part);
      const token = tokensOf(c.written).find((t) => t.text === part);
      const key = `${c.item} ${part}`;
      if (meant.length < 2 || node === undefined || token === undefined || told.has(key)) continue;
      told.add(key);
      const range = rangeInString(text, node, token.from, token.from + part.length);
      const names = meant.map((m) => m.name);
      const message = `${quote(part)} in ${quote(c.written)} may be ${listing(names.map(quote)).replace(/ and ([^,]*)$/, ' or $1')}; name the covariate that is meant.`;
      const fixes = names.map((name) => ({
        title: `Change to ${quote(name)}`,
        edits: [{ ...range, text: JSON.stringify(name).slice(1, -1) }],
      }));
      yield problemOf('HM221', 'error', message, range, fixes);
    }
  }
};
