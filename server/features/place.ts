/** What of a spec the cursor is on. */
import { findNodeAtOffset } from 'jsonc-parser';
import { type Member, membersOf, type Node, nodeAt, type Path, rangeInString, rangeOf } from '../../core/spec/json.ts';
import type { TextRange } from '../../core/spec/problem.ts';
import { covariatesAt, tokensOf } from '../../core/spec/products.ts';
import type { FeatureContext } from '../context.ts';

export type Place =
  | { readonly kind: 'file'; readonly range: TextRange }
  /** `covariate`: the product that the column is a factor of. */
  | { readonly kind: 'column'; readonly name: string; readonly range: TextRange; readonly covariate?: number }
  | { readonly kind: 'covariate'; readonly index: number; readonly range: TextRange }
  | { readonly kind: 'group'; readonly name: string; readonly range: TextRange }
  | { readonly kind: 'cell'; readonly group: string; readonly covariate: number; readonly range: TextRange; readonly key: boolean }
  | { readonly kind: 'at'; readonly prediction: number; readonly name: string; readonly range: TextRange; readonly key: boolean }
  | { readonly kind: 'prediction'; readonly index: number; readonly range: TextRange }
  | { readonly kind: 'word'; readonly key: string; readonly value: string; readonly range: TextRange }
  | { readonly kind: 'prior'; readonly path: Path; readonly value: string; readonly range: TextRange }
  | { readonly kind: 'key'; readonly path: Path; readonly range: TextRange };

export function placeAt(context: FeatureContext, offset: number): Place | null {
  const { tree } = context.parsed;
  if (tree === undefined) return null;
  const node = findNodeAtOffset(tree, offset, true);
  if (node === undefined) return null;
  const isKey = node.parent?.type === 'property' && node.parent.children?.[0] === node;
  const path = pathOf(node);
  return classify(context, node, path, isKey, offset);
}

/** Like `getNodePath`, for keys as well: the path of a key is that of its value. */
export function pathOf(node: Node): (string | number)[] {
  const path: (string | number)[] = [];
  for (let n: Node | undefined = node; n?.parent !== undefined; n = n.parent) {
    if (n.parent.type === 'property') path.unshift(String(n.parent.children![0].value));
    else if (n.parent.type === 'array') path.unshift(n.parent.children!.indexOf(n));
    if (n.parent.type === 'property') n = n.parent;
  }
  return path;
}

const COLUMN_KEYS = ['column', 'trials', 'exposure', 'se', 'weights'];
const WORD_KEYS = ['family', 'pooling', 'transform', 'missing', 'method', 'kind', 'decimal', 'encoding'];

function classify(context: FeatureContext, node: Node, path: Path, isKey: boolean, offset: number): Place | null {
  const range = rangeOf(node);
  const [top, second, third, fourth] = path;
  const last = path.at(-1);
  const text = node.type === 'string' && !isKey ? (node.value as string) : null;
  if (top === 'mask' && typeof second === 'string') {
    if (path.length === 2) return isKey ? { kind: 'group', name: second, range } : null;
    const covariate = typeof third === 'number' ? covariateOfEntry(context, node, third) : covariateNamed(context, String(third));
    return path.length === 3 ? { kind: 'cell', group: second, covariate, range, key: isKey } : null;
  }
  if (top === 'predictions' && typeof second === 'number') {
    if (third === 'group' && text !== null) return { kind: 'group', name: text, range };
    if (third === 'at' && typeof fourth === 'string') return { kind: 'at', prediction: second, name: fourth, range, key: isKey };
    return isKey ? { kind: 'key', path, range } : { kind: 'prediction', index: second, range };
  }
  if (isKey && top === 'data' && second === 'dates' && typeof third === 'string') return { kind: 'column', name: third, range };
  if (isKey) return { kind: 'key', path, range };
  // What a number or a word without quotes is of; its key says so.
  if (text === null) return typeof node.value === 'number' || typeof node.value === 'boolean' ? { kind: 'key', path, range } : null;
  if (isWhere(path)) return columnInWhere(context, node, text, offset);
  if (top === 'data' && (path.length === 1 || second === 'file' || second === 'files')) return { kind: 'file', range };
  if (top === 'data' && second === 'dates') return { kind: 'word', key: 'dates', value: text, range };
  if (top === 'group') return { kind: 'column', name: text, range };
  if (top === 'response' && (path.length === 1 || COLUMN_KEYS.includes(String(second)))) return { kind: 'column', name: text, range };
  if (top === 'covariates' && typeof second === 'number' && (path.length === 2 || third === 'column' || third === 'name')) {
    return factorAt(context, node, second, text, offset) ?? { kind: 'covariate', index: covariateAt(context, second), range };
  }
  if (isPriorPath(path)) return { kind: 'prior', path, value: text, range };
  if (WORD_KEYS.includes(String(last))) return { kind: 'word', key: String(last), value: text, range };
  return top === 'data' && second !== 'trino' ? { kind: 'key', path: path.slice(0, 2), range } : null;
}

/** The SQL condition over the data. */
export const isWhere = (path: Path): boolean => path[0] === 'data' && path.at(-1) === 'where';

export const isPriorPath = (path: Path): boolean =>
  (path[0] === 'priors' && (path.length === 2 || (path.length === 3 && path[2] === 'prior'))) ||
  (path[0] === 'intercept' && path.length === 2 && (path[1] === 'prior' || path[1] === 'sd')) ||
  (path[0] === 'covariates' && path.length === 3 && (path[2] === 'prior' || path[2] === 'sd'));

