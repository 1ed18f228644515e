/** What the readers of a spec's objects have in common. */
import type { Node } from './json.ts';
import type { Fix } from './problem.ts';
import type { Reader } from './reader.ts';

/** Adds a property before all others of an object. */
export function addFirst(node: Node, key: string, value: string): Fix {
  const at = node.offset + 1;
  const children = node.children ?? [];
  const text = ` ${JSON.stringify(key)}: ${value}${children.length > 0 ? ',' : ' '}`;
  return { title: `Add "${key}": ${value}`, edits: [{ start: at, end: children.length > 0 ? at : node.offset + node.length - 1, text }] };
}

/** The text of a key; `null` when it is not there, or no text. */
export function textOf(reader: Reader, keys: ReadonlyMap<string, Node>, key: string, what?: string): string | null {
  const node = keys.get(key);
  return node === undefined ? null : reader.string(node, key, what);
}

/** The word of a key, out of a closed set. */
export function choiceOf<T extends string>(reader: Reader, keys: ReadonlyMap<string, Node>, key: string, choices: readonly T[]): T | null {
  const node = keys.get(key);
  return node === undefined ? null : reader.choice(node, key, choices);
}
