import { nodeAt } from '../spec/json.ts';
import { type DataRule, problemOf, setKey } from './rule.ts';

/** From so many groups on their spread can be told, and partial pooling is what is usually meant. */
const FROM = 5;

/** HM305: many groups, each fitted on its own rows alone because the spec says nothing of pooling. */
export const poolGroups: DataRule = function* (context) {
  const { spec, tree, groups, groupsKnown } = context;
  if (spec.group === null || !groupsKnown || groups.length < FROM || nodeAt(tree, ['pooling']) !== undefined) return;
  const terms = [...(spec.intercept === null ? [] : [spec.intercept]), ...spec.covariates];
  if (terms.length === 0 || terms.some((t) => t.pooling !== null)) return;
  const message = `Each of the ${groups.length} groups is fitted on its own rows alone; with "pooling": "partial" they learn from each other ("none" says that this is meant).`;
  yield problemOf('HM305', 'hint', message, context.locate(['group']), [
    { title: 'Pool the groups partially', edits: setKey(context, 'pooling', '"partial"'), preferred: true },
    { title: 'Keep them apart', edits: setKey(context, 'pooling', '"none"') },
  ]);
};
