import { didYouMean, nearest, quote } from '../spec/nearest.ts';
import type { Fix } from '../spec/problem.ts';
import { type DataRule, problemOf, removeAt } from './rule.ts';

/** HM401: a mask row for a group that the data lack. Legal: its parameters are drawn from their priors. */
export const maskUnknownGroup: DataRule = function* (context) {
  const { spec, groupProfiles } = context;
  if (spec.mask === 'auto' || !context.groupsKnown) return;
  const { mask } = spec;
  const unnamed = [...groupProfiles.keys()].filter((g) => !mask.has(g));
  for (const group of mask.keys()) {
    if (groupProfiles.has(group)) continue;
    const guess = spec.group === null ? (unnamed[0] ?? null) : nearest(group, unnamed);
    const range = context.locate(['mask', group], 'key');
    const fixes: Fix[] = [{ title: `Remove the row ${quote(group)}`, edits: removeAt(context, ['mask', group]) }];
    if (guess !== null)
      fixes.unshift({ title: `Change to ${quote(guess)}`, edits: [{ ...range, text: JSON.stringify(guess) }], preferred: true });
    const meaning =
      spec.group === null
        ? 'the spec has no "group", so its one group is "all"; correct or remove the row'
        : 'its parameters would come from their priors alone; correct or remove the row';
    yield problemOf('HM401', 'warning', `The data have no group ${quote(group)}: ${meaning}.${didYouMean(guess)}`, range, fixes);
  }
};
