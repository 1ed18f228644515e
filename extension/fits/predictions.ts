/** Writes a what-if scenario into a spec's `predictions`. Pure: text and scenario in, edits out. */
import { type Edit, type Node, stripComments } from 'jsonc-parser';
import { memberOf, readJson } from '../../core/spec/json.ts';
import type { Scenario } from '../../protocol/views.ts';

/**
 * The edits that append `scenario` to the `predictions` of the spec `text`; a missing list is made.
 * Nothing else changes, comments included. Offsets are UTF-16 in `text`; edits do not overlap.
 * @throws Error when the text is no object, or `predictions` is there but no list.
 */
export function addPrediction(text: string, scenario: Scenario): readonly Edit[] {
  const { tree: root } = readJson(text);
  if (root?.type !== 'object') throw new Error('The spec is not an object, so no prediction can be added to it.');
  const list = memberOf(root, 'predictions')?.value;
  if (list && list.type !== 'array') throw new Error('"predictions" is not a list, so no prediction can be added to it.');
  const item = prediction(scenario);
  if (list) return append(text, list, () => item);
  return append(text, root, (indent, eol) => `"predictions": [${eol}${indent}${indent}${item}${eol}${indent}]`);
}

/** One line, as the examples write them. */
function prediction({ name, group, at }: Scenario): string {
  const values = at.map(([covariate, value]) => `${JSON.stringify(covariate)}: ${JSON.stringify(value)}`);
  const fields = [
    ...(name === null ? [] : [`"name": ${JSON.stringify(name)}`]),
    `"group": ${JSON.stringify(group)}`,
    `"at": {${values.length > 0 ? ` ${values.join(', ')} ` : ''}}`,
  ];
  return `{ ${fields.join(', ')} }`;
}

/**
 * Appends to an object or a list: on a line of its own when the container's end has one, else before the end.
 * @param write The new child, from one step of indentation and the line end of the text.
 */
function append(text: string, container: Node, write: (indent: string, eol: string) => string): readonly Edit[] {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const step = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  const close = container.offset + container.length - 1;
  const last = container.children?.at(-1);
  const comma: Edit[] = last && !hasComma(text, last.offset + last.length, close) ? [insert(last.offset + last.length, ',')] : [];
  const child = write(step, eol);

  const line = text.lastIndexOf('\n', close - 1) + 1;
  const outer = text.slice(line, close);
  if (line > container.offset && outer.trim() === '') return [...comma, insert(line, `${outer}${step}${child}${eol}`)];
  if (last) return [insert(last.offset + last.length, `, ${child}`)];
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', container.offset) + 1))![0];
  const content = `${eol}${indent}${step}${child}${eol}${indent}`;
  return [{ offset: container.offset + 1, length: close - container.offset - 1, content }];
}

const insert = (offset: number, content: string): Edit => ({ offset, length: 0, content });

/** Whether a trailing comma stands between a container's last child and its end. */
const hasComma = (text: string, from: number, to: number): boolean => stripComments(text, ' ').slice(from, to).includes(',');
