import type { DocumentLink } from 'vscode-languageserver/node';
import { filePath } from '../../core/rules/dataFault.ts';
import { type FeatureContext, toRange } from '../context.ts';
import { dataUri } from './dataFile.ts';

/** The data file, when it lies where a spec may reach it. */
export function documentLinks(context: FeatureContext): DocumentLink[] {
  const target = dataUri(context);
  if (target === null || context.spec === null) return [];
  const { start, end } = context.spec.locate(filePath(context.spec));
  return [{ range: toRange(context, { start: start + 1, end: end - 1 }), target, tooltip: 'Open the data' }];
}
