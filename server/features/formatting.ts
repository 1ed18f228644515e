import { applyEdits, format } from 'jsonc-parser';
import type { FormattingOptions, TextEdit as LspEdit } from 'vscode-languageserver/node';
import { membersOf, type Node, nodeAt } from '../../core/spec/json.ts';
import { parseSpec } from '../../core/spec/parse.ts';
import type { FeatureContext } from '../context.ts';
import { toRange } from '../context.ts';

/** The whole spec indented, its mask rows one a line with their cells under each other. Nothing when it is not JSON. */
export function formatting(context: FeatureContext, options: FormattingOptions): LspEdit[] {
  if (!context.parsed.wellFormed) return [];
  const after = formatText(context.text, options);
  return after === context.text ? [] : [smallest(context, after)];
}

/** Formats a text; formatting it again changes nothing. */
export function formatText(text: string, options: Indentation): string {
  const once = pass(text, options);
  // The library wants a second look at some comments.
  return /\/[/*]/.test(text) ? pass(once, options) : once;
}

interface Indentation {
  readonly tabSize: number;
  readonly insertSpaces: boolean;
}

function pass(text: string, options: Indentation): string {
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  // Lines are kept as they are, unless the whole spec begins on one.
  const { tree } = parseSpec(text);
  const first = tree?.children?.[0];
  const keepLines = tree !== undefined && first !== undefined && text.slice(tree.offset, first.offset).includes('\n');
  const edits = format(text, undefined, {
    tabSize: options.tabSize,
    insertSpaces: options.insertSpaces,
    eol,
    keepLines,
    insertFinalNewline: true,
  });
  // Lists have no blanks inside their brackets; objects do, unless they are empty.
  const tight = edits.map((e) => {
    const [before, after] = [text[e.offset - 1], text[e.offset + e.length]];
    return e.content === ' ' && (before === '[' || after === ']' || (before === '{' && after === '}')) ? { ...e, content: '' } : e;
  });
  const indented = applyEdits(text, tight);
  return alignMask(indented, options.insertSpaces ? ' '.repeat(options.tabSize) : '\t', eol);
}

/** Rewrites the mask's rows; a mask with comments between or within its rows keeps them, row by row. */
function alignMask(text: string, indent: string, eol: string): string {
  const { tree } = parseSpec(text);
  const mask = nodeAt(tree, ['mask']);
  const members = membersOf(mask).filter((m) => m.value !== undefined);
  if (mask === undefined || members.length === 0) return text;
  const source = (n: Node) => text.slice(n.offset, n.offset + n.length);
  const widest = Math.max(...members.map((m) => widthOf(source(m.keyNode))));
  const rows = members.map((m) => {
    const { node, keyNode } = m;
    const value = m.value!;
    const whole = source(value);
    // A comment before the cells keeps the row as it is.
    if (text.slice(keyNode.offset + keyNode.length, value.offset).includes('/')) return { node, text: source(node) };
    const plain = !whole.includes('/*') && !whole.includes('//');
    const cells = value.type === 'array' && plain ? `[${(value.children ?? []).map(source).join(', ')}]` : null;
    const key = source(keyNode);
    return { node, text: `${key}: ${cells === null ? whole : ' '.repeat(widest - widthOf(key)) + cells}` };
  });
  const gaps = rows.slice(1).map((r, i) => text.slice(rows[i].node.offset + rows[i].node.length, r.node.offset));
  const last = rows[rows.length - 1].node;
  const ends = [text.slice(mask.offset + 1, rows[0].node.offset), text.slice(last.offset + last.length, mask.offset + mask.length - 1)];
  const commented = [...gaps, ...ends].some((gap) => gap.includes('/'));
  if (!commented && rows.length > 1) {
    const base = /^\s*/.exec(text.slice(text.lastIndexOf('\n', mask.offset) + 1))![0];
    const inside = rows.map((r) => `${base}${indent}${r.text}`).join(`,${eol}`);
    return `${text.slice(0, mask.offset)}{${eol}${inside}${eol}${base}}${text.slice(mask.offset + mask.length)}`;
  }
  return rows.reduceRight((t, r) => t.slice(0, r.node.offset) + r.text + t.slice(r.node.offset + r.node.length), text);
}

/** About how many columns an editor gives a text: marks that combine take none, wide letters and pictures two. */
function widthOf(text: string): number {
  let width = 0;
  for (const c of text.replace(/\u200d./gu, '')) {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(c)) continue;
    width += WIDE.test(c) ? 2 : 1;
  }
  return width;
}

const WIDE = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60]/u;

/** One edit from the first difference to the last. */
function smallest(context: FeatureContext, after: string): LspEdit {
  const before = context.text;
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let same = 0;
  while (same < before.length - start && same < after.length - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  return { range: toRange(context, { start, end: before.length - same }), newText: after.slice(start, after.length - same) };
}
