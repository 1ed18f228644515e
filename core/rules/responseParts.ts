import { nodeAt } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { Family } from '../spec/types.ts';
import { problemOf, removeAt, type SpecRule, setKey } from './rule.ts';

const FAMILIES_OF = {
  trials: ['binomial'],
  exposure: ['poisson', 'negative_binomial'],
  se: ['gaussian', 'student_t'],
} as const satisfies Record<string, readonly Family[]>;

/** HM211: parts of the response that its family lacks or has no use for. */
export const responseParts: SpecRule = function* (context) {
  const { spec, tree, unread, locate } = context;
  const { family, response } = spec;
  if (unread.has('family')) return;
  if (family === 'binomial' && response.trials === null && nodeAt(tree, ['response', 'trials']) === undefined) {
    const message =
      'The family "binomial" needs the number of trials; write the response as { "column": …, "trials": a column or a number }.';
    const column = nodeAt(tree, ['response'])?.type === 'object' ? ['response', 'column'] : ['response'];
    yield problemOf('HM211', 'error', message, locate(column), [
      { title: 'Change the family to "bernoulli"', edits: setKey(context, 'family', '"bernoulli"') },
    ]);
  }
  for (const part of ['trials', 'exposure', 'se'] as const) {
    const families: readonly Family[] = FAMILIES_OF[part];
    if (response[part] === null || families.includes(family)) continue;
    const message = `${quote(part)} belongs to the family ${families.map(quote).join(' or ')}, not to ${quote(family)}; remove it, or change the family.`;
    yield problemOf('HM211', 'error', message, locate(['response', part], 'key'), [
      { title: `Remove ${quote(part)}`, edits: removeAt(context, ['response', part]), preferred: true },
      ...families.map((f) => ({ title: `Change the family to ${quote(f)}`, edits: setKey(context, 'family', quote(f)) })),
    ]);
  }
  if (response.levels !== null && family !== 'bernoulli') {
    const message = `"levels" of the response belong to the family "bernoulli", not to ${quote(family)}; remove them, or change the family.`;
    yield problemOf('HM211', 'error', message, locate(['response', 'levels'], 'key'), [
      { title: 'Change the family to "bernoulli"', edits: setKey(context, 'family', '"bernoulli"'), preferred: true },
      { title: 'Remove "levels"', edits: removeAt(context, ['response', 'levels']) },
    ]);
  }
  const linear: readonly Family[] = ['gaussian', 'student_t'];
  if (response.transform !== 'none' && !linear.includes(family)) {
    const message = `The family ${quote(family)} is about the response as it is, not transformed by ${quote(response.transform)}; remove "transform".`;
    yield problemOf('HM211', 'error', message, locate(['response', 'transform']), [
      { title: 'Remove "transform"', edits: removeAt(context, ['response', 'transform']), preferred: true },
    ]);
  }
};
