/**
 * JSON with comments into a tree that knows its places, never throwing: the depth is bounded before the recursive parser runs,
 * and user keys stay in arrays and Maps.
 */
import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Fix, Problem, TextRange } from './problem.ts';

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
/** Faults after the first few follow from them. */
const MOST_SYNTAX_PROBLEMS = 5;

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

// Values of jsonc-parser's `const enum SyntaxKind`, which isolated modules cannot read.
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, EOF] = [1, 2, 3, 4, 17];

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'This is no JSON value; write text in double quotes, or a number, true, false, null, an object or an array.',
  InvalidNumberFormat: 'This is not a number as JSON writes them.',
  PropertyNameExpected: 'A key in double quotes is expected here.',
  ValueExpected: 'A value is expected here.',
  ColonExpected: 'A colon is expected between a key and its value.',
  CommaExpected: 'A comma is missing before this.',
  CloseBraceExpected: 'The text ends before an object does; close it with "}".',
  CloseBracketExpected: 'The list is not closed; write "]" here.',
  EndOfFileExpected: 'The spec has ended here; remove what follows.',
  InvalidCommentToken: 'This is no comment; comments are // to the end of the line, or /* … */.',
  UnexpectedEndOfComment: 'The comment is not closed; end it with "*/".',
  UnexpectedEndOfString: 'The text is not closed; end it with a double quote on the same line.',
  UnexpectedEndOfNumber: 'The number is not complete.',
  InvalidUnicode: 'The escape is not complete; \\u takes four hexadecimal digits.',
  InvalidEscapeCharacter: 'There is no such escape; a backslash is written \\\\.',
  InvalidCharacter: 'A control character is not allowed in text; write it as an escape such as \\t or \\n.',
};

function syntaxProblems(text: string, errors: readonly ParseError[]): readonly Problem[] {
  const closers = missingClosers(text);
  return errors.slice(0, MOST_SYNTAX_PROBLEMS).flatMap((e, i) => {
    if (i > 0 && e.offset === errors[i - 1].offset) return [];
    const name = printParseErrorCode(e.error);
    const candidates: Fix[] = [];
    if (name === 'CommaExpected') candidates.push({ title: 'Insert a comma', edits: [{ start: e.offset, end: e.offset, text: ', ' }] });
    if (name === 'ColonExpected') candidates.push({ title: 'Insert a colon', edits: [{ start: e.offset, end: e.offset, text: ': ' }] });
    if (name === 'EndOfFileExpected') {
      candidates.push({ title: 'Remove what follows the spec', edits: [{ start: e.offset, end: text.length, text: '' }] });
    }
    if ((name === 'CloseBraceExpected' || name === 'CloseBracketExpected') && closers !== '') {
      const start = text.trimEnd().length;
      candidates.push({ title: `Close what is open: ${closers}`, edits: [{ start, end: text.length, text: closers }] });
    }
    const fixes = candidates.filter((fix) => mends(text, fix));
    return [syntaxProblem(SYNTAX_MESSAGES[name] ?? 'This is not JSON.', visibleRange(text, e), fixes)];
  });
}

/** Whether a fix of one edit makes a text JSON. */
function mends(text: string, { edits: [{ start, end, text: inserted }] }: Fix): boolean {
  const errors: ParseError[] = [];
  parseTree(text.slice(0, start) + inserted + text.slice(end), errors, { allowTrailingComma: true });
  return errors.length === 0;
}

/** The brackets that are open at the end of the text, as what closes them; empty when brackets do not match. */
function missingClosers(text: string): string {
  const scanner = createScanner(text, true);
  const open: string[] = [];
  for (let token = scanner.scan(); token !== EOF; token = scanner.scan()) {
    if (token === OPEN_BRACE) open.push('}');
    else if (token === OPEN_BRACKET) open.push(']');
    else if (token === CLOSE_BRACE || token === CLOSE_BRACKET) {
      if (open.pop() !== (token === CLOSE_BRACE ? '}' : ']')) return '';
    }
  }
  return open.reverse().join('');
}

/** A range that can be seen: at the end of the text, its last character. */
function visibleRange(text: string, e: ParseError): TextRange {
  if (e.length > 0 && e.offset < text.length) return { start: e.offset, end: e.offset + e.length };
  const end = Math.max(1, text.slice(0, e.offset + 1).trimEnd().length);
  return { start: end - 1, end };
}

function syntaxProblem(message: string, range: TextRange, fixes: readonly Fix[] = []): Problem {
  return { code: 'HM001', severity: 'error', message, range, fixes };
}
