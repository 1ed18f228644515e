import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver/node';
import { itemsOf, membersOf, type Node, nodeAt, rangeOf } from '../../core/spec/json.ts';
import { upright } from '../../core/spec/text.ts';
import { type FeatureContext, toRange } from '../context.ts';

/** The spec's outline: its keys, with the groups, covariates, priors and predictions below theirs. */
export function documentSymbols(context: FeatureContext): DocumentSymbol[] {
  return membersOf(context.parsed.tree).map((m) => {
    const children = childrenOf(context, m.key, m.value);
    return {
      name: m.key === '' ? '""' : upright(m.key),
      detail: upright(detailOf(m.value)),
      kind: children.length > 0 ? SymbolKind.Namespace : SymbolKind.Property,
      range: toRange(context, rangeOf(m.node)),
      selectionRange: toRange(context, rangeOf(m.keyNode)),
      children,
    };
  });
}

function childrenOf(context: FeatureContext, key: string, value: Node | undefined): DocumentSymbol[] {
  const symbol = (name: string, detail: string, kind: SymbolKind, node: Node, selection: Node): DocumentSymbol => ({
    name: upright(name.trim() === '' ? JSON.stringify(name) : name),
    detail: upright(detail),
    kind,
    range: toRange(context, rangeOf(node)),
    selectionRange: toRange(context, rangeOf(selection)),
  });
  const text = (node: Node | undefined) => (node?.type === 'string' ? String(node.value) : '');
  switch (key) {
    case 'covariates':
      return itemsOf(value).map((n) =>
        symbol(text(n) || text(nodeAt(n, ['name'])) || text(nodeAt(n, ['column'])), '', SymbolKind.Variable, n, n),
      );
    case 'predictions':
      return itemsOf(value).map((n, i) =>
        symbol(text(nodeAt(n, ['name'])) || `prediction ${i + 1}`, text(nodeAt(n, ['group'])), SymbolKind.Event, n, n),
      );
    case 'mask':
      return membersOf(value).map((m) => symbol(m.key, compact(context, m.value), SymbolKind.Class, m.node, m.keyNode));
    case 'priors':
    case 'sampler':
    case 'interval':
      return membersOf(value).map((m) => symbol(m.key, detailOf(m.value), SymbolKind.Property, m.node, m.keyNode));
    default:
      return [];
  }
}

const detailOf = (node: Node | undefined): string =>
  node === undefined || node.type === 'object' || node.type === 'array' ? '' : String(node.value).slice(0, 60);

const compact = ({ text }: FeatureContext, node: Node | undefined): string =>
  node?.type === 'array'
    ? text
        .slice(node.offset, node.offset + node.length)
        .replace(/\s+/g, ' ')
        .slice(0, 60)
    : '';
