/**
 * JSON with comments into a tree that knows its places, never throwing: the depth is bounded before the recursive parser runs,
 * and user keys stay in arrays and Maps.
 */
import { createScanner, type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { Problem, TextRange } from './problem.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, EOF, OPEN_BRACE, OPEN_BRACKET, syntaxProblem, syntaxProblems } from './syntax.ts';

export type { Node };

/** A key or an index a step down the tree. */
export type Path = readonly (string | number)[];

export interface JsonText {
  /** `undefined` when there is nothing to read, or too deep a nesting. */
  readonly tree: Node | undefined;
  readonly problems: readonly Problem[];
}

/** No spec needs more than six levels. */
const DEEPEST = 64;

export function readJson(text: string): JsonText {
  const clean = text.charCodeAt(0) === 0xfeff ? ` ${text.slice(1)}` : text;
  const tooDeep = findTooDeep(clean);
  if (tooDeep !== null) {
    const message = `The spec is nested more than ${DEEPEST} levels deep here; a spec needs six, so remove the surplus brackets.`;
    return { tree: undefined, problems: [syntaxProblem(message, tooDeep)] };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(clean, errors, { allowTrailingComma: true, allowEmptyContent: true });
  if (tree === undefined && errors.length === 0) {
    const message = 'The spec is empty; it must be an object with at least "data" and "response".';
    return { tree, problems: [syntaxProblem(message, { start: 0, end: text.length })] };
  }
  return { tree, problems: syntaxProblems(clean, errors) };
}

/** The property nodes of an object; nodes of half-typed properties lack their value. */
export interface Member {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | undefined;
  readonly node: Node;
}

const membersOfNode = new WeakMap<Node, readonly Member[]>();
const indexOfNode = new WeakMap<Node, ReadonlyMap<string, Member>>();

/** Every property of an object, in order, duplicates too; nothing for other nodes. */
export function membersOf(node: Node | undefined): readonly Member[] {
  if (node?.type !== 'object') return [];
  let found = membersOfNode.get(node);
  if (found === undefined) {
    const members: Member[] = [];
    for (const property of node.children ?? []) {
      const keyNode = property.children?.[0];
      if (keyNode !== undefined) members.push({ key: String(keyNode.value), keyNode, value: property.children?.[1], node: property });
    }
    found = members;
    membersOfNode.set(node, found);
  }
  return found;
}

/** The first property of that name. */
export function memberOf(node: Node | undefined, key: string): Member | undefined {
  if (node?.type !== 'object') return undefined;
  let index = indexOfNode.get(node);
  if (index === undefined) {
    const map = new Map<string, Member>();
    for (const member of membersOf(node)) if (!map.has(member.key)) map.set(member.key, member);
    index = map;
    indexOfNode.set(node, index);
  }
  return index.get(key);
}

export const itemsOf = (node: Node | undefined): readonly Node[] => (node?.type === 'array' ? (node.children ?? []) : []);

/** The value at a path, or `undefined`. */
export function nodeAt(tree: Node | undefined, path: Path): Node | undefined {
  let node = tree;
  for (const step of path) node = typeof step === 'number' ? itemsOf(node)[step] : memberOf(node, step)?.value;
  return node;
}

export const rangeOf = (node: Node): TextRange => ({ start: node.offset, end: node.offset + node.length });

/**
 * Where a path lies in the text. What is not there falls back to the nearest thing that is: the key of its parent, or the
 * opening bracket, so that a squiggle stays small.
 */
export function locateIn(tree: Node | undefined, path: Path, part: 'value' | 'key' = 'value'): TextRange {
  let node = tree;
  let range: TextRange = tree === undefined ? { start: 0, end: 0 } : opening(tree);
  for (const [i, step] of path.entries()) {
    if (node === undefined) return range;
    if (typeof step === 'number') {
      const item: Node | undefined = itemsOf(node)[step];
      if (item === undefined) return range;
      node = item;
      range = opening(item);
      continue;
    }
    const member = memberOf(node, step);
    if (member === undefined) return range;
    range = rangeOf(member.keyNode);
    if (i === path.length - 1 && part === 'key') return range;
    node = member.value;
  }
  return node === undefined ? range : rangeOf(node);
}

/** The first character of an object or array, the whole of a scalar. */
const opening = (node: Node): TextRange =>
  node.type === 'object' || node.type === 'array' ? { start: node.offset, end: node.offset + 1 } : rangeOf(node);

/** The part of the text that holds characters `start` to `end` of a string node's value; escapes are counted for what they are. */
export function rangeInString(text: string, node: Node, start: number, end: number): TextRange {
  const last = node.offset + node.length;
  const starts: number[] = [];
  let at = node.offset + 1;
  while (at < last && text[at] !== '"' && starts.length <= end) {
    starts.push(at);
    if (text[at] !== '\\') at += 1;
    else at += text[at + 1] === 'u' ? 6 : 2;
  }
  starts.push(Math.min(at, last));
  const place = (i: number) => starts[Math.min(i, starts.length - 1)];
  return { start: place(start), end: Math.max(place(start), place(end)) };
}

function findTooDeep(text: string): TextRange | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token = scanner.scan(); token !== EOF; token = scanner.scan()) {
    if (token === OPEN_BRACE || token === OPEN_BRACKET) depth += 1;
    else if (token === CLOSE_BRACE || token === CLOSE_BRACKET) depth -= 1;
    if (depth > DEEPEST) return { start: scanner.getTokenOffset(), end: scanner.getTokenOffset() + 1 };
  }
  return null;
}
