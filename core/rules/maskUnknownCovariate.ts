import { membersOf, nodeAt, rangeOf } from '../spec/json.ts';
import { didYouMean, nearest, quote } from '../spec/nearest.ts';
import type { Fix } from '../spec/problem.ts';
import { problemOf, removeAt, type SpecRule } from './rule.ts';

/** HM405: a mask row that names a covariate the spec does not have. */
export const maskUnknownCovariate: SpecRule = function* (context) {
  const { spec, tree } = context;
  if (spec.mask === 'auto' || context.unread.has('covariates')) return;
  const names = spec.covariates.map((c) => c.name);
  for (const group of spec.mask.keys()) {
    const members = membersOf(nodeAt(tree, ['mask', group]));
    const present = new Set(members.map((m) => m.key));
    for (const member of members) {
      if (names.includes(member.key)) continue;
      const guess = nearest(
        member.key,
        names.filter((n) => !present.has(n)),
      );
      const fixes: Fix[] = [{ title: `Remove ${quote(member.key)}`, edits: removeAt(context, ['mask', group, member.key]) }];
      if (guess !== null) {
        fixes.unshift({
          title: `Change to ${quote(guess)}`,
          edits: [{ ...rangeOf(member.keyNode), text: JSON.stringify(guess) }],
          preferred: true,
        });
      }
      const message = `${quote(member.key)} in the mask of ${quote(group)} is not a covariate of the spec; correct or remove it.${didYouMean(guess)}`;
      yield problemOf('HM405', 'error', message, rangeOf(member.keyNode), fixes);
    }
  }
};
