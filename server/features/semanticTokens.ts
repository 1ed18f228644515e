import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver/node';
import { itemsOf, membersOf, type Node, nodeAt } from '../../core/spec/json.ts';
import type { FeatureContext } from '../context.ts';

/** What is masked reads like a comment: it is there, and does nothing. */
export const LEGEND: SemanticTokensLegend = { tokenTypes: ['comment'], tokenModifiers: [] };

/** Dims the masked cells, and values of predictions that are masked for their group. */
export function semanticTokens({ document, parsed, data }: FeatureContext): SemanticTokens {
  const dim: Node[] = [];
  for (const { value } of membersOf(nodeAt(parsed.tree, ['mask']))) {
    const cells = [...itemsOf(value), ...membersOf(value).map((m) => m.value)];
    for (const cell of cells) if (cell?.type === 'number' && cell.value === 0) dim.push(cell);
  }
  if (data !== null) {
    const k = data.spec.covariates.length;
    for (const prediction of itemsOf(nodeAt(parsed.tree, ['predictions']))) {
      const g = data.groups.indexOf(String(nodeAt(prediction, ['group'])?.value));
      for (const m of membersOf(nodeAt(prediction, ['at']))) {
        const p = data.spec.covariates.findIndex((c) => c.name === m.key);
        if (g >= 0 && p >= 0 && data.mask[g * k + p] === 0) dim.push(m.keyNode, ...(m.value === undefined ? [] : [m.value]));
      }
    }
  }
  const builder = new SemanticTokensBuilder();
  for (const node of dim.sort((a, b) => a.offset - b.offset)) {
    const { line, character } = document.positionAt(node.offset);
    builder.push(line, character, node.length, 0, 0);
  }
  return builder.build();
}
