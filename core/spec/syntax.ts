/** What is wrong with a text that is not JSON, said for people, with fixes where one mends the whole text. */
import { createScanner, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Fix, Problem, TextEdit, TextRange } from './problem.ts';

/** Faults after the first few follow from them. */
const MOST = 5;
/** A parser has one for nearly every word of a text that is no JSON. */
const MOST_LOOKED = 500;
const CONSEQUENCES: ReadonlySet<string> = new Set(['ValueExpected', 'PropertyNameExpected', 'ColonExpected', 'CommaExpected']);

// Values of jsonc-parser's `const enum SyntaxKind`, which isolated modules cannot read.
export const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, EOF] = [1, 2, 3, 4, 17];

const MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'This is no JSON value; write text in double quotes, or a number, true, false, an object or a list.',
  InvalidNumberFormat: 'This is not a number as JSON writes them; write one such as 4, -0.5 or 1e3.',
  PropertyNameExpected: 'A key in double quotes is expected here; write one, or remove the comma before.',
  ValueExpected: 'A value is missing here; write text in double quotes, a number, true, false, an object or a list.',
  ColonExpected: 'A colon and a value are missing after the key; write them.',
  CommaExpected: 'A comma is missing before this; write one.',
  CloseBraceExpected: 'An object is not closed; write "}" here.',
  CloseBracketExpected: 'The list is not closed; write "]" here.',
  EndOfFileExpected: 'The spec has ended here; remove what follows.',
  InvalidCommentToken: 'This is no comment; comments are // to the end of the line, or /* … */.',
  UnexpectedEndOfComment: 'The comment is not closed; end it with "*/".',
  UnexpectedEndOfString: 'The text is not closed; end it with a double quote on the same line.',
  UnexpectedEndOfNumber: 'The number is not complete; write its digits.',
  InvalidUnicode: 'The escape is not complete; \\u takes four hexadecimal digits.',
  InvalidEscapeCharacter: 'There is no such escape; a backslash is written \\\\.',
  InvalidCharacter: 'A control character is not allowed in text; write it as an escape such as \\t or \\n.',
};

export function syntaxProblems(text: string, all: readonly ParseError[]): readonly Problem[] {
  // Of a text that is something else entirely, the first faults and the last say enough.
  const looked = all.length > MOST_LOOKED ? [...all.slice(0, MOST_LOOKED), ...all.slice(-2)] : all;
  const named = looked.map((error) => ({ error, name: printParseErrorCode(error.error) }));
  // Where a comma is missing before a bracket, that bracket closes another than the open one, or none.
  const closers = new Set(
    named.filter(({ name, error }) => name === 'CommaExpected' && /[}\]]/.test(text[error.offset] ?? '')).map((n) => n.error.offset),
  );
  const unclosed = named.some(({ name }) => name === 'CloseBracketExpected' || name === 'CloseBraceExpected');
  let afterSymbol = false;
  const chosen = named.filter(({ name, error }) => {
    // What a parser misses after a word that it does not know is a consequence of that word.
    if (!CONSEQUENCES.has(name)) afterSymbol = name === 'InvalidSymbol';
    else if (afterSymbol) return false;
    const closer = (name === 'CommaExpected' || name === 'ValueExpected') && closers.has(error.offset);
    return !closer || (!unclosed && name === 'CommaExpected');
  });
  // Whatever is left out, a text that is not JSON has a problem.
  const told = chosen.length > 0 ? chosen : named.slice(0, 1);
  const errors = told.filter(({ error }, i) => i === 0 || error.offset !== told[i - 1].error.offset).slice(0, MOST);
  const missing = missingClosers(text);
  const rewritten = all.length <= MOST_LOOKED ? asJson(text, all) : [];
  return errors.map(({ error, name }) => {
    const at = { start: error.offset, end: error.offset };
    const candidates: Fix[] = [];
    if (name === 'CommaExpected') candidates.push({ title: 'Insert a comma', edits: [{ ...at, text: ', ' }] });
    if (name === 'ColonExpected') candidates.push({ title: 'Insert a colon', edits: [{ ...at, text: ': ' }] });
    const closer = name === 'CloseBracketExpected' ? ']' : name === 'CloseBraceExpected' ? '}' : undefined;
    if (closer !== undefined) {
      for (const start of [...closers].slice(0, MOST))
        candidates.push({ title: `Insert "${closer}"`, edits: [{ start, end: start, text: closer }] });
    }
    if (name === 'InvalidSymbol') candidates.push({ title: 'Write it as JSON', edits: rewritten });
    if (name === 'EndOfFileExpected') {
      candidates.push({ title: 'Remove what follows the spec', edits: [{ start: error.offset, end: text.length, text: '' }] });
    }
    if ((name === 'CloseBraceExpected' || name === 'CloseBracketExpected') && missing !== '') {
      const start = text.trimEnd().length;
      candidates.push({ title: `Close what is open: ${missing}`, edits: [{ start, end: text.length, text: missing }] });
    }
    const surplus = name === 'CommaExpected' && closers.has(error.offset);
    if (surplus) candidates.push({ title: 'Remove it', edits: [{ start: error.offset, end: error.offset + 1, text: '' }] });
    const fixes = candidates.filter((fix) => mends(text, fix));
    const message = surplus ? 'This bracket closes nothing that is open; remove it.' : (MESSAGES[name] ?? 'This is not JSON; mend it.');
    return syntaxProblem(message, visibleRange(text, error), fixes);
  });
}

/** Whether a fix makes a text JSON. */
function mends(text: string, { edits }: Fix): boolean {
  if (edits.length === 0) return false;
  const errors: ParseError[] = [];
  const fixed = [...edits].reverse().reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);
  parseTree(fixed, errors, { allowTrailingComma: true });
  return errors.length === 0;
}

const WORDS: Readonly<Record<string, string>> = { true: 'true', false: 'false', none: 'null', null: 'null', undefined: 'null' };

/** Edits, in order, that write words as JSON does: 'text' and bare names in double quotes, True as true, +4 as 4. */
function asJson(text: string, errors: readonly ParseError[]): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let done = 0;
  for (const { error, offset, length } of errors) {
    if (printParseErrorCode(error) !== 'InvalidSymbol' || offset < done) continue;
    const word = text.slice(offset, offset + length);
    const single = word.startsWith("'") ? /^'([^'\n\\]*)'/.exec(text.slice(offset, offset + LONGEST_TEXT)) : null;
    const number = /^\+?(\d+(\.\d+)?|(\.\d+))$/.exec(word);
    const known = Object.hasOwn(WORDS, word.toLowerCase()) ? WORDS[word.toLowerCase()] : null;
    if (/^[+-]?(nan|inf|infinity)$/i.test(word)) return [];
    const written = single ? JSON.stringify(single[1]) : number ? `${number[3] ? '0' : ''}${number[1]}` : (known ?? JSON.stringify(word));
    done = offset + (single ? single[0].length : length);
    edits.push({ start: offset, end: done, text: written });
  }
  return edits;
}

/** Names in single quotes are looked at no further than this. */
const LONGEST_TEXT = 1000;

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
  if (e.length > 0 && e.offset < text.length) return { start: e.offset, end: Math.min(text.length, e.offset + e.length) };
  const end = Math.max(1, text.slice(0, e.offset + 1).trimEnd().length);
  return { start: end - 1, end };
}

export function syntaxProblem(message: string, range: TextRange, fixes: readonly Fix[] = []): Problem {
  return { code: 'HM001', severity: 'error', message, range, fixes };
}
