/** Edits that add to objects and take out of objects and lists, keeping lines, comments, line ends and commas as people write them. */
import { type Node, nodeAt } from './json.ts';
import type { TextEdit } from './problem.ts';

/** No more of what follows a value is looked at. */
const LOOK = 2000;
const COMMENT = '[ \\t]*(?:\\/\\/[^\\r\\n]*|\\/\\*[^\\r\\n]*?\\*\\/)';
/** After a value: its comma, if any; a comment on its line, if any. */
const TAIL = new RegExp(`^([ \\t]*,)?(${COMMENT})?`);
/** A comma behind lines and comments. */
const FAR_COMMA = /^(?:\s|\/\/[^\r\n]*[\r\n]|\/\*[^*]*\*\/)*,/;
const LINE_END = /^[ \t]*(\r?\n|$)/;

/** How the lines of a text end. */
const lineEndOf = (text: string): string => (/\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n');

/** The end of a line and the start of another at a level of the spec, indented as its first key is. */
export function newLine({ text, tree }: { readonly text: string; readonly tree: Node | undefined }, level: number): string {
  const first = tree?.children?.[0];
  const inner = first === undefined || tree === undefined ? '' : text.slice(tree.offset + 1, first.offset);
  return lineEndOf(text) + (/\n([ \t]+)$/.exec(inner)?.[1] ?? '  ').repeat(level);
}

/** The blanks between the start of a value's line and the value: `null` when anything else stands there. */
function indentOf(text: string, offset: number): string | null {
  let start = offset;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  return start === 0 || text[start - 1] === '\n' ? text.slice(start, offset) : null;
}

/** Takes a property or item out of its parent and leaves valid JSON. On lines of its own it goes with them and with their comments. */
export function removalEdits(parent: Node, child: Node, text: string): readonly TextEdit[] {
  const children = parent.children ?? [];
  const i = children.indexOf(child);
  const [previous, next] = [children[i - 1], children[i + 1]];
  const end = child.offset + child.length;
  const rest = text.slice(end, end + LOOK);
  const [tail, comma] = TAIL.exec(rest)!;
  const indent = indentOf(text, child.offset);
  const lineEnd = LINE_END.exec(rest.slice(tail.length));
  if (indent !== null && child.offset - indent.length > parent.offset && lineEnd !== null && (next === undefined || comma !== undefined)) {
    const line = { start: child.offset - indent.length, end: end + tail.length + lineEnd[0].length, text: '' };
    if (next !== undefined || comma !== undefined) return [line];
    if (previous === undefined) return [line, ...commaBehind(text, end).filter((e) => e.start >= line.end)];
    const before = /^\s*,/.exec(text.slice(previous.offset + previous.length, child.offset));
    const at = previous.offset + previous.length;
    if (before !== null) return [{ start: at, end: at + before[0].length, text: '' }, line];
  }
  if (next !== undefined) return [{ start: child.offset, end: next.offset, text: '' }];
  if (previous !== undefined) return [{ start: previous.offset + previous.length, end, text: '' }];
  return [{ start: child.offset, end, text: '' }, ...commaBehind(text, end)];
}

/** The comma behind a value, lines and comments between them passed over. */
function commaBehind(text: string, end: number): readonly TextEdit[] {
  const found = FAR_COMMA.exec(text.slice(end, end + LOOK));
  return found === null ? [] : [{ start: end + found[0].length - 1, end: end + found[0].length, text: '' }];
}

/** Adds properties, last, to an object: on lines of their own where its last one has one, behind that line's comment. */
export function additionEdits(
  object: Node,
  members: readonly (readonly [key: string, value: string])[],
  text: string,
): readonly TextEdit[] {
  if (object.type !== 'object' || members.length === 0) return [];
  const written = members.map(([key, value]) => `${JSON.stringify(key)}: ${value}`);
  const last = (object.children ?? []).at(-1);
  const close = object.offset + object.length - 1;
  if (last === undefined) {
    const empty = text.slice(object.offset + 1, close).trim() === '';
    return empty
      ? [{ start: object.offset + 1, end: close, text: ` ${written.join(', ')} ` }]
      : [{ start: close, end: close, text: `${written.join(', ')}${lineEndOf(text)}` }];
  }
  const end = last.offset + last.length;
  const indent = indentOf(text, last.offset);
  if (indent === null || last.offset - indent.length <= object.offset)
    return [{ start: end, end, text: written.map((m) => `, ${m}`).join('') }];
  const eol = lineEndOf(text);
  const [tail, comma, comment] = TAIL.exec(text.slice(end, Math.min(close, end + LOOK)))!;
  if (comment === undefined) return [{ start: end, end, text: written.map((m) => `,${eol}${indent}${m}`).join('') }];
  const at = end + tail.length;
  const lines = written.map((m) => `${eol}${indent}${m}`).join(',');
  return comma === undefined
    ? [
        { start: end, end, text: ',' },
        { start: at, end: at, text: lines },
      ]
    : [{ start: at, end: at, text: `${lines},` }];
}

/** The same, of the object at a path; none when there is no object. */
export function additionAt(
  { tree, text }: { readonly tree: Node; readonly text: string },
  path: readonly (string | number)[],
  members: readonly (readonly [key: string, value: string])[],
): readonly TextEdit[] {
  const object = nodeAt(tree, path);
  return object === undefined ? [] : additionEdits(object, members, text);
}
