/** A feature's context from a marked text: `|` is the cursor. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseSpec } from '../../../core/spec/parse.ts';
import type { FittedParams } from '../../../protocol/server.ts';
import { type FeatureContext, makeContext } from '../../../server/context.ts';
import { profileOfCsv } from '../../core/rules/profileOfCsv.ts';
import { manufacturingCsv, SPEC } from '../manufacturing.ts';

export const CSV = manufacturingCsv();

export function contextOf(marked: string, csv = CSV, fitted: FittedParams | null = null): { context: FeatureContext; offset: number } {
  const offset = marked.indexOf('|');
  const text = offset < 0 ? marked : marked.slice(0, offset) + marked.slice(offset + 1);
  const document = TextDocument.create('file:///home/ada/spec.hmask.json', 'hmask', 1, text);
  const parsed = parseSpec(text);
  const profile = profileOfCsv(csv, parsed.spec?.group ?? null, 'manufacturing.csv');
  return { context: makeContext({ document, parsed, profile, current: true, fitted, roots: ['/home/ada'] }), offset };
}

/** The example with one part of it replaced; throws when the part is not there, so that no test passes by a typing error. */
export function specWith(from: string, to: string): string {
  if (!SPEC.includes(from)) throw new Error(`${from} is not in the example`);
  return SPEC.replace(from, () => to);
}
