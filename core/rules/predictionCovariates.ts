import { membersOf, nodeAt, rangeOf } from '../spec/json.ts';
import { didYouMean, nearest, quote } from '../spec/nearest.ts';
import type { Fix, TextEdit } from '../spec/problem.ts';
import { activeIn, predictionInputs } from './predictionInputs.ts';
import { addMember, type DataContext, type DataRule, listing, problemOf, removeAt, short } from './rule.ts';

/**
 * HM802: a prediction lacks a covariate that its group has. HM803: it gives one that is masked there, which is ignored.
 * HM804: a value far outside the data. HM805: a name that is no covariate.
 */
export const predictionCovariates: DataRule = function* (context) {
  if (!context.groupsKnown) return;
  const { spec, tree } = context;
  const { required, optional } = predictionInputs(context);
  const keys = new Map(required.map((r) => [r.key, r]));
  for (const [i, { group, at }] of spec.predictions.entries()) {
    if (nodeAt(tree, ['predictions', i]) === undefined || group === '') continue;
    const lacking = required.filter((r) => !at.has(r.key) && r.covariates.some((p) => activeIn(context, group, p)));
    const missing = lacking.filter((r) => nodeAt(tree, ['predictions', i, 'at', r.key]) === undefined);
    const products = spec.covariates.flatMap((c, p) =>
      c.columns.length === 2 &&
      activeIn(context, group, p) &&
      !at.has(c.name) &&
      !c.columns.every((f) => at.has(f) || optionalFactor(context, f))
        ? [c.name]
        : [],
    );
    if (missing.length > 0 || products.length > 0) {
      const names = [...missing.map((r) => r.key), ...products];
      const message = `The prediction for ${quote(group)} lacks ${listing(names.map(quote))}; add ${names.length === 1 ? 'its value' : 'their values'} to "at".`;
      const edits = addValues(
        context,
        i,
        missing.map((r) => [r.key, meanOf(context, group, r.column!)]),
      );
      const fixes: Fix[] =
        products.length === 0 && edits.length > 0
          ? [{ title: `Add ${listing(names.map(quote))} at the group's mean`, edits, preferred: true }]
          : [];
      const path = nodeAt(tree, ['predictions', i, 'at']) === undefined ? ['predictions', i] : ['predictions', i, 'at'];
      yield problemOf('HM802', 'error', message, keyOrStart(context, path), fixes);
    }
    for (const member of membersOf(nodeAt(tree, ['predictions', i, 'at']))) {
      const input = keys.get(member.key);
      const range = rangeOf(member.keyNode);
      const remove: Fix = { title: `Remove ${quote(member.key)}`, edits: removeAt(context, ['predictions', i, 'at', member.key]) };
      if (input === undefined) {
        if (optional.has(member.key)) continue;
        const guess = nearest(
          member.key,
          [...keys.keys(), ...optional].filter((k) => !at.has(k)),
        );
        const fixes =
          guess === null
            ? [remove]
            : [{ title: `Change to ${quote(guess)}`, edits: [{ ...range, text: JSON.stringify(guess) }], preferred: true }, remove];
        yield problemOf(
          'HM805',
          'error',
          `${quote(member.key)} is not a covariate of the spec; correct or remove it.${didYouMean(guess)}`,
          range,
          fixes,
        );
      } else if (context.groups.includes(group) && !input.covariates.some((p) => activeIn(context, group, p))) {
        yield problemOf('HM803', 'hint', `${quote(member.key)} is masked for the group ${quote(group)}, so its value is ignored.`, range, [
          remove,
        ]);
      } else yield* outside(context, i, group, member.key, input.column!, at.get(member.key));
    }
  }
};

/** Values this share of the data's range beyond its ends are still near the data. */
const MARGIN = 0.1;

function* outside(context: DataContext, i: number, group: string, key: string, columnName: string, value: number | undefined) {
  const column = context.columns.get(columnName);
  const seen = column === undefined ? undefined : (context.groupProfiles.get(group)?.columns[column.index] ?? column);
  if (value === undefined || seen === undefined || seen.count < 2) return;
  const slack = MARGIN * (seen.max - seen.min);
  if (value >= seen.min - slack && value <= seen.max + slack) return;
  const path = ['predictions', i, 'at', key];
  const end = value < seen.min ? seen.min : seen.max;
  const message = `${quote(key)} is ${short(value)}, outside the data of the group ${quote(group)} (${short(seen.min)} to ${short(seen.max)}), so the prediction extrapolates.`;
  yield problemOf('HM804', 'warning', message, context.locate(path), [
    { title: `Change to ${short(end)}`, edits: [{ ...context.locate(path), text: short(end) }] },
  ]);
}

/** A factor that need not be given: an indicator of a text column is 0 when left out. */
const optionalFactor = (context: DataContext, column: string): boolean => context.columns.get(column)?.kind === 'text';

function meanOf(context: DataContext, group: string, columnName: string): string {
  const column = context.columns.get(columnName)!;
  const mean = context.groupProfiles.get(group)?.columns[column.index].mean ?? column.mean;
  return Number.isFinite(mean) ? short(mean) : '0';
}

function addValues(context: DataContext, i: number, values: readonly (readonly [string, string])[]): readonly TextEdit[] {
  if (values.length === 0) return [];
  const at = nodeAt(context.tree, ['predictions', i, 'at']);
  if (at === undefined)
    return addMember(context, ['predictions', i], 'at', `{ ${values.map(([k, v]) => `${JSON.stringify(k)}: ${v}`).join(', ')} }`);
  if ((at.children ?? []).length === 0) {
    if (at.type !== 'object') return [];
    const text = `{ ${values.map(([k, v]) => `${JSON.stringify(k)}: ${v}`).join(', ')} }`;
    return [{ start: at.offset, end: at.offset + at.length, text }];
  }
  const edits = values.map(([k, v]) => addMember(context, ['predictions', i, 'at'], k, v)[0]).filter((e) => e !== undefined);
  return edits.length === 0 ? [] : [{ ...edits[0], text: edits.map((e) => e.text).join('') }];
}

function keyOrStart(context: DataContext, path: readonly (string | number)[]) {
  if (typeof path.at(-1) === 'string') return context.locate(path, 'key');
  const { start } = context.locate(path);
  return { start, end: start + 1 };
}
