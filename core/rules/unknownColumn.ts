import { keysAdvice } from '../data/readable.ts';
import { nodeAt } from '../spec/json.ts';
import { didYouMean, nearest, quote } from '../spec/nearest.ts';
import type { Fix, Problem } from '../spec/problem.ts';
import { type ColumnUse, columnUses } from './columnRoles.ts';
import { keysFix } from './dataKeys.ts';
import { type Translation, translateCovariate, translateGroup, translateResponse } from './formula.ts';
import { covariatePath, type DataContext, type DataRule, listing, problemOf, removeAt, removeCovariate, replaceAt } from './rule.ts';

/** HM201: a column that the data lack. */
export const unknownColumn: DataRule = function* (context) {
  const names = [...context.columns.keys()];
  const uses = columnUses(context);
  const used = new Set(uses.map((u) => u.column));
  const free = names.filter((n) => !used.has(n));
  const { data } = context.spec;
  if (names.length === 1 && data.kind === 'file' && data.delimiter !== null && uses.every((u) => !context.columns.has(u.column))) {
    const message = `With the delimiter ${quote(data.delimiter)} the data have the one column ${quote(names[0])}; name the character that parts the cells, or leave "delimiter" out.`;
    const fix = { title: 'Remove "delimiter"', edits: removeAt(context, ['data', 'delimiter']) };
    yield problemOf('HM201', 'error', message, context.locate(['data', 'delimiter']), [fix]);
    return;
  }
  const { form } = context.profile;
  const lacking = uses.find((use) => !context.columns.has(use.column));
  if (form !== undefined && lacking !== undefined && uses.every((u) => context.columns.has(u.column) || form.names.includes(u.column))) {
    const message = `The data have no column ${quote(lacking.column)} as they are read; their header seems to stand elsewhere: ${keysAdvice(form.keys)}.`;
    yield problemOf('HM201', 'error', message, lacking.range, [keysFix(context, form.keys, true)]);
    return;
  }
  for (const use of uses) {
    if (context.columns.has(use.column)) continue;
    const formula = formulaProblem(context, use);
    if (formula !== null) {
      yield formula;
      continue;
    }
    const guess = nearest(use.column, free) ?? nearest(use.column, names);
    const fixes: Fix[] = [];
    if (guess !== null) {
      const text = JSON.stringify(guess).slice(1, -1);
      fixes.push({
        title: `Change to ${quote(guess)}`,
        edits: [{ ...use.range, text }, ...renamedCovariate(context, use.covariate, guess)],
        preferred: true,
      });
    }
    if (use.role === 'covariate')
      fixes.push({ title: `Remove the covariate ${quote(use.column)}`, edits: removeCovariate(context, use.covariate) });
    const hint = guess === null ? ` It has ${listing(names.slice(0, 20).map(quote), 6)}.` : didYouMean(guess);
    yield problemOf('HM201', 'error', `The data have no column ${quote(use.column)}.${hint}`, use.range, fixes);
  }
};

/** A word of a formula, translated; `null` when it is none. */
function formulaProblem(context: DataContext, use: ColumnUse): Problem | null {
  const has = (column: string) => context.columns.has(column);
  const translate = { covariate: translateCovariate, response: translateResponse, group: translateGroup }[use.role as string];
  const found = translate?.(use.column, has) ?? null;
  if (found === null) return null;
  const covariate = context.spec.covariates[use.covariate];
  const product = covariate !== undefined && covariate.columns.length > 1;
  const message = `The data have no column ${quote(use.column)}: ${found.says}${product ? ', give it a "name", and multiply that' : ''}.`;
  const fixes = covariate === undefined || product ? [] : formulaFixes(context, use, found);
  return problemOf('HM201', 'error', message, use.range, fixes);
}

function formulaFixes(context: DataContext, use: ColumnUse, { items }: Translation): readonly Fix[] {
  const remove = { title: `Remove the covariate ${quote(use.column)}`, edits: removeCovariate(context, use.covariate) };
  const { mask } = context.spec;
  const listed = mask !== 'auto' && [...mask.keys()].some((group) => nodeAt(context.tree, ['mask', group])?.type === 'array');
  const path = covariatePath(context, use.covariate);
  // A row of the mask has one entry a covariate.
  if (items === null || items.length === 0 || (items.length > 1 && listed) || nodeAt(context.tree, path)?.type !== 'string')
    return [remove];
  const text = items
    .map((item) => (typeof item === 'object' ? { ...item, name: (item as { name?: string }).name ?? use.column } : item))
    .map((item) =>
      JSON.stringify(item)
        .replace(/":/g, '": ')
        .replace(/,"/g, ', "')
        .replace(/^\{(.*)\}$/, '{ $1 }'),
    )
    .join(', ');
  return [{ ...replaceAt(context, path, text, `Change to ${text}`), preferred: true }, remove];
}

/** A covariate is named after its column, so mask rows and predictions that call it by name follow. */
function renamedCovariate(context: Parameters<DataRule>[0], covariate: number, name: string): Fix['edits'] {
  const item = context.spec.covariates[covariate];
  if (item === undefined || item.columns.length > 1 || item.name !== item.columns[0]) return [];
  const edits: Fix['edits'][number][] = [];
  const rename = (path: (string | number)[]) => {
    const range = context.locate(path, 'key');
    if (context.text.slice(range.start, range.end) === JSON.stringify(item.name)) edits.push({ ...range, text: JSON.stringify(name) });
  };
  for (const group of context.spec.mask === 'auto' ? [] : context.spec.mask.keys()) rename(['mask', group, item.name]);
  for (let i = 0; i < context.spec.predictions.length; i++) rename(['predictions', i, 'at', item.name]);
  return edits;
}
