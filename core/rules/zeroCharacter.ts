import { rangeOf } from '../spec/json.ts';
import { quote } from '../spec/nearest.ts';
import { problemOf, type SpecRule } from './rule.ts';

/** HM003: a zero character in a name or a text: no data can hold one, and what reads them ends there. */
export const zeroCharacter: SpecRule = function* ({ tree, text }) {
  if (!/\\u0000|\0/.test(text)) return;
  const nodes = [tree];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    nodes.push(...(node.children ?? []));
    const value = String(node.value);
    if (node.type !== 'string' || !value.includes('\0')) continue;
    const range = rangeOf(node);
    const fix = { title: 'Remove the zero character', edits: [{ ...range, text: JSON.stringify(value.replaceAll('\0', '')) }] };
    yield problemOf('HM003', 'error', `${quote(value)} holds a zero character, which no data can hold; remove it.`, range, [fix]);
  }
};
