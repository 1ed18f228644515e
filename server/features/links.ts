import type { DocumentLink } from 'vscode-languageserver/node';
import { filePath } from '../../core/rules/dataFault.ts';
import { type FeatureContext, toRange } from '../context.ts';
import { dataUri } from './dataFile.ts';

/** The data files, where they lie where a spec may reach them; a pattern leads to none. */
export function documentLinks(context: FeatureContext): DocumentLink[] {
  const { spec } = context;
  if (spec === null || spec.spec.data.kind !== 'file') return [];
  const { file, files } = spec.spec.data;
  return (files ?? [file]).flatMap((name) => {
    const target = files !== undefined && /[*?]/.test(name) ? null : dataUri(context, name);
    if (target === null) return [];
    const { start, end } = spec.locate(filePath(spec, name));
    return [{ range: toRange(context, { start: start + 1, end: end - 1 }), target, tooltip: 'Open the data' }];
  });
}