/** The column that a word of the condition names. */
function columnInWhere({ text, profile }: FeatureContext, node: Node, where: string, offset: number): Place | null {
  for (const { 0: word, index } of where.slice(0, LONGEST_WHERE).matchAll(/"(?:[^"]|"")+"|\w+/g)) {
    const range = rangeInString(text, node, index, index + word.length);
    if (offset < range.start || offset > range.end) continue;
    const name = word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word;
    const column =
      profile?.columns.find((c) => c.name === name) ?? profile?.columns.find((c) => c.name.toLowerCase() === name.toLowerCase());
    return column === undefined ? null : { kind: 'column', name: column.name, range };
  }
  return null;
}

const LONGEST_WHERE = 10_000;

/** Within a product such as `a:b`, the column under the cursor. */
function factorAt(context: FeatureContext, node: Node, item: number, text: string, offset: number): Place | null {
  const index = covariateAt(context, item);
  const covariate = context.spec?.spec.covariates[index];
  if (covariate === undefined || covariate.parts.length === 1 || text !== covariate.written) return null;
  for (const token of tokensOf(text)) {
    const range = rangeInString(context.text, node, token.from, token.from + token.text.length);
    if (offset > range.end) continue;
    return { kind: 'column', name: covariate.columns[covariate.parts.indexOf(token.text)] ?? token.text, range, covariate: index };
  }
  return null;
}

/** Index into the spec's covariates of an item of the list, of its product where it stands for several; −1 for one that could not be read. */
const covariateAt = (context: FeatureContext, item: number): number =>
  context.spec?.spec.covariates.findLastIndex((c) => c.item === item) ?? -1;

/** Of an entry of a mask row; of its product where it is for several. */
function covariateOfEntry({ spec }: FeatureContext, cell: Node, entry: number): number {
  const covariates = spec?.spec.covariates ?? [];
  return covariatesAt(covariates, cell.parent?.children?.length ?? 0, entry).at(-1) ?? entry;
}

/** Of that name, or of the text column whose indicator it is; −1 when there is none. */
export function covariateNamed(context: FeatureContext, name: string): number {
  const covariates = context.spec?.spec.covariates ?? [];
  const exact = covariates.findIndex((c) => c.name === name);
  return exact >= 0 || !name.endsWith(']') ? exact : covariates.findIndex((c) => c.columns.length === 1 && name.startsWith(`${c.name}[`));
}

/** Every mention of a group: mask rows and predictions. */
export function groupMentions({ parsed }: FeatureContext, group: string): readonly { range: TextRange; definition: boolean }[] {
  const rows = membersOf(nodeAt(parsed.tree, ['mask'])).filter((m) => m.key === group);
  const predictions = (nodeAt(parsed.tree, ['predictions'])?.children ?? []).flatMap((p) => {
    const node = nodeAt(p, ['group']);
    return node?.value === group ? [node] : [];
  });
  return [
    ...rows.map((m) => ({ range: rangeOf(m.keyNode), definition: true })),
    ...predictions.map((n) => ({ range: rangeOf(n), definition: false })),
  ];
}

/** Every mention of a covariate: its item, mask rows that name it, predictions. */
export function covariateMentions(context: FeatureContext, index: number): readonly CovariateMention[] {
  const covariate = context.spec?.spec.covariates[index];
  const { tree } = context.parsed;
  if (covariate === undefined) return [];
  const mentions: CovariateMention[] = [];
  for (const item of nodeAt(tree, ['covariates'])?.children ?? []) {
    const named = nodeAt(item, ['name']);
    const node = item.type === 'string' ? item : (named ?? nodeAt(item, ['column']));
    if (node?.value !== covariate.name) continue;
    const form = item.type === 'string' ? 'item' : named === undefined ? 'column' : 'name';
    mentions.push({ range: rangeOf(node), definition: true, form, value: undefined });
  }
  const add = (m: Member, form: 'name' | 'factor') => mentions.push({ range: rangeOf(m.keyNode), definition: false, form, value: m.value });
  for (const { value } of membersOf(nodeAt(tree, ['mask']))) {
    for (const m of membersOf(value)) if (m.key === covariate.name) add(m, 'name');
  }
  // A product takes the value of the same key by the column's name.
  const shared = context.spec!.spec.covariates.some((c) => c.columns.length > 1 && c.columns.includes(covariate.name));
  for (const prediction of nodeAt(tree, ['predictions'])?.children ?? []) {
    for (const m of membersOf(nodeAt(prediction, ['at']))) {
      if (m.key === covariate.name) add(m, shared ? 'factor' : 'name');
      else if (m.key.endsWith(']') && covariateNamed(context, m.key) === index) {
        const range = rangeInString(context.text, m.keyNode, 0, covariate.name.length);
        mentions.push({ range, definition: false, form: 'part', value: undefined });
      }
    }
  }
  return mentions;
}

/**
 * How a covariate is mentioned: as a bare item of the list, as the column of an object without a name, by its name, by a name that is
 * also a column that a product reads, or as the first part of an indicator's name.
 */
export interface CovariateMention {
  readonly range: TextRange;
  readonly definition: boolean;
  readonly form: 'item' | 'column' | 'name' | 'factor' | 'part';
  readonly value: Node | undefined;
}
