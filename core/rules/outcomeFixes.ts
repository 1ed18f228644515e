import type { ColumnProfile } from '../data/profile.ts';
import { usualOutcomes } from '../design/outcome.ts';
import { familyOf } from '../families/index.ts';
import { additionAt } from '../spec/edits.ts';
import { nodeAt } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import type { Fix, TextEdit } from '../spec/problem.ts';
import { type SpecContext, setKey } from './rule.ts';

/** The two texts of a column that a Bernoulli response could have, in alphabetical order as R takes them; `null` when it has not two. */
export function twoTexts(column: ColumnProfile): readonly [string, string] | null {
  if (column.kind !== 'text' || column.distinct !== 2 || column.levels.length !== 2) return null;
  const [a, b] = [...column.levels].sort();
  return [a, b];
}

/** What makes a response of two texts a Bernoulli response: a usual pair needs the family only, other texts `levels` in either order. `null` for other columns. */
export function adviceOnTexts(
  context: SpecContext,
  column: ColumnProfile,
): { readonly advice: string; readonly fixes: readonly Fix[] } | null {
  const family = familyOf(context.spec.family).texts === 'two' ? [] : setKey(context, 'family', '"bernoulli"');
  if (family.length > 0 && usualOutcomes(column) !== null)
    return {
      advice: 'the family "bernoulli" takes it as it is',
      fixes: [{ title: 'Change the family to "bernoulli"', edits: family, preferred: true }],
    };
  const texts = twoTexts(column);
  if (texts === null) return null;
  const fixes = [texts, [...texts].reverse()].map((levels, i) => ({
    title: `Take ${quote(levels[1])} for 1 and ${quote(levels[0])} for 0`,
    edits: [...setLevels(context, levels), ...family],
    preferred: i === 0,
  }));
  return { advice: 'for the family "bernoulli", give the response "levels", failure first', fixes };
}

function setLevels(context: SpecContext, levels: readonly string[]): readonly TextEdit[] {
  const { spec, tree, locate } = context;
  const list = `[${levels.map((level) => JSON.stringify(level)).join(', ')}]`;
  if (nodeAt(tree, ['response'])?.type === 'object') return additionAt(context, ['response'], [['levels', list]]);
  return [{ ...locate(['response']), text: `{ "column": ${JSON.stringify(spec.response.column)}, "levels": ${list} }` }];
}
