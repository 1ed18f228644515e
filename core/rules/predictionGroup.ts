import { nodeAt } from '../spec/json.ts';
import { didYouMean, nearest, quote } from '../spec/nearest.ts';
import type { Fix } from '../spec/problem.ts';
import { ALL } from '../spec/types.ts';
import { isPooled } from './predictionCovariates.ts';
import { type DataRule, problemOf, removeAt, replaceAt } from './rule.ts';

/** HM801: a prediction for a group that the data lack: an error unless every term is pooled, when it is drawn from the population. */
export const predictionGroup: DataRule = function* (context) {
  if (!context.groupsKnown) return;
  const { spec, groups } = context;
  const pooled = isPooled(spec);
  for (const [i, { group }] of spec.predictions.entries()) {
    if (context.groupIndex.has(group) || nodeAt(context.tree, ['predictions', i, 'group']) === undefined) continue;
    const guess = spec.group === null ? ALL : nearest(group, groups);
    const path = ['predictions', i, 'group'];
    const fixes: Fix[] = [{ title: 'Remove the prediction', edits: removeAt(context, ['predictions', i]) }];
    if (guess !== null) fixes.unshift({ ...replaceAt(context, path, JSON.stringify(guess), `Change to ${quote(guess)}`), preferred: true });
    if (pooled && spec.group !== null) {
      const message = `The data have no group ${quote(group)}, so this prediction is for a new group drawn from the population.${didYouMean(guess)}`;
      yield problemOf('HM801', 'info', message, context.locate(path), fixes);
    } else {
      const why =
        spec.group === null
          ? 'the spec has no "group", so its one group is "all"'
          : 'its coefficients are not pooled, so nothing is known of it; correct the name, or pool the groups';
      yield problemOf('HM801', 'error', `The data have no group ${quote(group)}: ${why}.${didYouMean(guess)}`, context.locate(path), fixes);
    }
  }
};
