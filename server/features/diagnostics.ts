import { type Diagnostic, type DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver/node';
import type { Problem, Severity } from '../../core/spec/problem.ts';
import { upright } from '../../core/spec/text.ts';
import { type FeatureContext, toRange } from '../context.ts';
import { dataUri } from './dataFile.ts';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What has no effect is shown faded. */
const UNNECESSARY: ReadonlySet<string> = new Set(['HM607', 'HM803']);

/** The problems as the editor squiggles them; `docs` is the folder of the rules' pages. */
export function diagnose(context: FeatureContext, docs: string | null): Diagnostic[] {
  return context.checked.problems.map((p) => ({
    range: toRange(context, p.range),
    severity: SEVERITIES[p.severity],
    code: p.code,
    ...(docs === null ? {} : { codeDescription: { href: `${docs.replace(/\/$/, '')}/${p.code}.md` } }),
    source: 'hmask',
    ...(UNNECESSARY.has(p.code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    message: upright(p.message),
    ...related(context, p),
  }));
}

/** A fault in the data leads there. */
function related(context: FeatureContext, { data }: Problem): { relatedInformation?: DiagnosticRelatedInformation[] } {
  const uri = data === undefined ? null : dataUri(context, data.file);
  if (data === undefined || uri === null) return {};
  // The cell's column is a number of cells, not of characters, so the line is what can be pointed at.
  const start = { line: data.line - 1, character: 0 };
  return { relatedInformation: [{ location: { uri, range: { start, end: start } }, message: `line ${data.line} of the data` }] };
}
