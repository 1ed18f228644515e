import { type AtFault, type AtValue, readAt, type Vocabulary, vocabularyOf } from '../design/at.ts';
import { RESPONSE_PARTS, type ResponsePart } from '../families/family.ts';
import { additionAt, additionEdits } from '../spec/edits.ts';
import { membersOf, nodeAt, rangeOf } from '../spec/json.ts';
import { didYouMean, nearest, quote } from '../spec/nearest.ts';
import type { Fix, Problem, TextEdit } from '../spec/problem.ts';
import type { Spec } from '../spec/types.ts';
import { activeIn, neededValues, predictionInputs, slopesIn } from './predictionInputs.ts';
import { type DataContext, type DataRule, listing, problemOf, removeAt, replaceAt, short } from './rule.ts';

/**
 * HM802: a prediction lacks a covariate that its group has. HM803: it gives one that is masked there, which is ignored.
 * HM804: a value far outside the data. HM805: a name that is no covariate. HM806: a value that cannot be meant.
 */
export const predictionCovariates: DataRule = function* (context) {
  if (!context.groupsKnown || context.unread.has('covariates')) return;
  const { spec, tree } = context;
  const slopes = slopesIn(context);
  const { required, optional } = predictionInputs(context);
  const { keys } = vocabularyOf(slopes);
  const names = [...required.map((r) => r.key), ...optional];
  for (const [i, { group, at }] of spec.predictions.entries()) {
    const node = nodeAt(tree, ['predictions', i, 'at']);
    if (nodeAt(tree, ['predictions', i]) === undefined || group === '' || (node !== undefined && node.type !== 'object')) continue;
    // What a group that nobody knows needs is not known either.
    if (context.groupIndex.has(group) || isPooled(spec)) yield* lacking(context, i);
    const active = activeKeys(context, group);
    const faults = new Map(readAt(slopes, at).faults.map((f) => [f.key, f]));
    const seen = new Set<string>();
    for (const member of membersOf(node)) {
      const { key } = member;
      if (seen.has(key)) continue;
      seen.add(key);
      const range = rangeOf(member.keyNode);
      const remove = (): Fix => ({ title: `Remove ${quote(key)}`, edits: removeAt(context, ['predictions', i, 'at', key]) });
      const fault = faults.get(key);
      const part = RESPONSE_PARTS.find((p) => spec.response[p] === key);
      if (!keys.has(key) && part !== undefined) yield partOfResponse(context, i, key, part, remove());
      else if (!keys.has(key) && !optional.has(key)) {
        const guess = nearest(
          key,
          names.filter((k) => !at.has(k)),
        );
        const change: Fix = {
          title: `Change to ${quote(guess ?? '')}`,
          edits: [{ ...range, text: JSON.stringify(guess) }],
          preferred: true,
        };
        const message = `${quote(key)} is not a covariate of the spec; correct or remove it.${didYouMean(guess)}`;
        yield problemOf('HM805', 'error', message, range, guess === null ? [remove()] : [change, remove()]);
      } else if (context.groupIndex.has(group) && keys.has(key) && !active.has(key)) {
        const message = `${quote(key)} is masked for the group ${quote(group)}, so its value is ignored; remove it, or leave it.`;
        yield problemOf('HM803', 'hint', message, range, [remove()]);
      } else if (fault !== undefined) yield impossible(context, i, fault, remove());
      else {
        for (const meaning of active.get(key) ?? []) {
          const value = at.get(key);
          if (meaning.kind === 'number' && typeof value === 'number') yield* outside(context, i, group, key, meaning.column, value);
        }
      }
    }
  }
};

/** A prediction's exposure, trials or se stand beside its covariates, under their own names. */
function partOfResponse(context: DataContext, i: number, key: string, part: ResponsePart, remove: Fix): Problem {
  const value = nodeAt(context.tree, ['predictions', i, 'at', key]);
  const text = value === undefined ? '1' : context.text.slice(value.offset, value.offset + value.length);
  const message = `${quote(key)} is the response's ${quote(part)}, no covariate; give it beside "at", as ${quote(part)}: ${text}.`;
  const isThere = nodeAt(context.tree, ['predictions', i, part]) !== undefined;
  const move: Fix = {
    title: `Give ${quote(part)} beside "at"`,
    edits: [...remove.edits, ...additionAt(context, ['predictions', i], [[part, text]])],
    preferred: true,
  };
  return problemOf('HM805', 'error', message, context.locate(['predictions', i, 'at', key], 'key'), isThere ? [remove] : [move, remove]);
}

const activeOf = new WeakMap<DataContext, Map<string, Vocabulary['keys']>>();

