import type { CodeLens } from 'vscode-languageserver/node';
import { nodeAt } from '../../core/spec/json.ts';
import { LENS_COMMANDS } from '../../protocol/server.ts';
import { type FeatureContext, toRange } from '../context.ts';

/** Fit · Check priors · Open results at the top, Predictions at the predictions. */
export function codeLenses(context: FeatureContext): CodeLens[] {
  const { tree, locate } = context.parsed;
  if (tree?.type !== 'object') return [];
  const argument = [context.document.uri];
  const top = toRange(context, { start: tree.offset, end: tree.offset + 1 });
  const lenses: CodeLens[] = [
    { range: top, command: { title: '$(play) Fit', command: LENS_COMMANDS.fit, arguments: argument } },
    { range: top, command: { title: 'Check priors', command: LENS_COMMANDS.checkPriors, arguments: argument } },
    { range: top, command: { title: 'Open results', command: LENS_COMMANDS.openResults, arguments: argument } },
  ];
  if (nodeAt(tree, ['predictions']) !== undefined) {
    const range = toRange(context, locate(['predictions'], 'key'));
    lenses.push({ range, command: { title: 'Predictions', command: LENS_COMMANDS.openPredictions, arguments: argument } });
  }
  return lenses;
}
