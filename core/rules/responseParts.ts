import { RESPONSE_PARTS } from '../families/family.ts';
import { families, familyOf } from '../families/index.ts';
import { nodeAt } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import { problemOf, removeAt, type SpecRule, setKey } from './rule.ts';

/** HM211: parts of the response that its family lacks or has no use for. */
export const responseParts: SpecRule = function* (context) {
  const { spec, tree, unread, locate } = context;
  const { family, response } = spec;
  if (unread.has('family')) return;
  const { required, measured, texts } = familyOf(family);
  if (required === 'trials' && response.trials === null && nodeAt(tree, ['response', 'trials']) === undefined) {
    const message = `The family ${quote(family)} needs the number of trials; write the response as { "column": …, "trials": a column or a number }.`;
    const column = nodeAt(tree, ['response'])?.type === 'object' ? ['response', 'column'] : ['response'];
    yield problemOf('HM211', 'error', message, locate(column), [
      { title: 'Change the family to "bernoulli"', edits: setKey(context, 'family', '"bernoulli"') },
    ]);
  }
  for (const part of RESPONSE_PARTS) {
    const takers = families()
      .filter((f) => f.parts.includes(part))
      .map((f) => f.name);
    if (response[part] === null || takers.includes(family)) continue;
    const message = `${quote(part)} belongs to the family ${takers.map(quote).join(' or ')}, not to ${quote(family)}; remove it, or change the family.`;
    yield problemOf('HM211', 'error', message, locate(['response', part], 'key'), [
      { title: `Remove ${quote(part)}`, edits: removeAt(context, ['response', part]), preferred: true },
      ...takers.map((f) => ({ title: `Change the family to ${quote(f)}`, edits: setKey(context, 'family', quote(f)) })),
    ]);
  }
  if (response.levels !== null && texts === undefined) {
    const message = `"levels" of the response belong to the family "bernoulli", not to ${quote(family)}; remove them, or change the family.`;
    yield problemOf('HM211', 'error', message, locate(['response', 'levels'], 'key'), [
      { title: 'Change the family to "bernoulli"', edits: setKey(context, 'family', '"bernoulli"'), preferred: true },
      { title: 'Remove "levels"', edits: removeAt(context, ['response', 'levels']) },
    ]);
  }
  if (response.transform !== 'none' && !measured) {
    const message = `The family ${quote(family)} is about the response as it is, not transformed by ${quote(response.transform)}; remove "transform".`;
    yield problemOf('HM211', 'error', message, locate(['response', 'transform']), [
      { title: 'Remove "transform"', edits: removeAt(context, ['response', 'transform']), preferred: true },
    ]);
  }
};