/** The keys that a group's active covariates read: worked out once for all predictions of the group. */
function activeKeys(context: DataContext, group: string): Vocabulary['keys'] {
  const groups = activeOf.get(context) ?? new Map<string, Vocabulary['keys']>();
  activeOf.set(context, groups);
  const known = groups.get(group);
  if (known !== undefined) return known;
  const { keys } = vocabularyOf(slopesIn(context).filter((s) => activeIn(context, group, s.covariate)));
  groups.set(group, keys);
  return keys;
}

function impossible(context: DataContext, i: number, { key, message, better }: AtFault, remove: Fix): Problem {
  const path = ['predictions', i, 'at', key];
  const change = better === null ? [] : [{ ...replaceAt(context, path, better, `Change to ${better}`), preferred: true }];
  return problemOf('HM806', 'error', message, context.locate(path), [...change, remove]);
}

/** Whether every term is pooled, so that a group may be drawn from the population. */
export const isPooled = (spec: Spec): boolean =>
  [...(spec.intercept === null ? [] : [spec.intercept]), ...spec.covariates].every((t) => (t.pooling ?? spec.pooling) !== 'none');

function* lacking(context: DataContext, i: number): Iterable<Problem> {
  const { spec, tree } = context;
  const { group, at } = spec.predictions[i];
  // A value that could not be read is given all the same.
  const given = membersOf(nodeAt(tree, ['predictions', i, 'at'])).map((m): [string, AtValue] => [m.key, at.get(m.key) ?? Number.NaN]);
  const needed = neededValues(context, group, new Map(given));
  if (needed.length === 0) return;
  const names = listing(needed.map((n) => quote(n.key)));
  const products = [...new Set(needed.flatMap((n) => n.product ?? []))];
  const of = products.length === 0 ? '' : ` for ${listing(products.map(quote))}`;
  const message = `The prediction for ${quote(group)} lacks ${names}${of}; add ${needed.length === 1 ? 'its value' : 'their values'} to "at".`;
  const edits = addValues(
    context,
    i,
    needed.map((n) => [n.key, meanOf(context, group, n.column)]),
  );
  const whose = context.groupProfiles.has(group) ? "the group's mean" : 'the mean over all groups';
  const fixes = edits.length > 0 ? [{ title: `Add ${names} at ${whose}`, edits, preferred: true }] : [];
  const path = nodeAt(tree, ['predictions', i, 'at']) === undefined ? ['predictions', i] : ['predictions', i, 'at'];
  yield problemOf('HM802', 'error', message, keyOrStart(context, path), fixes);
}

/** Values this share of the data's range beyond its ends are still near the data. */
const MARGIN = 0.1;

function* outside(context: DataContext, i: number, group: string, key: string, columnName: string, value: number) {
  const column = context.columns.get(columnName);
  const seen = column === undefined ? undefined : (context.groupProfiles.get(group)?.columns[column.index] ?? column);
  if (seen === undefined || seen.count < 2) return;
  const slack = MARGIN * (seen.max - seen.min);
  if (value >= seen.min - slack && value <= seen.max + slack) return;
  const path = ['predictions', i, 'at', key];
  const end = value < seen.min ? seen.min : seen.max;
  const message = `${quote(key)} is ${short(value)}, outside the data of the group ${quote(group)} (${short(seen.min)} to ${short(seen.max)}), so the prediction extrapolates; check the value and its unit.`;
  yield problemOf('HM804', 'warning', message, context.locate(path), [
    { title: `Change to ${short(end)}`, edits: [{ ...context.locate(path), text: short(end) }] },
  ]);
}

function meanOf(context: DataContext, group: string, columnName: string): string {
  const column = context.columns.get(columnName)!;
  const mean = context.groupProfiles.get(group)?.columns[column.index].mean ?? column.mean;
  return Number.isFinite(mean) ? short(mean) : '0';
}

function addValues(context: DataContext, i: number, values: readonly (readonly [string, string])[]): readonly TextEdit[] {
  if (values.length === 0) return [];
  const at = nodeAt(context.tree, ['predictions', i, 'at']);
  if (at !== undefined) return additionEdits(at, values, context.text);
  const written = values.map(([k, v]) => `${JSON.stringify(k)}: ${v}`).join(', ');
  return additionAt(context, ['predictions', i], [['at', `{ ${written} }`]]);
}

function keyOrStart(context: DataContext, path: readonly (string | number)[]) {
  if (typeof path.at(-1) === 'string') return context.locate(path, 'key');
  const { start } = context.locate(path);
  return { start, end: start + 1 };
}
